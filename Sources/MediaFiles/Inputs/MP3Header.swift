/// Duration of an MP3 file: by the count of frames where an encoder left one (Xing, Info, VBRI), else by the bit rate of
/// the first frame.
struct MP3Header: Equatable {
    let durationMilliseconds: Int?

    /// How far behind the tags the first frame is looked for.
    private static let searchLength = 4096

    /// A frame header of MPEG 1, 2 or 2.5, layer III.
    struct Frame: Equatable {
        let isVersion1: Bool
        let isMono: Bool
        let bitsPerSecond: Int
        let samplesPerSecond: Int

        var samples: Int { isVersion1 ? 1152 : 576 }
        /// Where an encoder's own header would begin, from the frame's start.
        var encoderHeaderOffset: Int { 4 + (isVersion1 ? (isMono ? 17 : 32) : (isMono ? 9 : 17)) }

        private static let rates1 = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
        private static let rates2 = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]

        /// Nil unless `bytes` begin with a header whose every field has a defined value.
        init?(_ bytes: ArraySlice<UInt8>) {
            guard bytes.count >= 4 else { return nil }
            let (first, second, third, fourth) = (
                bytes[bytes.startIndex], bytes[bytes.startIndex + 1], bytes[bytes.startIndex + 2],
                bytes[bytes.startIndex + 3]
            )
            guard first == 0xFF, second & 0xE0 == 0xE0, second & 0x06 == 0x02 else { return nil }
            let version = second >> 3 & 3
            let rate = Int(third >> 4)
            let sampling = Int(third >> 2 & 3)
            guard version != 1, (1...14).contains(rate), sampling < 3, fourth & 3 != 2 else { return nil }
            isVersion1 = version == 3
            isMono = fourth >> 6 == 3
            bitsPerSecond = (isVersion1 ? Self.rates1 : Self.rates2)[rate - 1] * 1000
            samplesPerSecond = [44_100, 48_000, 32_000][sampling] >> (version == 3 ? 0 : version == 2 ? 1 : 2)
        }
    }

    /// Nil when no frame is found where the first one should be.
    init?(_ reader: inout PieceReader) {
        var begin: Int64 = 0
        if let tag = reader.bytes(at: 0, count: 10), tag.starts(with: "ID3".utf8) {
            // Seven bits of each byte count.
            let length = tag[6..<10].reduce(Int64(0)) { $0 << 7 | Int64($1 & 0x7F) }
            begin = 10 + length + (tag[5] & 0x10 != 0 ? 10 : 0)
        }
        guard let bytes = reader.bytes(at: begin, upTo: Self.searchLength),
            let index = bytes.indices.first(where: { Frame(bytes[$0...]) != nil }),
            let frame = Frame(bytes[index...])
        else { return nil }
        if let frames = Self.frameCount(Array(bytes[index...]), frame), frames > 0 {
            durationMilliseconds = InputFacts.milliseconds(
                Double(frames) * Double(frame.samples) / Double(frame.samplesPerSecond))
        } else {
            let sound = reader.byteCount - begin - Int64(index)
            durationMilliseconds = InputFacts.milliseconds(Double(sound) * 8 / Double(frame.bitsPerSecond))
        }
    }

    private static func frameCount(_ bytes: [UInt8], _ frame: Frame) -> UInt64? {
        let xing = frame.encoderHeaderOffset
        if bytes.count >= xing + 12,
            bytes[xing...].starts(with: "Xing".utf8) || bytes[xing...].starts(with: "Info".utf8),
            bytes[xing + 7] & 1 == 1
        {
            return bytes.bigEndian(at: xing + 8, bytes: 4)
        }
        let vbri = 4 + 32
        if bytes.count >= vbri + 18, bytes[vbri...].starts(with: "VBRI".utf8) {
            return bytes.bigEndian(at: vbri + 14, bytes: 4)
        }
        return nil
    }
}
