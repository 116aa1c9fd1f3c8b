/// An MP4 file of one grey H.264 picture that stands for a given time, written without any library: what is served where a
/// video cannot be drawn.
///
/// Every macroblock says "predict from the neighbours, nothing to add" (type I_16x16 with DC prediction, no coefficients),
/// which takes eight bits and gives the middle grey all over.
package struct StillVideo: Sendable {
    /// A side may be as long as this, in pixels.
    package static let longestSide = 8_192

    /// The whole file, its index in front of its data.
    package let bytes: [UInt8]

    /// Nil when a side is below 16, above ``longestSide`` or odd (pictures of this kind have half as many rows and columns
    /// of colour), or when the length is not 1 ms to 10 minutes.
    package init?(width: Int, height: Int, milliseconds: Int) {
        guard (16...Self.longestSide).contains(width), (16...Self.longestSide).contains(height), width % 2 == 0,
            height % 2 == 0, (1...600_000).contains(milliseconds)
        else { return nil }
        let picture = GreyPicture(width: width, height: height)
        let sample = Self.number(picture.slice.count, bytes: 4) + picture.slice
        let type = Self.box("ftyp", Self.text("isom") + Self.number(0x200, bytes: 4) + Self.text("isomiso2avc1mp41"))
        // The place of the data stands in the index, whose length does not depend on it.
        func index(dataAt offset: Int) -> [UInt8] {
            Self.index(
                picture, width: width, height: height, milliseconds: milliseconds, sampleSize: sample.count,
                offset: offset)
        }
        let offset = type.count + index(dataAt: 0).count + 8
        bytes = type + index(dataAt: offset) + Self.box("mdat", sample)
    }

    // MARK: - Boxes

    private static func index(
        _ picture: GreyPicture, width: Int, height: Int, milliseconds: Int, sampleSize: Int, offset: Int
    ) -> [UInt8] {
        let none = number(0, bytes: 4)
        let length = number(milliseconds, bytes: 4)
        let matrix = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000].flatMap { number($0, bytes: 4) }
        let scale = number(1_000, bytes: 4)
        let fileHeader =
            none + none + none + scale + length + number(0x10000, bytes: 4) + number(0x100, bytes: 2)
            + [UInt8](repeating: 0, count: 10) + matrix + [UInt8](repeating: 0, count: 24) + number(2, bytes: 4)
        let trackHeader =
            number(3, bytes: 4) + none + none + number(1, bytes: 4) + none + length
            + [UInt8](repeating: 0, count: 16) + matrix + number(width << 16, bytes: 4) + number(height << 16, bytes: 4)
        // 0x55C4 is "und", five bits a letter.
        let mediaHeader = none + none + none + scale + length + number(0x55C4, bytes: 2) + number(0, bytes: 2)
        let handler = none + none + text("vide") + [UInt8](repeating: 0, count: 12) + text("still") + [0]
        let reference = none + number(1, bytes: 4) + box("url ", number(1, bytes: 4))
        let entry =
            [UInt8](repeating: 0, count: 6) + number(1, bytes: 2) + [UInt8](repeating: 0, count: 16)
            + number(width, bytes: 2) + number(height, bytes: 2) + number(0x48_0000, bytes: 4)
            + number(0x48_0000, bytes: 4) + none + number(1, bytes: 2) + [UInt8](repeating: 0, count: 32)
            + number(24, bytes: 2) + number(0xFFFF, bytes: 2) + box("avcC", picture.configuration)
        let one = number(1, bytes: 4)
        let table =
            box("stsd", none + one + box("avc1", entry)) + box("stts", none + one + one + length)
            + box("stss", none + one + one) + box("stsc", none + one + one + one + one)
            + box("stsz", none + number(sampleSize, bytes: 4) + one)
            + box("stco", none + one + number(offset, bytes: 4))
        let information =
            box("vmhd", number(1, bytes: 4) + [UInt8](repeating: 0, count: 8))
            + box("dinf", box("dref", reference)) + box("stbl", table)
        let media = box("mdhd", mediaHeader) + box("hdlr", handler) + box("minf", information)
        return box("moov", box("mvhd", fileHeader) + box("trak", box("tkhd", trackHeader) + box("mdia", media)))
    }

    private static func box(_ type: String, _ contents: [UInt8]) -> [UInt8] {
        number(contents.count + 8, bytes: 4) + text(type) + contents
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// Big-endian.
    private static func number(_ value: Int, bytes count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
