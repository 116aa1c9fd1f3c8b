import Testing

@testable import MediaFiles

@Suite("What input files tell about themselves")
struct InputFactsTests {
    static func facts(_ bytes: [UInt8]) -> InputFacts? {
        guard let format = InputFormat(Array(bytes.prefix(InputFormat.sniffLength))) else { return nil }
        var reader = PieceReader(byteCount: Int64(bytes.count)) { offset, count in
            Array(bytes[Int(offset)...].prefix(count))
        }
        return InputFacts(format, start: Array(bytes.prefix(64 << 10)), reader: &reader)
    }

    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let format: InputFormat
        var size: [Int?] = [nil, nil]
        var milliseconds: Int?

        init(
            _ name: String, _ bytes: [UInt8], _ format: InputFormat, _ width: Int? = nil, _ height: Int? = nil,
            milliseconds: Int? = nil
        ) {
            testDescription = name
            self.bytes = bytes
            self.format = format
            size = [width, height]
            self.milliseconds = milliseconds
        }
    }

    @Test(
        "format, size and duration come from the bytes",
        arguments: [
            Sample("PNG", Picture.png(width: 640, height: 480), .png, 640, 480),
            Sample("GIF", Picture.gif(width: 64, height: 48), .gif, 64, 48),
            Sample("WebP", Picture.webp(width: 9000, height: 12), .webp, 9000, 12),
            Sample("JPEG", Picture.jpeg(width: 30, height: 20, metadata: 60_000), .jpg, 30, 20),
            Sample("bitmap", MediaSamples.bitmap(width: 300, height: 200), .bmp, 300, 200),
            Sample("bitmap from the top", MediaSamples.bitmap(width: 300, height: -200), .bmp, 300, 200),
            Sample("MP4", MediaSamples.movie(milliseconds: 5042), .mp4, 640, 360, milliseconds: 5042),
            Sample(
                "MP4 with its index at the end", MediaSamples.movie(milliseconds: 9999, indexAtEnd: true), .mp4, 640,
                360, milliseconds: 9999),
            Sample(
                "MP4 held upright", MediaSamples.movie(milliseconds: 10, isTurned: true), .mp4, 360, 640,
                milliseconds: 10),
            Sample("MOV", MediaSamples.movie(brand: "qt  ", milliseconds: 3), .mov, 640, 360, milliseconds: 3),
            Sample("M4V", MediaSamples.movie(brand: "M4V ", milliseconds: 3), .m4v, 640, 360, milliseconds: 3),
            Sample("M4A", MediaSamples.sound(brand: "M4A ", milliseconds: 7000), .m4a, milliseconds: 7000),
            Sample(
                "sound in an MP4 of no particular brand", MediaSamples.sound(brand: "isom", milliseconds: 7000), .m4a,
                milliseconds: 7000),
            Sample(
                "MP4 with long times",
                MediaSamples.fileType("mp42")
                    + MediaSamples.box("moov", MediaSamples.movieHeader(ticks: 90_000, scale: 600, isLong: true)),
                .mp4, milliseconds: 150_000),
            Sample(
                "MP4 in fragments",
                MediaSamples.fileType("iso5")
                    + MediaSamples.box(
                        "moov",
                        MediaSamples.movieHeader(ticks: 0, scale: 1000)
                            + MediaSamples.box("mvex", MediaSamples.box("mehd", MediaSamples.big(2500, 8)))),
                .mp4, milliseconds: 2500),
            Sample("MP4 without an index", MediaSamples.fileType("isom"), .mp4),
            Sample("QuickTime without a brand", MediaSamples.box("wide", []) + [0, 0, 0, 0], .mov),
            Sample(
                "WebM", MediaSamples.webm(seconds: 4.25, width: 320, height: 240), .webm, 320, 240, milliseconds: 4250),
            Sample("WebM, live", MediaSamples.webm(seconds: nil, width: 320, height: 240), .webm, 320, 240),
            Sample("WAV", MediaSamples.wave(bytesPerSecond: 8000, sound: 20_000), .wav, milliseconds: 2500),
            Sample(
                "WAV from a pipe", MediaSamples.wave(bytesPerSecond: 8000, sound: 4000, declared: 0xFFFF_FFFF), .wav,
                milliseconds: 500),
            Sample(
                "MP3 with a count of frames", MediaSamples.mp3(frames: 383, soundLength: 4000), .mp3,
                milliseconds: 10_005),
            Sample(
                "MP3 of constant rate", MediaSamples.mp3(frames: nil, soundLength: 32_000), .mp3, milliseconds: 2000),
            Sample(
                "MP3 behind a cover picture", MediaSamples.mp3(frames: nil, tag: 200_000, soundLength: 16_000), .mp3,
                milliseconds: 1000),
            Sample("MP3 tag and nothing else", Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 0], .mp3),
        ])
    func samples(_ sample: Sample) throws {
        let facts = try #require(Self.facts(sample.bytes))
        #expect(facts.format == sample.format)
        #expect([facts.width, facts.height] == sample.size)
        #expect(facts.durationMilliseconds == sample.milliseconds)
    }

    @Test("a JPEG with large previews in front of its size is read on")
    func longJPEG() throws {
        var bytes: [UInt8] = [0xFF, 0xD8]
        for _ in 0..<9 { bytes += [0xFF, 0xE2] + MediaSamples.big(60_002, 2) + [UInt8](repeating: 0, count: 60_000) }
        bytes += Picture.jpeg(width: 77, height: 55, metadata: 10).dropFirst(2)
        let facts = try #require(Self.facts(bytes))
        #expect([facts.width, facts.height] == [77, 55])
    }

    @Test(
        "everything else is no input",
        arguments: [
            Array("<html><body>not found</body></html>".utf8), Array("{\"error\":1}".utf8), Array("%PDF-1.7".utf8),
            Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8), Array("II*\0\u{8}\0\0\0".utf8),
            Array("MM\0*\0\0\0\u{8}".utf8), MediaSamples.fileType("heic"), MediaSamples.fileType("mif1"),
            MediaSamples.fileType("avif"), MediaSamples.webm(type: "matroska", seconds: 1, width: 1, height: 1),
            [], [0], [0xFF], [0xFF, 0xFB], [0xFF, 0xFE, 0x41, 0], [0xFF, 0xF1, 0x50, 0x80], Array("BM".utf8),
            Array("BM and some text that is no bitmap at all".utf8), Array("RIFF\0\0\0\0AVI LIST".utf8),
            Array("GIF89b".utf8), Array("OggS".utf8), Array("fLaC".utf8),
        ] as [[UInt8]])
    func unsupported(_ bytes: [UInt8]) {
        #expect(InputFormat(bytes) == nil)
    }

    @Test(
        "a picture that hides its size is none",
        arguments: [
            [0xFF, 0xD8, 0xFF, 0xE0], [0xFF, 0xD8, 0xFF, 0xD9], Array(Picture.png(width: 9, height: 9).prefix(20)),
            Picture.png(width: 0, height: 9), Array("GIF89a".utf8), Array(Picture.webp(width: 9, height: 9).prefix(16)),
        ] as [[UInt8]])
    func sizeless(_ bytes: [UInt8]) {
        #expect(InputFormat(bytes) != nil)
        #expect(Self.facts(bytes) == nil)
    }

    /// Cut anywhere, or with any byte set to its extremes, a file is read without leaving its bounds.
    @Test(
        "broken files of every kind are survived",
        arguments: [
            MediaSamples.movie(milliseconds: 5000, indexAtEnd: true, dataLength: 10),
            MediaSamples.webm(seconds: 1, width: 2, height: 3), MediaSamples.wave(bytesPerSecond: 100, sound: 40),
            MediaSamples.mp3(frames: 3, tag: 20, soundLength: 100), MediaSamples.bitmap(width: 3, height: 4),
            Picture.jpeg(width: 3, height: 4, metadata: 8), Picture.webp(width: 3, height: 4),
        ])
    func broken(_ bytes: [UInt8]) {
        let whole = Self.facts(bytes)
        #expect(whole != nil)
        for end in bytes.indices {
            let facts = Self.facts(Array(bytes[..<end]))
            #expect(facts?.durationMilliseconds ?? 1 > 0)
        }
        for index in bytes.indices {
            for value in [0x00, 0x01, 0x7F, 0x80, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = value
                let facts = Self.facts(changed)
                #expect(facts?.durationMilliseconds ?? 1 > 0)
                #expect(facts?.width ?? 1 > 0)
            }
        }
    }

    @Test("a file of nothing but tiny boxes is given up after a bounded number of reads")
    func tinyBoxes() {
        let boxes = MediaSamples.box("free", [])
        var bytes = MediaSamples.fileType("isom")
        for _ in 0..<20_000 { bytes += boxes }
        bytes += MediaSamples.box("moov", MediaSamples.movieHeader(ticks: 1, scale: 1))
        var reads = 0
        var reader = PieceReader(byteCount: Int64(bytes.count)) { offset, count in
            reads += 1
            return Array(bytes[Int(offset)...].prefix(count))
        }
        #expect(ISOMediaHeader(&reader) == nil)
        #expect(reads <= PieceReader.mostPieces)
    }
}
