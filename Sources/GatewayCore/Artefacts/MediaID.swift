/// The name of a kept file, in one of two forms. Today's is its content address: `media_` and the first 40 hexadecimal
/// digits of the file's SHA-256, so that equal bytes have one name. Files of earlier versions have `media_`, nine base-32
/// digits of their creation time in milliseconds, and twelve random ones. Both are enough to find the file without a
/// look-up.
package struct MediaID: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The content address. `sha256`: 64 hexadecimal digits, lower case.
    package init(sha256: String) {
        rawValue = Self.prefix + sha256.prefix(Self.digitCount)
    }

    package static let prefix = "media_"
    /// 160 bits of the checksum: no two files share them, by chance or on purpose.
    package static let digitCount = 40

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// A name of the earlier form.
    package static func random(createdAt: Timestamp, using generator: inout some RandomNumberGenerator) -> MediaID {
        var text = prefix
        for place in (0..<9).reversed() {
            text.append(alphabet[Int(max(0, createdAt.milliseconds) >> (Int64(place) * 5)) & 31])
        }
        for _ in 0..<12 { text.append(alphabet[Int.random(in: 0..<32, using: &generator)]) }
        return MediaID(rawValue: text)
    }

    /// The digits of a content address; nil when the name is not of that form.
    package var contentDigits: Substring? {
        guard rawValue.hasPrefix(Self.prefix), rawValue.utf8.count == Self.prefix.utf8.count + Self.digitCount else {
            return nil
        }
        let digits = rawValue.dropFirst(Self.prefix.count)
        let isHexadecimal = digits.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        return isHexadecimal ? digits : nil
    }

    /// When a file of the earlier form was made; nil when the name is not of that form.
    package var createdAt: Timestamp? {
        guard rawValue.hasPrefix(Self.prefix), rawValue.utf8.count == 27 else { return nil }
        var milliseconds: Int64 = 0
        for (place, character) in rawValue.dropFirst(Self.prefix.count).enumerated() {
            guard let digit = Self.alphabet.firstIndex(of: character) else { return nil }
            if place < 9 { milliseconds = milliseconds << 5 | Int64(digit) }
        }
        return Timestamp(milliseconds: milliseconds)
    }

    /// Whether a store could have given this name.
    package var isWellFormed: Bool { contentDigits != nil || createdAt != nil }

    package var description: String { rawValue }
}
