import Testing

@testable import SiteSandbox

@Suite("The bytes of an upload")
struct MediaProbeTests {
    private func facts(_ bytes: [UInt8], pieces: Int) -> UploadFacts {
        var digest = UploadDigest()
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let end = min(buffer.count, offset + pieces)
                digest.add(UnsafeRawBufferPointer(rebasing: buffer[offset..<end]))
                offset = end
            }
        }
        return digest.facts
    }

    @Test("say type, size and length, however they are cut", arguments: [1, 5, 8, 1_000, 1 << 20])
    func known(pieces: Int) throws {
        #expect(
            facts(SampleFiles.png(width: 3_000, height: 2), pieces: pieces).media
                == MediaFacts(kind: .picture, format: "png", width: 3_000, height: 2))
        #expect(
            facts(SampleFiles.bmp(width: 31, height: 17), pieces: pieces).media
                == MediaFacts(kind: .picture, format: "bmp", width: 31, height: 17))
        #expect(
            facts(try SampleFiles.mp4(), pieces: pieces).media
                == MediaFacts(
                    kind: .video, format: "MP4", width: 640, height: 360, milliseconds: 5_350, codec: "h264"))
        #expect(
            facts(try SampleFiles.movAtEnd(), pieces: pieces).media
                == MediaFacts(
                    kind: .video, format: "MOV", width: 640, height: 360, milliseconds: 5_350, codec: "h264"))
        #expect(
            facts(SampleFiles.wav(milliseconds: 1_500), pieces: pieces).media
                == MediaFacts(kind: .sound, format: "WAV", milliseconds: 1_500, codec: "pcm"))
    }

    @Test("of a WAV whose recorder could not go back are counted", arguments: [0, 0xFFFF_FFFF])
    func openEnd(length: Int) {
        #expect(facts(SampleFiles.wav(milliseconds: 800, length: length), pieces: 99).media?.milliseconds == 800)
    }

    @Test("of an MP3 give its length by rate, by its count of frames, and behind a tag of any length")
    func layer3() {
        #expect(facts(SampleFiles.mp3(bytes: 16_000), pieces: 99).media?.milliseconds == 1_000)
        #expect(facts(SampleFiles.mp3(bytes: 16_000, tag: 1_000), pieces: 99).media?.milliseconds == 1_000)
        #expect(facts(SampleFiles.mp3(bytes: 16_000, frames: 383), pieces: 99).media?.milliseconds == 10_004)
        let long = SampleFiles.mp3(bytes: 16_000, tag: MediaProbe.headLimit + 10)
        #expect(facts(long, pieces: 4_096).media?.milliseconds == 1_000)
    }

    @Test("that are nothing the site takes are recognised as nothing, damaged ones too")
    func unknown() throws {
        let film = try SampleFiles.mp4()
        for bytes in [
            [], [0], Array("hello, this is a text".utf8), [UInt8](repeating: 0xFF, count: 5_000),
            [UInt8](repeating: 0, count: 5_000), Array("RIFF0000WAVE".utf8), Array("ID3".utf8),
            Array(film.prefix(200)), Array(SampleFiles.png().prefix(20)),
        ] {
            #expect(facts(bytes, pieces: 7).media == nil)
        }
        // Any single damaged byte ends in an answer, not in a crash.
        for index in film.indices.prefix(700) {
            for value in [UInt8(0), 0x7F, 0xFF] {
                var bytes = film
                bytes[index] = value
                #expect(facts(bytes, pieces: 4_096).size == film.count)
            }
        }
    }

    @Test("have the sums of the documents")
    func sums() {
        for (text, crc) in [("", 0), ("a", 0xE8B7_BE43), ("123456789", 0xCBF4_3926), ("jimeng-494", 0x0009_9BCF)]
            as [(String, UInt32)]
        {
            #expect(facts(Array(text.utf8), pieces: 3).crc32 == crc)
        }
        #expect(facts(Array("a".utf8), pieces: 1).md5 == "0cc175b9c0f1b6a831c399e269772661")
        #expect(facts(Array(UInt8.min...UInt8.max), pieces: 100).crc32 == 0x2905_8C73)
    }

    @Test("are not kept, however many there are")
    func bounded() {
        var digest = UploadDigest()
        let piece = [UInt8](repeating: 3, count: 1 << 20)
        for _ in 0..<8 { piece.withUnsafeBytes { digest.add($0) } }
        #expect(digest.size == 8 << 20)
        let held = Mirror(reflecting: digest).children.compactMap { $0.value as? MediaProbe }
        let heads = held.flatMap { Mirror(reflecting: $0).children.compactMap { $0.value as? [UInt8] } }
        #expect(heads.map(\.count) == [MediaProbe.headLimit])
    }
}
