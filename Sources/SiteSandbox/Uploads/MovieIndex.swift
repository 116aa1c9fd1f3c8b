/// Reads length, size and rate of pictures from the index of an MP4 or MOV file. The bytes are not trusted: nothing is read
/// outside of them, boxes are counted, and no depth but the known one is gone into.
struct MovieIndex {
    let facts: MediaFacts

    private static let boxLimit = 256

    /// Nil when there is no track of pictures or sound, or no length.
    init?(_ bytes: [UInt8], isQuickTime: Bool) {
        let reader = Reader(bytes: bytes)
        let whole = 0..<bytes.count
        guard let header = reader.box("mvhd", in: whole), let length = reader.length(header), length > 0 else {
            return nil
        }
        var facts = MediaFacts(kind: .sound, format: isQuickTime ? "MOV" : "MP4", milliseconds: length)
        var hasSound = false
        for track in reader.boxes("trak", in: whole) {
            guard let media = reader.box("mdia", in: track), let handler = reader.box("hdlr", in: media) else {
                continue
            }
            switch reader.text(handler, offset: 8) {
            case "soun": hasSound = true
            case "vide" where facts.kind == .sound:
                guard let trackHeader = reader.box("tkhd", in: track), trackHeader.count >= 84 else { continue }
                facts.kind = .video
                // Whole pixels of two numbers of 16 bits and 16 bits behind the point, at the box's end.
                facts.width = reader.number(trackHeader.upperBound - 8, bytes: 2)
                facts.height = reader.number(trackHeader.upperBound - 4, bytes: 2)
                reader.describe(media, in: &facts)
            default: break
            }
        }
        guard facts.kind == .video ? facts.width > 0 && facts.height > 0 : hasSound else { return nil }
        self.facts = facts
    }

    private struct Reader {
        let bytes: [UInt8]

        /// Big-endian; 0 outside of the bytes.
        func number(_ offset: Int, bytes count: Int) -> Int {
            guard offset >= 0, offset + count <= bytes.count, count <= 7 else { return 0 }
            return (0..<count).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
        }

        func text(_ box: Range<Int>, offset: Int) -> String {
            let start = box.lowerBound + offset
            guard start + 4 <= box.upperBound else { return "" }
            return String(decoding: bytes[start..<start + 4], as: UTF8.self)
        }

        /// The contents of all boxes of a type directly inside a range.
        func boxes(_ type: String, in range: Range<Int>) -> [Range<Int>] {
            var found: [Range<Int>] = []
            var offset = range.lowerBound
            for _ in 0..<boxLimit {
                guard offset + 8 <= range.upperBound else { break }
                let size = number(offset, bytes: 4)
                guard size >= 8, offset + size <= range.upperBound else { break }
                if text(offset..<offset + size, offset: 4) == type { found.append(offset + 8..<offset + size) }
                offset += size
            }
            return found
        }

        func box(_ type: String, in range: Range<Int>) -> Range<Int>? { boxes(type, in: range).first }

        /// Milliseconds in a header box of a file or track, whose numbers are long in version 1.
        func length(_ box: Range<Int>) -> Int64? {
            let isLong = number(box.lowerBound, bytes: 1) == 1
            let scale = Int64(number(box.lowerBound + (isLong ? 20 : 12), bytes: 4))
            let start = box.lowerBound + (isLong ? 24 : 16)
            // Of eight bytes the lower seven are more than any film needs.
            let units = Int64(isLong ? number(start + 1, bytes: 7) : number(start, bytes: 4))
            guard scale > 0, start + (isLong ? 8 : 4) <= box.upperBound else { return nil }
            let (product, overflow) = units.multipliedReportingOverflow(by: 1_000)
            return overflow ? nil : product / scale
        }

        /// Codec and rate of a track of pictures.
        func describe(_ media: Range<Int>, in facts: inout MediaFacts) {
            guard let table = box("minf", in: media).flatMap({ box("stbl", in: $0) }) else { return }
            if let descriptions = box("stsd", in: table) {
                switch text(descriptions, offset: 12) {
                case "avc1", "avc3": facts.codec = "h264"
                case "hvc1", "hev1": facts.codec = "h265"
                case let other: facts.codec = other.trimmingPrefix(" ").lowercased()
                }
            }
            guard let times = box("stts", in: table), let length = box("mdhd", in: media).flatMap(length), length > 0
            else { return }
            let entries = min(number(times.lowerBound + 4, bytes: 4), (times.count - 8) / 8)
            let samples = (0..<max(0, entries)).reduce(0) { $0 + number(times.lowerBound + 8 + $1 * 8, bytes: 4) }
            facts.framesPerSecond = min(1_000, Int((Double(samples) * 1_000 / Double(length)).rounded()))
        }
    }
}
