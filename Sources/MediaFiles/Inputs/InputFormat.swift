import GatewayCore
import Pictures

/// What an input file is by its first bytes (endpoints.md section 4.2). Names and declared types are never asked.
///
/// TIFF, HEIC and AVIF are no cases: the site takes none of them and nothing here converts them.
enum InputFormat: String, CaseIterable {
    case jpg, png, webp, gif, bmp
    case mp4, mov, m4v, webm
    case mp3, wav, m4a

    /// How many bytes from the start suffice to tell the format.
    static let sniffLength = 256

    var kind: MaterialKind {
        switch self {
        case .jpg, .png, .webp, .gif, .bmp: .image
        case .mp4, .mov, .m4v, .webm: .video
        case .mp3, .wav, .m4a: .audio
        }
    }

    var mimeType: String {
        switch self {
        case .jpg: "image/jpeg"
        case .png: "image/png"
        case .webp: "image/webp"
        case .gif: "image/gif"
        case .bmp: "image/bmp"
        case .mp4: "video/mp4"
        case .mov: "video/quicktime"
        case .m4v: "video/x-m4v"
        case .webm: "video/webm"
        case .mp3: "audio/mpeg"
        case .wav: "audio/wav"
        case .m4a: "audio/mp4"
        }
    }

    var fileExtension: String { rawValue }

    /// Nil when the bytes begin no supported format. Fewer than ``sniffLength`` bytes are taken for the whole file.
    init?(_ start: [UInt8]) {
        func has(_ text: String, at offset: Int = 0) -> Bool { start.dropFirst(offset).starts(with: text.utf8) }
        if start.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpg
        } else if start.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if has("GIF87a") || has("GIF89a") {
            self = .gif
        } else if has("RIFF"), has("WEBP", at: 8) {
            self = .webp
        } else if has("RIFF"), has("WAVE", at: 8) {
            self = .wav
        } else if has("BM"), BitmapHeader(start) != nil {
            self = .bmp
        } else if start.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            guard WebMHeader.documentType(start) == "webm" else { return nil }
            self = .webm
        } else if has("ID3") || MP3Header.Frame(start[...]) != nil {
            self = .mp3
        } else if has("ftyp", at: 4) {
            guard let format = Self.format(ofBrand: start.dropFirst(8).prefix(4)) else { return nil }
            self = format
        } else if ["moov", "mdat", "wide", "pnot"].contains(where: { has($0, at: 4) }) {
            // QuickTime before brands.
            self = .mov
        } else {
            return nil
        }
    }

    /// The major brand of an ISO base media file.
    private static func format(ofBrand brand: ArraySlice<UInt8>) -> InputFormat? {
        guard brand.count == 4 else { return nil }
        switch String(decoding: brand, as: UTF8.self) {
        case "qt  ": return .mov
        case "M4V ", "M4VH", "M4VP": return .m4v
        case "M4A ", "M4B ", "M4P ": return .m4a
        // Still pictures of this family.
        case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis", "crx ", "jp2 ", "jxl ":
            return nil
        default: return .mp4
        }
    }
}
