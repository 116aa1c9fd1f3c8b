import CPicture
import Testing

@testable import Pictures

/// Runs the engine in the test process. With libvips the results are looked at, without it the one right answer is that it
/// is missing: either way something is asserted. Serialised because libvips is started by the first call.
@Suite("The picture engine", .serialized)
struct PictureEngineTests {
    private static let svg = """
        <svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200" fill="#204080"/>
        <text x="20" y="100" font-family="WenQuanYi Micro Hei, DejaVu Sans" font-size="40" fill="#fff">灯塔 dusk</text></svg>
        """

    private static var hasLibrary: Bool { cpicture_open() == Int32(CPICTURE_OK) }

    private func render(
        _ format: PictureFormat, width: Int = 300, height: Int = 200, svg: String = svg
    ) -> PictureAnswer {
        PictureEngine().perform(
            PictureRequest(work: .render, format: format, width: width, height: height, input: Array(svg.utf8)))
    }

    /// The picture, or nil after the one other right answer was seen.
    private func picture(_ answer: PictureAnswer) throws -> [UInt8]? {
        guard Self.hasLibrary else {
            #expect(answer == .libraryMissing)
            return nil
        }
        return try answer.get()
    }

    @Test("draws an SVG at the exact size in every format", arguments: PictureFormat.allCases)
    func draws(format: PictureFormat) throws {
        guard let bytes = try picture(render(format)) else { return }
        let header = try #require(PictureHeader(bytes))
        #expect(header.kind.rawValue == format.rawValue)
        #expect(header.width == 300)
        #expect(header.height == 200)
    }

    @Test("stretches a drawing of another size to the size asked", arguments: [(1024, 682), (576, 1024), (33, 7)])
    func stretches(width: Int, height: Int) throws {
        guard let bytes = try picture(render(.webp, width: width, height: height)) else { return }
        let header = try #require(PictureHeader(bytes))
        #expect(header.width == width)
        #expect(header.height == height)
    }

    @Test("converts between all formats and keeps the size")
    func converts() throws {
        for source in PictureFormat.allCases {
            guard let bytes = try picture(render(source)) else { return }
            for target in PictureFormat.allCases {
                let answer = PictureEngine().perform(
                    PictureRequest(work: .convert, format: target, effort: 4, input: bytes))
                let header = try #require(PictureHeader(try answer.get()))
                #expect(header.kind.rawValue == target.rawValue)
                #expect(header.width == 300)
                #expect(header.height == 200)
            }
        }
    }

    @Test("reads the flat picture this program writes by itself")
    func readsFlatPictures() throws {
        let flat = try #require(FlatPicture(width: 1195, height: 512, red: 200, green: 60, blue: 20))
        let answer = PictureEngine().perform(PictureRequest(work: .convert, format: .png, input: flat.bytes))
        guard let bytes = try picture(answer) else { return }
        let header = try #require(PictureHeader(bytes))
        #expect(header.width == 1195)
        #expect(header.height == 512)
    }

    @Test("scales down to the longest side and never up", arguments: [(150, 150, 100), (600, 300, 200)])
    func scales(side: Int, width: Int, height: Int) throws {
        guard let bytes = try picture(render(.png)) else { return }
        let answer = PictureEngine().perform(
            PictureRequest(work: .thumbnail, format: .webp, effort: 4, width: side, input: bytes))
        let header = try #require(PictureHeader(try answer.get()))
        #expect(header.width == width)
        #expect(header.height == height)
    }

    @Test("never loads an SVG that came as a picture", arguments: [PictureRequest.Work.convert, .thumbnail])
    func svgFromOutside(work: PictureRequest.Work) {
        let answer = PictureEngine().perform(
            PictureRequest(work: work, format: .png, width: 100, input: Array(Self.svg.utf8)))
        #expect(answer == .refused(.unreadable))
    }

    @Test("refuses sizes beyond its bounds", arguments: [(0, 10), (10, 0), (16_385, 10), (16_000, 16_000)])
    func bounds(width: Int, height: Int) {
        #expect(render(.webp, width: width, height: height) == .refused(.tooLarge))
    }

    @Test("refuses a picture whose header promises too many pixels")
    func bomb() throws {
        let flat = try #require(FlatPicture(width: 16_384, height: 16_384, red: 0, green: 0, blue: 0))
        let answer = PictureEngine().perform(PictureRequest(work: .convert, format: .png, input: flat.bytes))
        #expect(answer == .refused(.tooLarge))
    }

    @Test("says that damaged bytes cannot be read or written, and goes on")
    func damaged() throws {
        let broken = PictureHeaderTests.png + [UInt8](repeating: 7, count: 100)
        let answer = PictureEngine().perform(PictureRequest(work: .convert, format: .webp, input: broken))
        if Self.hasLibrary {
            #expect(answer == .refused(.unreadable) || answer == .refused(.notWritten))
        } else {
            #expect(answer == .libraryMissing)
        }
        #expect(render(.webp, svg: "<svg") == (Self.hasLibrary ? .refused(.unreadable) : .libraryMissing))
    }

    @Test("knows its library's version or says that there is none")
    func version() throws {
        guard let bytes = try picture(PictureEngine().perform(PictureRequest(work: .probe))) else { return }
        #expect(String(decoding: bytes, as: UTF8.self).split(separator: ".").count == 3)
    }
}
