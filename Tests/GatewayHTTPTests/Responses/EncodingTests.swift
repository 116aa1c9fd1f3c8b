import NIOCore
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Encoding")
struct EncodingTests {
    @Test(
        "base64 has the standard alphabet and padding",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func base64(_ text: String, _ encoded: String) {
        var buffer = ByteBuffer()
        Base64.write(Array(text.utf8), into: &buffer)
        #expect(String(buffer: buffer) == encoded)
        #expect(Base64.encodedCount(text.utf8.count) == encoded.utf8.count)
    }

    @Test("base64 of every byte")
    func everyByte() {
        var buffer = ByteBuffer()
        Base64.write([0xFB, 0xFF, 0xBF, 0x00], into: &buffer)
        #expect(String(buffer: buffer) == "+/+/AA==")
    }

    @Test(
        "ranges are read as RFC 9110 says",
        arguments: [
            (nil, ByteRange.whole), ("bytes=0-0", .part(0..<1)), ("bytes=5-", .part(5..<10)),
            ("BYTES=-3", .part(7..<10)),
            ("bytes=-20", .part(0..<10)), ("bytes=0-99", .part(0..<10)), ("bytes=10-", .unsatisfiable),
            ("bytes=-0", .unsatisfiable), ("bytes=5-4", .whole), ("bytes=0-1,3-4", .whole), ("items=0-1", .whole),
            ("bytes=-", .whole), ("bytes=a-b", .whole), ("bytes=0-9223372036854775807", .part(0..<10)),
            ("bytes=99999999999999999999-", .whole),
        ] as [(String?, ByteRange)])
    func ranges(_ field: String?, _ expected: ByteRange) {
        #expect(ByteRange(field, size: 10) == expected)
    }

    @Test("equal requests have equal canonical text")
    func canonical() throws {
        func text(_ json: String) throws -> String {
            var bytes: [UInt8] = []
            try JSONValue.parse(json).canonical(into: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(try text(#"{ "b": [1, {"d":null,"c":"x"}], "a": true }"#) == #"{"a":true,"b":[1,{"c":"x","d":null}]}"#)
        #expect(try text(#"{"a":[1,2]}"#) != text(#"{"a":[2,1]}"#))
    }
}
