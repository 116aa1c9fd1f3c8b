/// UTF-8 validation that knows where the first bad byte is.
enum JSONUTF8 {
    /// Offset of the first byte that does not belong to well-formed UTF-8 (no overlong forms, no surrogates, nothing
    /// above U+10FFFF), or nil.
    static func firstInvalid(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            let (length, lowest, highest) = shape(of: lead)
            guard length > 0, index + length <= bytes.count,
                bytes[index + 1] >= lowest, bytes[index + 1] <= highest
            else { return index }
            for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 { return index }
            index += length
        }
        return nil
    }

    /// Bytes of the sequence `lead` opens (0: it cannot open one) and the range of the second byte.
    private static func shape(of lead: UInt8) -> (length: Int, lowest: UInt8, highest: UInt8) {
        switch lead {
        case 0xC2...0xDF: (2, 0x80, 0xBF)
        case 0xE0: (3, 0xA0, 0xBF)
        case 0xED: (3, 0x80, 0x9F)
        case 0xE1...0xEF: (3, 0x80, 0xBF)
        case 0xF0: (4, 0x90, 0xBF)
        case 0xF1...0xF3: (4, 0x80, 0xBF)
        case 0xF4: (4, 0x80, 0x8F)
        default: (0, 0, 0)
        }
    }
}
