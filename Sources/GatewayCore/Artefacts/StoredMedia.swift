/// A result that the gateway keeps.
package struct StoredMedia: Hashable, Sendable, Codable {
    package var id: MediaID
    /// From the file's own bytes: `webp`, `png`, `jpg`, `gif`, `mp4`, `mov`, `webm`; `bin` when unknown.
    package var fileExtension: String
    package var mimeType: String
    package var byteCount: Int64
    /// Lower-case hexadecimal SHA-256 of the file.
    package var sha256: String
    package var width: Int?
    package var height: Int?
    /// Of a video.
    package var durationMilliseconds: Int?
    /// When it was kept for this result; another result may have brought the same bytes before.
    package var createdAt: Timestamp
    /// What was made from it for showing; nil when nobody has tried yet, empty when there is nothing to make.
    package var previews: [StoredPreview]?

    package init(
        id: MediaID, fileExtension: String, mimeType: String, byteCount: Int64, sha256: String, width: Int?,
        height: Int?, durationMilliseconds: Int? = nil, createdAt: Timestamp, previews: [StoredPreview]? = nil
    ) {
        self.id = id
        self.fileExtension = fileExtension
        self.mimeType = mimeType
        self.byteCount = byteCount
        self.sha256 = sha256
        self.width = width
        self.height = height
        self.durationMilliseconds = durationMilliseconds
        self.createdAt = createdAt
        self.previews = previews
    }

    package var key: MediaKey { MediaKey(id, fileExtension: fileExtension) }

    package var isPicture: Bool { mimeType.hasPrefix("image/") }

    /// The file that shows this one in a list, if there is one: its thumbnail, the poster of a video, or the file itself
    /// when it is a picture that is small enough.
    package var thumbnailKey: MediaKey? {
        for variant in [MediaVariant.thumbnail, .poster] {
            if let preview = previews?.first(where: { $0.variant == variant.name }) {
                return MediaKey(id, variant, fileExtension: preview.fileExtension)
            }
        }
        return previews != nil && isPicture && max(width ?? .max, height ?? .max) <= Self.thumbnailSide ? key : nil
    }

    /// The picture that stands for a video.
    package var posterKey: MediaKey? {
        previews?.first { $0.variant == MediaVariant.poster.name }
            .map { MediaKey(id, .poster, fileExtension: $0.fileExtension) }
    }

    /// The longest side of a thumbnail, in pixels. Pictures up to it have none of their own.
    package static let thumbnailSide = 360
}

/// A picture that was made from a kept file and is kept with it.
package struct StoredPreview: Hashable, Sendable, Codable {
    /// ``MediaVariant/name``.
    package var variant: String
    package var fileExtension: String
    package var byteCount: Int64
    package var width: Int?
    package var height: Int?

    package init(variant: String, fileExtension: String, byteCount: Int64, width: Int? = nil, height: Int? = nil) {
        self.variant = variant
        self.fileExtension = fileExtension
        self.byteCount = byteCount
        self.width = width
        self.height = height
    }
}

/// One result of a generation: what the site gave and, once copied, what the gateway keeps.
package struct GenerationOutput: Hashable, Sendable, Codable {
    package var remote: RemoteOutput
    package var stored: StoredMedia?
    /// When retention took the copy away; it is not made again.
    package var removedAt: Timestamp?

    package init(remote: RemoteOutput, stored: StoredMedia? = nil, removedAt: Timestamp? = nil) {
        self.remote = remote
        self.stored = stored
        self.removedAt = removedAt
    }

    /// Whether a copy is still to be made.
    package var wantsCopy: Bool { stored == nil && removedAt == nil }
}

extension [GenerationOutput] {
    /// Takes a removed file out of the outputs that name it.
    package mutating func forget(_ id: MediaID, at now: Timestamp) {
        for index in indices where self[index].stored?.id == id {
            self[index].stored = nil
            self[index].removedAt = now
        }
    }
}
