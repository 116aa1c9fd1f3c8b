/// Reads the length of WAV and MP3 files from their beginning.
struct SoundHeader {
    let facts: MediaFacts

    /// `size` is that of the whole file, in bytes. Nil when the bytes are neither.
    init?(_ head: [UInt8], size: Int) {
        guard let facts = Self.wave(head, size: size) ?? Self.layer3(head, size: size) else { return nil }
        self.facts = facts
    }

    private static func wave(_ head: [UInt8], size: Int) -> MediaFacts? {
        guard head.starts(with: "RIFF".utf8), head.dropFirst(8).starts(with: "WAVE".utf8) else { return nil }
        func number(_ offset: Int) -> Int { (0..<4).reduce(0) { $0 | Int(head[offset + $1]) << (8 * $1) } }
        var offset = 12
        var byteRate = 0
        for _ in 0..<64 {
            guard offset + 8 <= head.count else { return nil }
            let type = head[offset..<offset + 4]
            let length = number(offset + 4)
            if type.elementsEqual("fmt ".utf8), length >= 16, offset + 24 <= head.count {
                byteRate = number(offset + 16)
            } else if type.elementsEqual("data".utf8) {
                // A recorder that could not go back wrote 0 or all ones.
                let rest = max(0, size - offset - 8)
                let bytes = length == 0 ? rest : min(length, rest)
                guard byteRate > 0 else { return nil }
                return MediaFacts(
                    kind: .sound, format: "WAV", milliseconds: Int64(bytes) * 1_000 / Int64(byteRate), codec: "pcm")
            }
            offset += 8 + length + (length & 1)
        }
        return nil
    }

    private static func layer3(_ head: [UInt8], size: Int) -> MediaFacts? {
        var start = 0
        if head.starts(with: "ID3".utf8), head.count >= 10 {
            start = 10 + (6..<10).reduce(0) { $0 << 7 | Int(head[$1] & 0x7F) }
        }
        guard start < size else { return nil }
        guard let (offset, frame) = firstFrame(head, from: start) else {
            // A tag longer than what was kept, such as one with a picture: 128 kbit/s as a guess.
            guard start >= head.count else { return nil }
            return MediaFacts(kind: .sound, format: "MP3", milliseconds: Int64(size - start) / 16, codec: "mp3")
        }
        let milliseconds: Int64
        if let count = frameCount(head, at: offset + frame.tagOffset) {
            milliseconds = Int64(count) * Int64(frame.samples) * 1_000 / Int64(frame.sampleRate)
        } else {
            milliseconds = Int64(size - offset) * 8 / Int64(frame.kilobits)
        }
        return MediaFacts(kind: .sound, format: "MP3", milliseconds: milliseconds, codec: "mp3")
    }

    private struct Frame {
        var kilobits: Int
        var sampleRate: Int
        var samples: Int
        /// Where the count of all frames stands, if it does.
        var tagOffset: Int
    }

    /// The first frame of layer 3 within 4 KiB.
    private static func firstFrame(_ head: [UInt8], from start: Int) -> (offset: Int, frame: Frame)? {
        // Only what begins like a sound may be searched; a tag in front has said so already.
        let range = start > 0 ? 4_096 : 1
        for offset in start..<max(start, min(start + range, head.count - 4)) {
            if let frame = frame(head, at: offset) { return (offset, frame) }
        }
        return nil
    }

    private static func frame(_ head: [UInt8], at offset: Int) -> Frame? {
        guard head[offset] == 0xFF, head[offset + 1] & 0xE0 == 0xE0, head[offset + 1] >> 1 & 3 == 1 else { return nil }
        let version = head[offset + 1] >> 3 & 3
        let (rate, sampling) = (Int(head[offset + 2] >> 4), Int(head[offset + 2] >> 2 & 3))
        guard version != 1, (1...14).contains(rate), sampling < 3 else { return nil }
        let isFirst = version == 3
        let kilobits =
            isFirst
            ? [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320][rate - 1]
            : [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160][rate - 1]
        let sampleRate = [44_100, 48_000, 32_000][sampling] / (isFirst ? 1 : version == 2 ? 2 : 4)
        let isMono = head[offset + 3] >> 6 == 3
        let side = isFirst ? (isMono ? 17 : 32) : (isMono ? 9 : 17)
        return Frame(
            kilobits: kilobits, sampleRate: sampleRate, samples: isFirst ? 1_152 : 576, tagOffset: 4 + side)
    }

    /// The number of frames in a `Xing` or `Info` tag.
    private static func frameCount(_ head: [UInt8], at offset: Int) -> Int? {
        guard offset + 12 <= head.count else { return nil }
        let tag = head[offset..<offset + 4]
        guard tag.elementsEqual("Xing".utf8) || tag.elementsEqual("Info".utf8), head[offset + 7] & 1 == 1 else {
            return nil
        }
        let count = (8..<12).reduce(0) { $0 << 8 | Int(head[offset + $1]) }
        return count > 0 ? count : nil
    }
}
