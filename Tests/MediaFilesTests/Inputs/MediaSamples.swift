/// Small files of every kind, made by hand from their formats' definitions.
enum MediaSamples {
    static func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    static func little(_ value: Int, _ count: Int) -> [UInt8] { big(value, count).reversed() }

    // MARK: - ISO base media

    static func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        big(content.count + 8, 4) + Array(type.utf8) + content
    }

    static func fileType(_ brand: String) -> [UInt8] {
        box("ftyp", Array(brand.utf8) + big(512, 4) + Array("isomiso2".utf8))
    }

    static func movieHeader(ticks: Int, scale: Int, isLong: Bool = false) -> [UInt8] {
        let times =
            isLong
            ? big(0, 16) + big(scale, 4) + big(ticks, 8) : big(0, 8) + big(scale, 4) + big(ticks, 4)
        return box("mvhd", [isLong ? 1 : 0, 0, 0, 0] + times + [UInt8](repeating: 0, count: 80))
    }

    static func track(_ handler: String, width: Int = 0, height: Int = 0, isTurned: Bool = false) -> [UInt8] {
        let one = big(0x10000, 4)
        let zero = big(0, 4)
        let last = big(0x4000_0000, 4)
        let matrix =
            isTurned
            ? zero + one + zero + big(0xFFFF_0000, 4) + zero + zero + zero + zero + last
            : one + zero + zero + zero + one + zero + zero + zero + last
        let header = box(
            "tkhd", [0, 0, 0, 3] + big(0, 36) + matrix + big(width << 16, 4) + big(height << 16, 4))
        let media = box("mdia", box("hdlr", big(0, 8) + Array(handler.utf8) + big(0, 12)))
        return box("trak", header + media)
    }

    static func movie(
        brand: String = "isom", milliseconds: Int, width: Int = 640, height: Int = 360, isTurned: Bool = false,
        indexAtEnd: Bool = false, dataLength: Int = 1000
    ) -> [UInt8] {
        let index = box(
            "moov",
            movieHeader(ticks: milliseconds, scale: 1000) + track("soun")
                + track("vide", width: width, height: height, isTurned: isTurned))
        let data = box("mdat", [UInt8](repeating: 0x6D, count: dataLength))
        return fileType(brand) + (indexAtEnd ? box("free", []) + data + index : index + data)
    }

    static func sound(brand: String, milliseconds: Int) -> [UInt8] {
        fileType(brand) + box("moov", movieHeader(ticks: milliseconds * 44, scale: 44_000) + track("soun"))
            + box("mdat", [1, 2, 3])
    }

    // MARK: - Others

    static func bitmap(width: Int, height: Int) -> [UInt8] {
        Array("BM".utf8) + little(54, 4) + big(0, 4) + little(54, 4) + little(40, 4) + little(width, 4)
            + little(height, 4) + little(1, 2) + little(24, 2) + [UInt8](repeating: 0, count: 24)
    }

    static func wave(bytesPerSecond: Int, sound: Int, declared: Int? = nil) -> [UInt8] {
        Array("RIFF".utf8) + little(sound + 60, 4) + Array("WAVELIST".utf8) + little(5, 4) + [1, 2, 3, 4, 5, 0]
            + Array("fmt ".utf8) + little(16, 4) + little(1, 2) + little(2, 2) + little(bytesPerSecond / 4, 4)
            + little(bytesPerSecond, 4) + little(4, 2) + little(16, 2) + Array("data".utf8)
            + little(declared ?? sound, 4) + [UInt8](repeating: 0, count: sound)
    }

    /// A stereo frame of MPEG 1 layer III with 128 kbit/s at 44.1 kHz begins so.
    static let frameHeader: [UInt8] = [0xFF, 0xFB, 0x90, 0x00]

    /// With an encoder's count of frames, or of constant bit rate without one; behind a tag of so many bytes.
    static func mp3(frames: Int?, tag: Int? = nil, soundLength: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        if let tag {
            let length = (0..<4).reversed().map { UInt8(tag >> ($0 * 7) & 0x7F) }
            bytes += Array("ID3".utf8) + [4, 0, 0] + length + [UInt8](repeating: 0x20, count: tag)
        }
        var sound = frameHeader
        if let frames { sound += [UInt8](repeating: 0, count: 32) + Array("Xing".utf8) + big(1, 4) + big(frames, 4) }
        sound += [UInt8](repeating: 0x55, count: max(0, soundLength - sound.count))
        return bytes + sound
    }

    static func element(_ id: Int, _ idLength: Int, _ content: [UInt8]) -> [UInt8] {
        big(id, idLength) + big(content.count | 0x1000_0000, 4) + content
    }

    static func webm(type: String = "webm", seconds: Double?, width: Int, height: Int) -> [UInt8] {
        let header = element(0x1A45_DFA3, 4, element(0x4282, 2, Array(type.utf8)))
        var info = element(0x2AD7B1, 3, big(1_000_000, 3))
        if let seconds { info += element(0x4489, 2, big(Int(bitPattern: UInt((seconds * 1000).bitPattern)), 8)) }
        let video = element(0xE0, 1, element(0xB0, 1, big(width, 2)) + element(0xBA, 1, big(height, 2)))
        let tracks = element(0x1654_AE6B, 4, element(0xAE, 1, element(0xD7, 1, [1]) + video))
        // A segment of unknown length, as live recorders write it.
        return header + big(0x1853_8067, 4) + [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
            + element(0x1549_A966, 4, info) + tracks + element(0x1F43_B675, 4, [0, 1, 2])
    }
}
