/// Duration and size of an MP4, MOV, M4V or M4A file, from its `moov` box (ISO/IEC 14496-12), wherever in the file that
/// lies.
struct ISOMediaHeader: Equatable {
    private(set) var durationMilliseconds: Int?
    /// Of the first track with pictures, as shown: a quarter turn in the track's matrix is counted in.
    private(set) var width: Int?
    private(set) var height: Int?
    private(set) var hasPictures = false
    private(set) var hasSound = false

    /// Boxes of one level that are looked at.
    private static let mostBoxes = 256

    private struct Box {
        var type: String
        var content: Range<Int64>
    }

    /// Nil when there is no `moov` box within reach.
    init?(_ reader: inout PieceReader) {
        let whole = 0..<reader.byteCount
        guard let movie = Self.boxes(in: whole, until: "moov", &reader).last, movie.type == "moov" else { return nil }
        var fragmentTicks: UInt64?
        var scale: UInt64 = 0
        for box in Self.boxes(in: movie.content, &reader) {
            switch box.type {
            case "mvhd":
                guard let found = Self.movieTime(box, &reader) else { continue }
                scale = found.scale
                durationMilliseconds = Self.milliseconds(found.ticks, scale: scale)
            case "mvex":
                guard let header = Self.boxes(in: box.content, &reader).first(where: { $0.type == "mehd" }),
                    let ticks = Self.fragmentTicks(header, &reader)
                else { continue }
                fragmentTicks = ticks
            case "trak":
                readTrack(box, &reader)
            default: continue
            }
        }
        if durationMilliseconds == nil, let fragmentTicks {
            durationMilliseconds = Self.milliseconds(fragmentTicks, scale: scale)
        }
    }

    private mutating func readTrack(_ track: Box, _ reader: inout PieceReader) {
        var handler = ""
        var size: (width: Int, height: Int)?
        for box in Self.boxes(in: track.content, &reader) {
            switch box.type {
            case "tkhd":
                size = Self.trackSize(box, &reader)
            case "mdia":
                guard let header = Self.boxes(in: box.content, &reader).first(where: { $0.type == "hdlr" }),
                    let bytes = reader.bytes(at: header.content.lowerBound, count: 12)
                else { continue }
                handler = String(decoding: bytes[8..<12], as: UTF8.self)
            default: continue
            }
        }
        if handler == "soun" { hasSound = true }
        guard handler == "vide" else { return }
        hasPictures = true
        if width == nil, let size { (width, height) = size }
    }

    /// The boxes of a level in order, up to and with the first of type `last`. A box that reaches beyond its parent is cut
    /// off there; one that can't be is the end of the list.
    private static func boxes(in range: Range<Int64>, until last: String? = nil, _ reader: inout PieceReader) -> [Box] {
        var boxes: [Box] = []
        var offset = range.lowerBound
        while boxes.count < mostBoxes, range.upperBound - offset >= 8,
            let head = reader.bytes(at: offset, count: 8)
        {
            var headLength: Int64 = 8
            var length = Int64(head.bigEndian(at: 0, bytes: 4))
            if length == 1 {
                guard let long = reader.bytes(at: offset + 8, count: 8) else { return boxes }
                length = Int64(clamping: long.bigEndian(at: 0, bytes: 8))
                headLength = 16
            } else if length == 0 {
                length = range.upperBound - offset
            }
            guard length >= headLength else { return boxes }
            let end = offset + min(length, range.upperBound - offset)
            guard offset + headLength <= end else { return boxes }
            let box = Box(type: String(decoding: head[4..<8], as: UTF8.self), content: offset + headLength..<end)
            boxes.append(box)
            if box.type == last { return boxes }
            offset = end
        }
        return boxes
    }

    /// Ticks and ticks per second of a movie header.
    private static func movieTime(_ box: Box, _ reader: inout PieceReader) -> (ticks: UInt64, scale: UInt64)? {
        guard let version = reader.bytes(at: box.content.lowerBound, count: 1)?.first else { return nil }
        if version == 1 {
            guard let bytes = reader.bytes(at: box.content.lowerBound, count: 32) else { return nil }
            return (bytes.bigEndian(at: 24, bytes: 8), bytes.bigEndian(at: 20, bytes: 4))
        }
        guard let bytes = reader.bytes(at: box.content.lowerBound, count: 20) else { return nil }
        return (bytes.bigEndian(at: 16, bytes: 4), bytes.bigEndian(at: 12, bytes: 4))
    }

    private static func fragmentTicks(_ box: Box, _ reader: inout PieceReader) -> UInt64? {
        guard let version = reader.bytes(at: box.content.lowerBound, count: 1)?.first else { return nil }
        let count = version == 1 ? 8 : 4
        return reader.bytes(at: box.content.lowerBound + 4, count: count)?.bigEndian(at: 0, bytes: count)
    }

    private static func trackSize(_ box: Box, _ reader: inout PieceReader) -> (width: Int, height: Int)? {
        guard let version = reader.bytes(at: box.content.lowerBound, count: 1)?.first else { return nil }
        let matrix = version == 1 ? 52 : 40
        guard let bytes = reader.bytes(at: box.content.lowerBound, count: matrix + 44) else { return nil }
        // 16.16 fixed point.
        let width = Int(bytes.bigEndian(at: matrix + 36, bytes: 4) >> 16)
        let height = Int(bytes.bigEndian(at: matrix + 40, bytes: 4) >> 16)
        guard width > 0, height > 0 else { return nil }
        let isTurned =
            bytes.bigEndian(at: matrix, bytes: 4) == 0 && bytes.bigEndian(at: matrix + 16, bytes: 4) == 0
            && bytes.bigEndian(at: matrix + 4, bytes: 4) != 0
        return isTurned ? (height, width) : (width, height)
    }

    /// Nil for the "unknown" of either width of the field, too.
    private static func milliseconds(_ ticks: UInt64, scale: UInt64) -> Int? {
        guard scale > 0, ticks != 0xFFFF_FFFF, ticks != .max else { return nil }
        return InputFacts.milliseconds(Double(ticks) / Double(scale))
    }
}
