/// Identifies a generation for clients: `gen_` and twelve characters of lower-case base 32 (about 60 bits of
/// randomness, so that ids can't be guessed).
package struct GenerationID: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static func random(using generator: inout some RandomNumberGenerator) -> GenerationID {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        return GenerationID(
            rawValue: "gen_" + String((0..<12).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] }))
    }

    package var description: String { rawValue }
}

/// The client-made id of one submission to the site: a lower-case UUID of version 4. It is stored before the request
/// that costs credits is sent, and is what an unanswered submission is looked up by (field-notes.md (c)).
package struct SubmitID: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static func random(using generator: inout some RandomNumberGenerator) -> SubmitID {
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef")
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append("-") }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return SubmitID(rawValue: text)
    }

    package var description: String { rawValue }
}
