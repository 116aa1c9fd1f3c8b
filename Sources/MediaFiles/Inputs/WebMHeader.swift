/// Duration and size of a WebM file, from the elements at its beginning (RFC 9559). Live recordings tell no duration.
struct WebMHeader: Equatable {
    private(set) var durationMilliseconds: Int?
    private(set) var width: Int?
    private(set) var height: Int?

    private enum ID {
        static let documentType: UInt64 = 0x4282
        static let header: UInt64 = 0x1A45_DFA3
        static let segment: UInt64 = 0x1853_8067
        static let info: UInt64 = 0x1549_A966
        static let timestampScale: UInt64 = 0x2A_D7B1
        static let duration: UInt64 = 0x4489
        static let tracks: UInt64 = 0x1654_AE6B
        static let track: UInt64 = 0xAE
        static let video: UInt64 = 0xE0
        static let pixelWidth: UInt64 = 0xB0
        static let pixelHeight: UInt64 = 0xBA
        static let cluster: UInt64 = 0x1F43_B675
    }

    private struct Element {
        var id: UInt64
        var content: Range<Int>
    }

    /// `webm`, `matroska` ...; nil when the bytes do not begin with a header that says so.
    static func documentType(_ bytes: [UInt8]) -> String? {
        guard let header = elements(of: bytes, in: 0..<bytes.count, most: 1).first, header.id == ID.header,
            let type = elements(of: bytes, in: header.content).first(where: { $0.id == ID.documentType }),
            type.content.count <= 16
        else { return nil }
        return String(decoding: bytes[type.content].prefix { $0 != 0 }, as: UTF8.self)
    }

    /// - Parameter bytes: the beginning of the file; what lies further back is not looked for.
    init(_ bytes: [UInt8]) {
        guard
            let segment = Self.elements(of: bytes, in: 0..<bytes.count, most: 4).first(where: { $0.id == ID.segment })
        else { return }
        for element in Self.elements(of: bytes, in: segment.content, until: ID.cluster) {
            switch element.id {
            case ID.info: readInfo(bytes, element)
            case ID.tracks: readTracks(bytes, element)
            default: continue
            }
        }
    }

    private mutating func readInfo(_ bytes: [UInt8], _ info: Element) {
        var scale: UInt64 = 1_000_000
        var ticks: Double?
        for element in Self.elements(of: bytes, in: info.content) {
            switch (element.id, element.content.count) {
            case (ID.timestampScale, 1...8):
                scale = bytes.bigEndian(at: element.content.lowerBound, bytes: element.content.count)
            case (ID.duration, 4):
                let pattern = UInt32(bytes.bigEndian(at: element.content.lowerBound, bytes: 4))
                ticks = Double(Float(bitPattern: pattern))
            case (ID.duration, 8):
                ticks = Double(bitPattern: bytes.bigEndian(at: element.content.lowerBound, bytes: 8))
            default: continue
            }
        }
        durationMilliseconds = ticks.flatMap { InputFacts.milliseconds($0 * Double(scale) / 1e9) }
    }

    private mutating func readTracks(_ bytes: [UInt8], _ tracks: Element) {
        for track in Self.elements(of: bytes, in: tracks.content) where track.id == ID.track {
            for video in Self.elements(of: bytes, in: track.content) where video.id == ID.video && width == nil {
                let parts = Self.elements(of: bytes, in: video.content)
                width = Self.number(ID.pixelWidth, among: parts, of: bytes)
                height = Self.number(ID.pixelHeight, among: parts, of: bytes)
            }
        }
    }

    private static func number(_ id: UInt64, among elements: [Element], of bytes: [UInt8]) -> Int? {
        guard let found = elements.first(where: { $0.id == id }), (1...4).contains(found.content.count) else {
            return nil
        }
        let number = Int(bytes.bigEndian(at: found.content.lowerBound, bytes: found.content.count))
        return number > 0 ? number : nil
    }

    /// The elements of a level, up to the first of type `last`. One of unknown length, or longer than its parent, ends
    /// with its parent.
    private static func elements(
        of bytes: [UInt8], in range: Range<Int>, most: Int = 256, until last: UInt64? = nil
    ) -> [Element] {
        var elements: [Element] = []
        var offset = range.lowerBound
        while elements.count < most,
            let id = number(bytes, at: &offset, in: range, keepsMarker: true), id != last,
            let length = number(bytes, at: &offset, in: range, keepsMarker: false)
        {
            let end = length < UInt64(range.upperBound - offset) ? offset + Int(length) : range.upperBound
            elements.append(Element(id: id, content: offset..<end))
            offset = end
        }
        return elements
    }

    /// A number of 1 to 8 bytes whose first byte tells by its leading zeros how many there are.
    private static func number(
        _ bytes: [UInt8], at offset: inout Int, in range: Range<Int>, keepsMarker: Bool
    ) -> UInt64? {
        guard offset < range.upperBound, bytes[offset] != 0 else { return nil }
        let count = bytes[offset].leadingZeroBitCount + 1
        guard offset + count <= range.upperBound else { return nil }
        let whole = bytes.bigEndian(at: offset, bytes: count)
        offset += count
        guard !keepsMarker else { return whole }
        let marker: UInt64 = 1 << (7 * UInt64(count))
        // All ones: unknown.
        return whole & (marker - 1) == marker - 1 ? .max : whole & (marker - 1)
    }
}
