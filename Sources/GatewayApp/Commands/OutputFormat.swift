import Foundation
import Pictures

/// The formats a picture can be written in.
enum OutputFormat {
    case webp, png, jpeg

    init?(path: String) {
        switch URL(fileURLWithPath: path).pathExtension.lowercased() {
        case "webp": self = .webp
        case "png": self = .png
        case "jpg", "jpeg": self = .jpeg
        default: return nil
        }
    }

    var picture: PictureFormat {
        switch self {
        case .webp: .webp
        case .png: .png
        case .jpeg: .jpeg
        }
    }

    /// `out.png`, then `out-2.png`, `out-3.png` ...
    static func path(_ path: String, number: Int) -> String {
        guard number > 1, let dot = path.lastIndex(of: ".") else { return path }
        return "\(path[..<dot])-\(number)\(path[dot...])"
    }
}
