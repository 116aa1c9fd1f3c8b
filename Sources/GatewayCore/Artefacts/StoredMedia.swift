/// The name of a kept file: `media_`, nine base-32 digits of its creation time in milliseconds, and twelve random ones, all
/// lower case: sortable by age, impossible to guess, and enough to find its folder without a look-up.
package struct MediaID: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    package static func random(createdAt: Timestamp, using generator: inout some RandomNumberGenerator) -> MediaID {
        var text = "media_"
        for place in (0..<9).reversed() {
            text.append(alphabet[Int(max(0, createdAt.milliseconds) >> (Int64(place) * 5)) & 31])
        }
        for _ in 0..<12 { text.append(alphabet[Int.random(in: 0..<32, using: &generator)]) }
        return MediaID(rawValue: text)
    }

    /// When the file was made, read from the name; nil when the name is not of this form.
    package var createdAt: Timestamp? {
        guard rawValue.hasPrefix("media_"), rawValue.utf8.count == 27 else { return nil }
        var milliseconds: Int64 = 0
        for (place, character) in rawValue.dropFirst(6).enumerated() {
            guard let digit = Self.alphabet.firstIndex(of: character) else { return nil }
            if place < 9 { milliseconds = milliseconds << 5 | Int64(digit) }
        }
        return Timestamp(milliseconds: milliseconds)
    }

    package var description: String { rawValue }
}

/// A result that the gateway keeps.
package struct StoredMedia: Hashable, Sendable, Codable {
    package var id: MediaID
    /// From the file's own bytes: `webp`, `png`, `jpg`, `gif`, `mp4`; `bin` when unknown.
    package var fileExtension: String
    package var mimeType: String
    package var byteCount: Int64
    /// Lower-case hexadecimal SHA-256 of the file.
    package var sha256: String
    package var width: Int?
    package var height: Int?
    package var createdAt: Timestamp

    package init(
        id: MediaID, fileExtension: String, mimeType: String, byteCount: Int64, sha256: String, width: Int?,
        height: Int?, createdAt: Timestamp
    ) {
        self.id = id
        self.fileExtension = fileExtension
        self.mimeType = mimeType
        self.byteCount = byteCount
        self.sha256 = sha256
        self.width = width
        self.height = height
        self.createdAt = createdAt
    }
}

/// One result of a generation: what the site gave and, once copied, what the gateway keeps.
package struct GenerationOutput: Hashable, Sendable, Codable {
    package var remote: RemoteOutput
    package var stored: StoredMedia?

    package init(remote: RemoteOutput, stored: StoredMedia? = nil) {
        self.remote = remote
        self.stored = stored
    }
}
