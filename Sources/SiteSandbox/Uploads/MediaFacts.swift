/// What the bytes of a file say about it.
struct MediaFacts: Sendable, Hashable {
    enum Kind: String, Sendable {
        case picture
        case video
        case sound
    }

    var kind: Kind
    /// As the site writes it: `png` for pictures, `MP4` for the others.
    var format: String
    /// In pixels; 0 for sounds.
    var width = 0
    var height = 0
    /// 0 for pictures.
    var milliseconds: Int64 = 0
    /// 0 when unknown.
    var framesPerSecond = 0
    var codec = ""
}

/// What is kept of a file that was sent up, in place of its bytes.
struct UploadFacts: Sendable, Hashable {
    var size: Int
    var crc32: UInt32
    /// In hexadecimal digits.
    var md5: String
    var sha256: String
    /// Nil for what is neither picture nor video nor sound.
    var media: MediaFacts?
}
