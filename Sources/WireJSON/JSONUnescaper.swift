/// Turns the inside of a JSON string with escapes into UTF-8.
enum JSONUnescaper {
    /// Writes the decoded bytes of `raw` (well-formed UTF-8 without the quotes) into `output`, which must have room for
    /// `raw.count` bytes, and returns how many were written. A surrogate escape without its partner becomes U+FFFD. On a
    /// malformed escape sets `invalidEscape` to the offset of its backslash and stops.
    static func decode(
        _ raw: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>, invalidEscape: inout Int?
    ) -> Int {
        var read = 0
        var written = 0
        while read < raw.count {
            let byte = raw[read]
            guard byte == UInt8(ascii: "\\") else {
                output[written] = byte
                written += 1
                read += 1
                continue
            }
            guard read + 1 < raw.count else {
                invalidEscape = read
                return written
            }
            if raw[read + 1] == UInt8(ascii: "u") {
                guard let (scalar, length) = scalar(at: read, in: raw) else {
                    invalidEscape = read
                    return written
                }
                for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                    output[written] = unit
                    written += 1
                }
                read += length
            } else if let plain = single(raw[read + 1]) {
                output[written] = plain
                written += 1
                read += 2
            } else {
                invalidEscape = read
                return written
            }
        }
        return written
    }

    /// What a one-letter escape stands for.
    static func single(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// The scalar of the `\u` escape at `index` and the length of its spelling (6, or 12 for a surrogate pair).
    static func scalar(at index: Int, in raw: UnsafeBufferPointer<UInt8>) -> (Unicode.Scalar, Int)? {
        guard let first = unit(at: index, in: raw) else { return nil }
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        if first < 0xDC00, let second = unit(at: index + 6, in: raw), second >= 0xDC00, second <= 0xDFFF {
            let value = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            if let scalar = Unicode.Scalar(value) { return (scalar, 12) }
        }
        return ("\u{FFFD}", 6)
    }

    private static func unit(at index: Int, in raw: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard index + 6 <= raw.count, raw[index] == UInt8(ascii: "\\"), raw[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var value: UInt32 = 0
        for offset in 2..<6 {
            guard let digit = hexDigit(raw[index + offset]) else { return nil }
            value = value << 4 | digit
        }
        return value
    }

    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
