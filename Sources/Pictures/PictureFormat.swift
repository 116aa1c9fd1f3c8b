/// A format this program writes pictures in.
package enum PictureFormat: String, Sendable, CaseIterable {
    case webp
    case png
    case jpeg

    /// The media type for a `Content-Type` header.
    package var mediaType: String { "image/\(rawValue)" }

    /// The usual ending of a file name, without the dot.
    package var fileExtension: String {
        switch self {
        case .webp: "webp"
        case .png: "png"
        case .jpeg: "jpg"
        }
    }
}
