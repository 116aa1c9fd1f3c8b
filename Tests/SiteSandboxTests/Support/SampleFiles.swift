import Pictures
import Testing

/// Small files of every kind that can be sent up. They are headers, not whole pictures: nobody here decodes them.
enum SampleFiles {
    static func png(width: Int = 640, height: Int = 480, padding: Int = 100) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + big(width) + big(height)
            + [8, 2, 0, 0, 0] + [UInt8](repeating: 7, count: padding)
    }

    static func bmp(width: Int, height: Int) -> [UInt8] {
        Array("BM".utf8) + [UInt8](repeating: 0, count: 16) + little(width, 4) + little(-height, 4)
            + [UInt8](repeating: 0, count: 40)
    }

    static func mp4(width: Int = 640, height: Int = 360, milliseconds: Int = 5_350) throws -> [UInt8] {
        try #require(StillVideo(width: width, height: height, milliseconds: milliseconds)).bytes
    }

    /// The same film with its index at the end, as cameras write it.
    static func movAtEnd() throws -> [UInt8] {
        let file = try mp4()
        func size(_ offset: Int) -> Int { file[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
        let typeEnd = size(0)
        let indexEnd = typeEnd + size(typeEnd)
        let type = big(20) + Array("ftypqt  ".utf8) + big(0) + Array("qt  ".utf8)
        return type + big(8) + Array("wide".utf8) + file[indexEnd...] + file[typeEnd..<indexEnd]
    }

    static func wav(milliseconds: Int, byteRate: Int = 32_000, length: Int? = nil) -> [UInt8] {
        let count = byteRate * milliseconds / 1_000
        let head =
            Array("RIFF".utf8) + little(count + 36, 4) + Array("WAVELIST".utf8) + little(4, 4) + [1, 2, 3, 4]
            + Array("fmt ".utf8) + little(16, 4) + [1, 0, 1, 0] + little(16_000, 4) + little(byteRate, 4)
            + [2, 0, 16, 0]
        return head + Array("data".utf8) + little(length ?? count, 4) + [UInt8](repeating: 0, count: count)
    }

    /// 128 kbit/s, 44.1 kHz; with a tag in front, or with a count of frames.
    static func mp3(bytes: Int = 16_000, tag: Int? = nil, frames: Int? = nil) -> [UInt8] {
        var sound: [UInt8] = [0xFF, 0xFB, 0x90, 0x00]
        if let frames {
            sound += [UInt8](repeating: 0, count: 32) + Array("Xing".utf8) + big(1) + big(frames)
        }
        sound += [UInt8](repeating: 0, count: max(0, bytes - sound.count))
        guard let tag else { return sound }
        let size = [UInt8(tag >> 21 & 127), UInt8(tag >> 14 & 127), UInt8(tag >> 7 & 127), UInt8(tag & 127)]
        return Array("ID3".utf8) + [4, 0, 0] + size + [UInt8](repeating: 0, count: tag) + sound
    }

    private static func big(_ value: Int) -> [UInt8] {
        (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
