/// What the first bytes of a picture say about it: type and size, without decoding anything.
///
/// Reads WebP (all three kinds), PNG, JPEG and GIF. The bytes are not trusted: nothing is read outside of them, and a JPEG
/// is given up after ``segmentLimit`` segments.
package struct PictureHeader: Sendable, Equatable {
    /// A type of picture that can be recognised.
    package enum Kind: String, Sendable {
        case webp
        case png
        case jpeg
        case gif

        /// The media type for a `Content-Type` header.
        package var mediaType: String { "image/\(rawValue)" }

        /// The usual ending of a file name, without the dot.
        package var fileExtension: String { self == .jpeg ? "jpg" : rawValue }
    }

    package let kind: Kind
    /// In pixels, above 0.
    package let width: Int
    /// In pixels, above 0.
    package let height: Int

    /// How many segments of a JPEG are looked at before giving up.
    package static let segmentLimit = 512

    /// How many bytes from the start suffice for WebP, PNG and GIF; a JPEG may need more, as its size stands behind its
    /// metadata.
    package static let usualLength = 64

    /// Nil when the bytes are no picture of a known type, when the size is not within them, or when a side is 0.
    package init?(_ bytes: some Collection<UInt8>) {
        let found =
            bytes.withContiguousStorageIfAvailable { Self.read(UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { Self.read($0) }
        guard let found, found.width > 0, found.height > 0 else { return nil }
        (kind, width, height) = found
    }

    private typealias Found = (kind: Kind, width: Int, height: Int)

    private static func read(_ bytes: UnsafeRawBufferPointer) -> Found? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return readPNG(bytes) }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return readJPEG(bytes) }
        if bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8) { return readGIF(bytes) }
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) { return readWebP(bytes) }
        return nil
    }

    private static func readPNG(_ bytes: UnsafeRawBufferPointer) -> Found? {
        guard bytes.count >= 24, bytes.dropFirst(12).starts(with: "IHDR".utf8) else { return nil }
        func number(at offset: Int) -> Int {
            (0..<4).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
        }
        let (width, height) = (number(at: 16), number(at: 20))
        guard width <= Int32.max, height <= Int32.max else { return nil }
        return (.png, width, height)
    }

    private static func readGIF(_ bytes: UnsafeRawBufferPointer) -> Found? {
        guard bytes.count >= 10 else { return nil }
        return (.gif, littleEndian(bytes, at: 6, bytes: 2), littleEndian(bytes, at: 8, bytes: 2))
    }

    private static func readWebP(_ bytes: UnsafeRawBufferPointer) -> Found? {
        guard bytes.count >= 30 else { return nil }
        let chunk = bytes.dropFirst(12)
        if chunk.starts(with: "VP8 ".utf8) {
            guard bytes[23] == 0x9D, bytes[24] == 0x01, bytes[25] == 0x2A else { return nil }
            // The two upper bits of each are a scaling hint, not part of the size.
            return (
                .webp, littleEndian(bytes, at: 26, bytes: 2) & 0x3FFF, littleEndian(bytes, at: 28, bytes: 2) & 0x3FFF
            )
        }
        if chunk.starts(with: "VP8L".utf8) {
            guard bytes[20] == 0x2F else { return nil }
            let bits = littleEndian(bytes, at: 21, bytes: 4)
            return (.webp, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        }
        if chunk.starts(with: "VP8X".utf8) {
            return (.webp, littleEndian(bytes, at: 24, bytes: 3) + 1, littleEndian(bytes, at: 27, bytes: 3) + 1)
        }
        return nil
    }

    private static func readJPEG(_ bytes: UnsafeRawBufferPointer) -> Found? {
        var offset = 2
        for _ in 0..<segmentLimit {
            // A marker is 0xFF, any number of further 0xFF, and its code.
            guard offset < bytes.count, bytes[offset] == 0xFF else { return nil }
            while offset < bytes.count, bytes[offset] == 0xFF { offset += 1 }
            guard offset < bytes.count else { return nil }
            let code = bytes[offset]
            offset += 1
            if code == 0x01 || (0xD0...0xD7).contains(code) { continue }
            guard code != 0xD9, code != 0xDA, code != 0x00, offset + 7 <= bytes.count else { return nil }
            let length = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
            guard length >= 2 else { return nil }
            // Start of frame: C0 to CF but for tables (C4), extension (C8) and arithmetic conditioning (CC).
            if (0xC0...0xCF).contains(code), code != 0xC4, code != 0xC8, code != 0xCC {
                let height = Int(bytes[offset + 3]) << 8 | Int(bytes[offset + 4])
                let width = Int(bytes[offset + 5]) << 8 | Int(bytes[offset + 6])
                return (.jpeg, width, height)
            }
            offset += length
        }
        return nil
    }

    private static func littleEndian(_ bytes: UnsafeRawBufferPointer, at offset: Int, bytes count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
