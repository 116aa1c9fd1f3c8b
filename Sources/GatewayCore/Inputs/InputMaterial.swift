/// What an input file is.
package enum MaterialKind: String, Hashable, Sendable, Codable, CaseIterable {
    case image, video, audio
}

/// An input file of a generation, kept on disk from the moment it was read until its job has ended.
package struct InputMaterial: Hashable, Sendable, Codable {
    /// Name in the ``InputStore``: `input_` and 21 characters of lower-case base 32.
    package var id: String
    package var kind: MaterialKind
    package var byteCount: Int64
    /// Lower-case hexadecimal.
    package var sha256: String
    /// CRC-32 (IEEE), as the site's raw upload wants it.
    package var crc32: UInt32
    /// From the file's own bytes: `image/png`, `video/mp4`, `audio/mpeg` ...
    package var mimeType: String
    /// `png`, `jpg`, `mp4` ... without a dot.
    package var fileExtension: String
    package var width: Int?
    package var height: Int?
    /// Videos and audio, when the file tells.
    package var durationMilliseconds: Int?

    package init(
        id: String, kind: MaterialKind, byteCount: Int64, sha256: String, crc32: UInt32, mimeType: String,
        fileExtension: String, width: Int? = nil, height: Int? = nil, durationMilliseconds: Int? = nil
    ) {
        self.id = id
        self.kind = kind
        self.byteCount = byteCount
        self.sha256 = sha256
        self.crc32 = crc32
        self.mimeType = mimeType
        self.fileExtension = fileExtension
        self.width = width
        self.height = height
        self.durationMilliseconds = durationMilliseconds
    }
}

/// An input that one account has at the site.
package struct UploadedMaterial: Hashable, Sendable, Codable {
    /// `image_uri` of an image, `vid` of a video or a sound.
    package var uri: String
    package var width: Int?
    package var height: Int?
    package var durationMilliseconds: Int?

    package init(uri: String, width: Int? = nil, height: Int? = nil, durationMilliseconds: Int? = nil) {
        self.uri = uri
        self.width = width
        self.height = height
        self.durationMilliseconds = durationMilliseconds
    }
}
