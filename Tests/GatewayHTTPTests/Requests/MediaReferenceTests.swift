import GatewayCore
import GatewayTesting
import NIOCore
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Media references")
struct MediaReferenceTests {
    private static let mediaID = "media_01m3tb5g0" + "0123456789ab"
    private static let data = String(repeating: "QUJD", count: 20)

    private func parse(_ value: JSONValue) -> Result<MediaReference, RequestProblem> {
        do {
            return .success(try MediaReference(value, param: "images[2]", index: 3))
        } catch {
            return .failure(error)
        }
    }

    @Test(
        "every form is recognised",
        arguments: [
            ("https://a.example/x.png", .url("https://a.example/x.png")),
            ("  HTTP://a.example/x ", .url("HTTP://a.example/x")),
            (["url": "https://a.example/x.png"], .url("https://a.example/x.png")),
            (["image_url": "https://a.example/x.png"], .url("https://a.example/x.png")),
            (["image_url": ["url": "https://a.example/x.png"]], .url("https://a.example/x.png")),
            ("data:image/png;base64,QUJD", .data("QUJD", isDeclared: true)),
            ("DATA:image/png;name=a;base64,QUJD", .data("QUJD", isDeclared: true)),
            (["b64_json": "QUJD"], .data("QUJD", isDeclared: true)),
            (["base64": "data:image/png;base64,QUJD"], .data("QUJD", isDeclared: true)),
            (.string(data), .data(Substring(data), isDeclared: false)),
            (
                .string("/9j/" + String(repeating: "AAAA", count: 70)),
                .data(Substring("/9j/" + String(repeating: "AAAA", count: 70)), isDeclared: false)
            ),
            (.string(mediaID), .stored(MediaID(rawValue: mediaID), fileExtension: nil)),
            (.string("file-\(mediaID)"), .stored(MediaID(rawValue: mediaID), fileExtension: nil)),
            (.string("\(mediaID).webp"), .stored(MediaID(rawValue: mediaID), fileExtension: "webp")),
            (["file_id": .string(mediaID)], .stored(MediaID(rawValue: mediaID), fileExtension: nil)),
        ] as [(JSONValue, MediaReference)])
    func forms(_ value: JSONValue, _ expected: MediaReference) throws {
        #expect(try parse(value).get() == expected)
    }

    @Test(
        "what is none of them is refused by its place",
        arguments: [
            ("", .invalidImageReference), ("a cat", .invalidImageReference), (7, .invalidImageReference),
            (true, .invalidImageReference), ([], .invalidImageReference), (["x": "y"], .invalidImageReference),
            (["url": 5], .invalidImageReference), (["image_url": ["x": "y"]], .invalidImageReference),
            ("ftp://a.example/x", .invalidImageReference), ("/etc/passwd", .localPathForbidden),
            ("./a.png", .localPathForbidden), ("../a.png", .localPathForbidden), ("~/a.png", .localPathForbidden),
            ("file:///etc/passwd", .localPathForbidden), ("C:\\a.png", .localPathForbidden),
            ("d:/a.png", .localPathForbidden), ("\\\\server\\a", .localPathForbidden),
            (["url": "file:///etc/passwd"], .localPathForbidden), ("data:image/png,abc", .decodeFailed),
            ("data:image/png;base64", .decodeFailed), (["file_id": "file-abc123"], .mediaNotFound),
            ("media_short", .invalidImageReference),
        ] as [(JSONValue, RequestProblem.Kind)])
    func refusals(_ value: JSONValue, _ kind: RequestProblem.Kind) {
        let refused = #expect(throws: RequestProblem.self) { try parse(value).get() }
        #expect(refused?.kind == kind)
        #expect(refused?.param == "images[2]")
    }

    @Test(
        "base64 is decoded in both alphabets, with line breaks, with or without padding",
        arguments: [
            ("", []), ("QQ==", [65]), ("QQ", [65]), ("QUI=", [65, 66]), ("Q U\r\nJD", [65, 66, 67]),
            ("-_8=", [251, 255]), ("+/8", [251, 255]),
        ] as [(String, [UInt8])])
    func decoding(_ text: String, _ bytes: [UInt8]) async throws {
        #expect(try await ByteChunks.collect(Base64Body(text: text[...])) == bytes)
    }

    @Test("text that is no base64 is told as such", arguments: ["Q", "QUJDQ", "QQ==QQ", "QU*D", "QUJ\u{e4}"])
    func malformed(_ text: String) async {
        await #expect(throws: Base64Body.Malformed.self) {
            _ = try await ByteChunks.collect(Base64Body(text: text[...]))
        }
    }

    @Test("long data is decoded in pieces, whatever the length of its lines")
    func pieces() async throws {
        let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        var buffer = ByteBuffer()
        Base64.write(bytes, into: &buffer)
        var text = String(buffer: buffer)
        var decoded: [UInt8] = []
        var longest = 0
        text.insert("\n", at: text.index(text.startIndex, offsetBy: 77))
        for try await piece in Base64Body(text: text[...]) {
            longest = max(longest, piece.count)
            decoded += piece
        }
        #expect(decoded == bytes)
        #expect(longest < 200_000)
    }
}
