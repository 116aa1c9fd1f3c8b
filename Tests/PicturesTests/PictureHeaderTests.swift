import Pictures
import Testing

@Suite("A picture's header")
struct PictureHeaderTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        var expected: PictureHeader.Kind
        var width: Int
        var height: Int
        var testDescription: String { name }
    }

    static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + [
            0, 0, 8, 0, 0, 0, 4, 1, 8, 2,
        ]
    static let gif: [UInt8] = Array("GIF89a".utf8) + [0x40, 0x01, 0xF0, 0x00, 0, 0]
    static let lossy: [UInt8] =
        Array("RIFF".utf8) + [40, 0, 0, 0] + Array("WEBPVP8 ".utf8) + [28, 0, 0, 0, 0x10, 0, 0, 0x9D, 0x01, 0x2A]
        + [0x00, 0x48, 0x00, 0x86]
    static let extended: [UInt8] =
        Array("RIFF".utf8) + [40, 0, 0, 0] + Array("WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0] + [0xFF, 0x07, 0]
        + [0x0F, 0x05, 0]
    static let jpeg: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xDB, 0, 5, 9, 9, 9, 0xFF, 0xC4, 0, 2]
        + [0xFF, 0xC2, 0, 11, 8, 0x06, 0xC0, 0x0A, 0x00, 3, 1, 1, 1]

    static let samples = [
        Sample(name: "PNG", bytes: png, expected: .png, width: 2048, height: 1025),
        Sample(name: "GIF", bytes: gif, expected: .gif, width: 320, height: 240),
        Sample(name: "lossy WebP with scaling hints", bytes: lossy, expected: .webp, width: 2048, height: 1536),
        Sample(name: "extended WebP", bytes: extended, expected: .webp, width: 2048, height: 1296),
        Sample(name: "progressive JPEG behind tables", bytes: jpeg, expected: .jpeg, width: 2560, height: 1728),
    ]

    @Test("tells type and size", arguments: samples)
    func known(sample: Sample) throws {
        let header = try #require(PictureHeader(sample.bytes))
        #expect(header.kind == sample.expected)
        #expect(header.width == sample.width)
        #expect(header.height == sample.height)
    }

    @Test("is not guessed from a beginning that was cut off", arguments: samples)
    func truncated(sample: Sample) {
        // The last bytes of a sample may stand behind what the reader needs; every cut before that must give nil.
        let shortest = (0...sample.bytes.count).first { PictureHeader(sample.bytes.prefix($0)) != nil } ?? 0
        #expect(shortest > 9)
        for length in 0..<shortest { #expect(PictureHeader(sample.bytes.prefix(length)) == nil) }
        #expect(PictureHeader(sample.bytes) != nil)
    }

    @Test(
        "is nil for what is no picture",
        arguments: [
            [], Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8), Array("<?xml version='1.0'?><svg/>".utf8),
            Array("%PDF-1.7".utf8), Array("RIFF1234WAVEfmt 0123456789abcdefghijkl".utf8),
            [UInt8](repeating: 0xFF, count: 600),
        ] as [[UInt8]])
    func unknown(bytes: [UInt8]) {
        #expect(PictureHeader(bytes) == nil)
    }

    @Test("is nil when a side is nothing")
    func empty() {
        var picture = Self.gif
        picture[6] = 0
        picture[7] = 0
        #expect(PictureHeader(picture) == nil)
    }

    @Test("of a JPEG is given up after a bounded number of segments")
    func endlessSegments() {
        var bytes: [UInt8] = [0xFF, 0xD8]
        for _ in 0...PictureHeader.segmentLimit { bytes += [0xFF, 0xE1, 0, 2] }
        #expect(PictureHeader(bytes + Self.jpeg.suffix(13)) == nil)
        #expect(PictureHeader([0xFF, 0xD8] + bytes.dropFirst(2).prefix(400) + Self.jpeg.suffix(13)) != nil)
    }

    @Test("survives any single changed byte")
    func mutations() {
        for sample in Self.samples {
            for index in sample.bytes.indices {
                for value in [0x00, 0x7F, 0x80, 0xFF] as [UInt8] {
                    var changed = sample.bytes
                    changed[index] = value
                    if let header = PictureHeader(changed) { #expect(header.width > 0 && header.height > 0) }
                }
            }
        }
    }
}
