import Testing

@testable import Pictures

@Suite("A video made without any library")
struct StillVideoTests {
    @Test(
        "has its index before its data, and the sizes it was asked for",
        arguments: [(1_280, 720), (720, 1_280), (16, 16), (5_040, 2_160)])
    func boxes(width: Int, height: Int) throws {
        let bytes = try #require(StillVideo(width: width, height: height, milliseconds: 5_042)).bytes
        var offset = 0
        var types: [String] = []
        while offset + 8 <= bytes.count {
            let size = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            types.append(String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self))
            offset += size
        }
        #expect(types == ["ftyp", "moov", "mdat"])
        #expect(offset == bytes.count)
        // One byte for every macroblock of 16 by 16.
        #expect(bytes.count > (width / 16) * (height / 16))
        #expect(bytes.count < ((width + 15) / 16) * ((height + 15) / 16) + 1_000)
    }

    @Test("holds no start code by accident")
    func escapes() {
        for (width, height) in [(16, 16), (1_280, 720), (854, 480), (2_048, 2_048), (8_192, 8_192)] {
            let slice = GreyPicture(width: width, height: height).slice
            var zeros = 0
            for byte in slice {
                #expect(!(zeros >= 2 && byte < 3))
                zeros = byte == 0 ? zeros + 1 : 0
            }
        }
    }

    @Test(
        "is refused for sizes and lengths that cannot be",
        arguments: [(15, 16, 1), (16, 8_194, 1), (17, 16, 1), (16, 16, 0), (16, 16, 600_001), (-16, 16, 1)])
    func limits(width: Int, height: Int, milliseconds: Int) {
        #expect(StillVideo(width: width, height: height, milliseconds: milliseconds) == nil)
    }
}
