import Pictures
import Testing

@Suite("A flat picture")
struct FlatPictureTests {
    @Test(
        "has the size asked and takes a few dozen bytes",
        arguments: [(1, 1), (2048, 2048), (3024, 1296), (6197, 2656), (16_384, 1), (1, 16_384), (16_384, 16_384)])
    func size(width: Int, height: Int) throws {
        let picture = try #require(FlatPicture(width: width, height: height, red: 40, green: 80, blue: 160))
        let header = try #require(PictureHeader(picture.bytes))
        #expect(header.kind == .webp)
        #expect(header.width == width)
        #expect(header.height == height)
        #expect(picture.bytes.count < 64)
    }

    @Test("is a well-formed RIFF file, padded to an even length")
    func riff() throws {
        let bytes = try #require(FlatPicture(width: 640, height: 480, red: 1, green: 2, blue: 3)).bytes
        let size = (0..<4).reduce(0) { $0 | Int(bytes[4 + $1]) << (8 * $1) }
        #expect(size == bytes.count - 8)
        #expect(bytes.count.isMultiple(of: 2))
    }

    @Test(
        "does not exist for a size that VP8L cannot hold",
        arguments: [(0, 1), (1, 0), (16_385, 1), (1, 16_385), (-1, 5)])
    func impossible(width: Int, height: Int) {
        #expect(FlatPicture(width: width, height: height, red: 0, green: 0, blue: 0) == nil)
    }
}
