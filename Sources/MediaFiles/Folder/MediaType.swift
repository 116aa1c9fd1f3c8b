import Pictures

/// What a file is by its first bytes. The raw value is the ending of its name.
enum MediaType: String, CaseIterable {
    case webp, png, jpg, gif, mp4
    case unknown = "bin"

    /// How many bytes from the start are looked at: a JPEG tells its size behind its metadata.
    static let prefixLength = 64 << 10

    var mimeType: String {
        switch self {
        case .webp: "image/webp"
        case .png: "image/png"
        case .jpg: "image/jpeg"
        case .gif: "image/gif"
        case .mp4: "video/mp4"
        case .unknown: "application/octet-stream"
        }
    }

    /// The type, and the size in pixels where the beginning tells it.
    static func recognise(_ prefix: [UInt8]) -> (type: MediaType, width: Int?, height: Int?) {
        if let header = PictureHeader(prefix) {
            return (MediaType(rawValue: header.kind.fileExtension) ?? .unknown, header.width, header.height)
        }
        // ISO base media: a size, `ftyp` and a brand. Sound and still pictures of that family are no results.
        if prefix.dropFirst(4).starts(with: "ftyp".utf8) { return (.mp4, nil, nil) }
        // A picture whose size does not stand where it is looked for is still a picture.
        if prefix.starts(with: [0xFF, 0xD8, 0xFF]) { return (.jpg, nil, nil) }
        return (.unknown, nil, nil)
    }
}
