import GatewayCore
import Pictures

/// What a kept file is by its own bytes. The raw value is the ending of its name.
package enum MediaType: String, CaseIterable, Sendable {
    case webp, png, jpg, gif, mp4, mov, webm
    case unknown = "bin"

    /// How many bytes from the start are looked at: a JPEG tells its size behind its metadata.
    static let prefixLength = 64 << 10

    package var mimeType: String {
        switch self {
        case .webp: "image/webp"
        case .png: "image/png"
        case .jpg: "image/jpeg"
        case .gif: "image/gif"
        case .mp4: "video/mp4"
        case .mov: "video/quicktime"
        case .webm: "video/webm"
        case .unknown: "application/octet-stream"
        }
    }

    /// By the first bytes of a file. Anything but pictures and videos is unknown.
    init(_ prefix: [UInt8]) {
        self =
            switch InputFormat(prefix) {
            case .webp: .webp
            case .png: .png
            case .jpg: .jpg
            case .gif: .gif
            case .mp4, .m4v: .mp4
            case .mov: .mov
            case .webm: .webm
            case .bmp, .mp3, .wav, .m4a, nil: .unknown
            }
    }
}

/// What a file tells about itself.
package struct MediaFacts: Hashable, Sendable {
    package var type: MediaType
    package var width: Int?
    package var height: Int?
    package var durationMilliseconds: Int?

    /// `prefix`: the first ``MediaType/prefixLength`` bytes.
    init(prefix: [UInt8], reader: inout PieceReader) {
        type = MediaType(prefix)
        switch type {
        case .webp, .png, .jpg, .gif:
            // A picture whose size does not stand where it is looked for is still a picture.
            guard let header = PictureHeader(prefix) else { return }
            (width, height) = (header.width, header.height)
        case .mp4, .mov, .webm:
            guard let facts = InputFacts(type == .webm ? .webm : .mp4, start: prefix, reader: &reader) else { return }
            (width, height, durationMilliseconds) = (facts.width, facts.height, facts.durationMilliseconds)
        case .unknown: return
        }
    }
}
