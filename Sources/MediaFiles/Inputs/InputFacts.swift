import GatewayCore
import Pictures

/// What a file tells about itself beyond its format. Everything is optional but for the size of a picture.
struct InputFacts: Equatable {
    var format: InputFormat
    var width: Int?
    var height: Int?
    var durationMilliseconds: Int?

    /// A JPEG whose metadata reach further than this is not looked at further.
    static let longestMetadata = 1 << 20

    /// Reads the facts of a whole file; nil when a picture hides its size: then it is none. `start` is the file's first
    /// bytes, at least ``InputFormat/sniffLength`` of them where it has so many.
    init?(_ format: InputFormat, start: [UInt8], reader: inout PieceReader) {
        self.format = format
        switch format {
        case .jpg, .png, .webp, .gif:
            guard let header = Self.pictureHeader(format, start: start, reader: &reader) else { return nil }
            (width, height) = (header.width, header.height)
        case .bmp:
            guard let header = BitmapHeader(start) else { return nil }
            (width, height) = (header.width, header.height)
        case .mp4, .mov, .m4v, .m4a:
            guard let header = ISOMediaHeader(&reader) else { return }
            durationMilliseconds = header.durationMilliseconds
            if header.hasSound, !header.hasPictures {
                self.format = .m4a
            } else {
                (width, height) = (header.width, header.height)
            }
        case .webm:
            let header = WebMHeader(start)
            (width, height) = (header.width, header.height)
            durationMilliseconds = header.durationMilliseconds
        case .mp3:
            durationMilliseconds = MP3Header(&reader)?.durationMilliseconds
        case .wav:
            durationMilliseconds = WaveHeader(&reader)?.durationMilliseconds
        }
    }

    private static func pictureHeader(
        _ format: InputFormat, start: [UInt8], reader: inout PieceReader
    ) -> PictureHeader? {
        if let header = PictureHeader(start) { return header }
        guard format == .jpg else { return nil }
        // Cameras put previews and colour profiles in front of the size.
        var bytes: [UInt8] = []
        while bytes.count < longestMetadata,
            let piece = reader.bytes(at: Int64(bytes.count), upTo: PieceReader.largestPiece)
        {
            bytes += piece
        }
        return PictureHeader(bytes)
    }

    /// A duration as whole milliseconds; nil when it is none that a file could have.
    static func milliseconds(_ seconds: Double) -> Int? {
        guard seconds.isFinite, seconds > 0, seconds < 1e7 else { return nil }
        return max(1, Int((seconds * 1000).rounded()))
    }
}
