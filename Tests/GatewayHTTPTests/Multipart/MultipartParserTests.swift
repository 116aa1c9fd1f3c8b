import NIOCore
import Testing

@testable import GatewayHTTP

@Suite("Taking a form apart")
struct MultipartParserTests {
    struct Part: Hashable, Sendable {
        var name: String
        var filename: String?
        var contentType: String?
        var data: String
    }

    /// Feeds a body cut into pieces and gives the parts; the data's own cuts are put together.
    static func parse(
        _ pieces: [[UInt8]], contentType: String = "multipart/form-data; boundary=X"
    ) throws(MultipartFault) -> [Part] {
        var parser = try MultipartParser(contentType: contentType)
        var parts: [(head: MultipartPart, data: [UInt8])] = []
        var isInPart = false
        var isFinished = false
        for piece in pieces {
            parser.feed(ByteBuffer(bytes: piece))
            while let event = try parser.next() {
                switch event {
                case .partBegan(let head):
                    #expect(!isInPart && !isFinished)
                    isInPart = true
                    parts.append((head, []))
                case .partData(let data):
                    #expect(isInPart && data.readableBytes > 0)
                    parts[parts.count - 1].data += data.readableBytesView
                case .partEnded:
                    #expect(isInPart)
                    isInPart = false
                case .finished:
                    #expect(!isInPart && !isFinished)
                    isFinished = true
                }
            }
        }
        try parser.finish()
        #expect(isFinished)
        return parts.map {
            Part(
                name: $0.head.name, filename: $0.head.filename, contentType: $0.head.contentType,
                data: String(decoding: $0.data, as: UTF8.self))
        }
    }

    static func outcome(_ pieces: [[UInt8]]) -> Result<[Part], MultipartFault> {
        Result { () throws(MultipartFault) in try parse(pieces) }
    }

    private static let disposition = "Content-Disposition: form-data; name="

    /// Everything that makes a boundary hard to find.
    static let tricky =
        "preamble\r\n--X \t\r\n\(disposition)\"a\"\r\n\r\n--X\r\n"  // a part without data
        + "\(disposition)b\r\n\r\n\r\n--X\r\n"  // the same with its own line break
        + "content-DISPOSITION:form-data;name=\"c\" ; filename=\"f.png\"\r\nContent-Type: Image/PNG; x=\"y\r\n\r\n"
        + "\r\n\r\n--Xy\r\n--X-\r\n--\r\r\n--X y\r\n-X\r\n--x\r\n\r\r\n--X\r\n"
        + "\(disposition)\"d\"\r\nX-Long: one\r\n two\r\n\r\nlast\r\n--X--\r\nepilogue\r\n--X\r\nmore"

    static let trickyParts = [
        Part(name: "a", data: ""), Part(name: "b", data: ""),
        Part(
            name: "c", filename: "f.png", contentType: "image/png",
            data: "\r\n\r\n--Xy\r\n--X-\r\n--\r\r\n--X y\r\n-X\r\n--x\r\n\r"),
        Part(name: "d", data: "last"),
    ]

    @Test("a form comes out the same wherever its bytes are cut")
    func everySplit() throws {
        let bytes = Array(Self.tricky.utf8)
        #expect(try Self.parse([bytes]) == Self.trickyParts)
        #expect(try Self.parse(bytes.map { [$0] }) == Self.trickyParts)
        for first in 0...bytes.count {
            #expect(try Self.parse([Array(bytes[..<first]), Array(bytes[first...])]) == Self.trickyParts)
        }
        for size in 2...40 {
            let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0...].prefix(size)) }
            #expect(try Self.parse(pieces) == Self.trickyParts, "pieces of \(size)")
        }
    }

    @Test("a form that ends early is refused wherever it ends, and cut anywhere it is refused alike")
    func everyEnd() throws {
        let end = try #require(Self.tricky.firstRange(of: "--X--"))
        let bytes = Array(Self.tricky[..<end.upperBound].utf8)
        #expect(try Self.parse([bytes]) == Self.trickyParts)
        for count in 0..<bytes.count {
            let cut = Array(bytes[..<count])
            let outcome = Self.outcome([cut])
            #expect(outcome == .failure(.prematureEnd) || outcome == .failure(.noFirstPart))
            #expect(Self.outcome(cut.map { [$0] }) == outcome)
        }
    }

    @Test("a body of nothing but false starts is gone through once, and whole")
    func falseStarts() throws {
        let noise = String(repeating: "\r\n--", count: 30_000) + String(repeating: "\r", count: 30_000)
        let body = "--X\r\n\(Self.disposition)a\r\n\r\n\(noise)\r\n--X--"
        let parts = try Self.parse([Array(body.utf8)])
        #expect(parts == [Part(name: "a", data: noise)])
    }

    @Test("data is handed on without being copied")
    func slices() throws {
        var parser = try MultipartParser(contentType: "multipart/form-data; boundary=X")
        parser.feed(ByteBuffer(string: "--X\r\n\(Self.disposition)a\r\n\r\n"))
        #expect(try parser.next() == .partBegan(MultipartPart(name: "a")))
        #expect(try parser.next() == nil)
        parser.feed(ByteBuffer(string: "x"))
        #expect(try parser.next() == .partData(ByteBuffer(string: "x")))
        #expect(try parser.next() == nil)
        let chunk = ByteBuffer(repeating: 7, count: 65_536)
        parser.feed(chunk)
        guard case .partData(let data) = try parser.next() else {
            Issue.record("no data")
            return
        }
        let addresses = [chunk, data].map { buffer in buffer.withUnsafeReadableBytes { $0.baseAddress } }
        #expect(addresses[0] == addresses[1])
        #expect(data.readableBytes == 65_536)
    }

    struct Named: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let header: String
        let name: String
        var filename: String?
        var contentType: String?

        init(_ who: String, _ header: String, _ name: String, _ filename: String? = nil, _ type: String? = nil) {
            testDescription = who
            self.header = header
            self.name = name
            self.filename = filename
            contentType = type
        }
    }

    @Test(
        "names are read as the clients at large write them",
        arguments: [
            Named(
                "curl", "\(disposition)\"image\"; filename=\"a b.png\"\r\nContent-Type: image/png", "image", "a b.png",
                "image/png"),
            Named(
                "curl, older: backslashes", #"\#(disposition)"i\"\\"; filename="a\"b\\c.png""#, #"i"\"#, #"a"b\c.png"#),
            Named(
                "browsers and new curl: percent", #"\#(disposition)"i%22"; filename="a%22b%0D%0Ac%0a.png""#, "i\"",
                "a\"b\r\nc\n.png"),
            Named("a percent sign is one", #"\#(disposition)"x"; filename="100%25%41%.png""#, "x", "100%25%41%.png"),
            Named("browsers: UTF-8", #"\#(disposition)"图片"; filename="猫.png""#, "图片", "猫.png"),
            Named("Python: RFC 5987", "\(disposition)x; filename*=utf-8''%E7%8C%AB%20a.png", "x", "猫 a.png"),
            Named(
                "both forms: the extended wins",
                #"\#(disposition)"x"; filename="cat.png"; filename*=UTF-8'zh'%E7%8C%AB.png"#, "x", "猫.png"),
            Named("extended in Latin 1", "\(disposition)x; filename*=ISO-8859-1''na%EFve", "x", "naïve"),
            Named("extended in an unknown set", "\(disposition)x; filename=b; filename*=koi8-r''%EF", "x", "b"),
            Named("extended name", "\(disposition)y; name*=utf-8''%C3%A9", "é"),
            Named("whole paths", #"\#(disposition)"x"; filename="C:\dir\file.png""#, "x", #"C:\dir\file.png"#),
            Named("an empty file field", #"\#(disposition)"x"; filename="""#, "x", ""),
            Named("names with signs", #"\#(disposition)"images[]"; filename="a;b=c.png""#, "images[]", "a;b=c.png"),
            Named("the first of two", "\(disposition)a; name=b; FILENAME=c; filename=d", "a", "c"),
            Named(
                "blanks all over",
                "Content-Disposition :  ".replacing(" :", with: ":") + "form-data ;  name = \"a\" ; filename = b ", "a",
                "b"),
            Named("continued line", "Content-Disposition: form-data;\r\n\tname=\"a\";\r\n filename=b", "a", "b"),
            Named("bytes that are no text", "\(disposition)\"a\u{FFFD}\"", "a\u{FFFD}"),
            Named(
                "other headers", "X: y\r\n\(disposition)a\r\nContent-Length: 4\r\nContent-Transfer-Encoding: Binary",
                "a"),
            Named(
                "Content-Type with a broken parameter", "\(disposition)a\r\nContent-Type: video/mp4; x=\"y", "a", nil,
                "video/mp4"),
        ])
    func names(_ sample: Named) throws {
        let body = "--X\r\n\(sample.header)\r\n\r\ndata\r\n--X--\r\n"
        let expected = Part(
            name: sample.name, filename: sample.filename, contentType: sample.contentType, data: "data")
        #expect(try Self.parse([Array(body.utf8)]) == [expected])
    }

    @Test(
        "headers that can't be read are refused",
        arguments: [
            ("", .partWithoutName), ("X: y", .partWithoutName), ("\(disposition)\"\"", .partWithoutName),
            ("Content-Disposition: form-data", .partWithoutName),
            ("Content-Disposition: form-data; filename=x", .partWithoutName),
            ("\(disposition)\"a", .malformedHeaders), ("no colon", .malformedHeaders),
            (" begins: with a blank", .malformedHeaders), ("\(disposition)a\nX: y", .malformedHeaders),
            ("\(disposition)a\rX: y", .malformedHeaders), ("\(disposition)a\0", .malformedHeaders),
            ("\(disposition)a\r\nContent-Transfer-Encoding: base64", .unsupportedEncoding),
            ("\(disposition)a\r\nX: " + String(repeating: "y", count: 17 << 10), .headersTooLarge),
        ] as [(String, MultipartFault)])
    func badHeaders(_ sample: (header: String, fault: MultipartFault)) {
        let bytes = Array("--X\r\n\(sample.header)\r\n\r\ndata\r\n--X--\r\n".utf8)
        #expect(Self.outcome([bytes]) == .failure(sample.fault))
        #expect(Self.outcome(bytes.map { [$0] }) == .failure(sample.fault))
    }

    @Test("headers without end are refused before more of them is held")
    func endlessHeaders() throws {
        var parser = try MultipartParser(contentType: "multipart/form-data; boundary=X")
        parser.feed(ByteBuffer(string: "--X\r\n\(Self.disposition)a\r\nX: "))
        #expect(try parser.next() == nil)
        parser.feed(ByteBuffer(repeating: 0x61, count: 17 << 10))
        #expect(throws: MultipartFault.headersTooLarge) { try parser.next() }
    }

    @Test(
        "a body that never comes to the point is refused",
        arguments: [
            ("", .noFirstPart), ("just text", .noFirstPart), ("--Y\r\n\r\n--Y--", .noFirstPart),
            (String(repeating: "p", count: 5000) + "\r\n--X--", .noFirstPart), ("--X", .noFirstPart),
            ("--X\r\n", .prematureEnd), ("--X\r\n\(disposition)a\r\n\r\ndata", .prematureEnd),
            ("--X\r\n\(disposition)a\r\n\r\ndata\r\n--X", .prematureEnd),
            ("--X\r\n\(disposition)a\r\n\r\ndata\r\n--X-", .prematureEnd),
            ("--X" + String(repeating: " ", count: 65) + "\r\n", .noFirstPart),
        ] as [(String, MultipartFault)])
    func noPoint(_ sample: (body: String, fault: MultipartFault)) {
        #expect(Self.outcome([Array(sample.body.utf8)]) == .failure(sample.fault))
    }

    @Test("a form without parts is one")
    func empty() throws {
        #expect(try Self.parse([Array("--X--".utf8)]).isEmpty)
    }

    @Test("a hundred parts are read, one more is refused")
    func partCount() throws {
        let part = "--X\r\n\(Self.disposition)a\r\n\r\n1\r\n"
        #expect(try Self.parse([Array((String(repeating: part, count: 100) + "--X--").utf8)]).count == 100)
        let more = Self.outcome([Array((String(repeating: part, count: 101) + "--X--").utf8)])
        #expect(more == .failure(.tooManyParts))
    }

    @Test(
        "the boundary is found in the request's Content-Type",
        arguments: [
            "multipart/form-data; boundary=X", "multipart/form-data;boundary=\"X\"",
            "Multipart/Form-Data; charset=utf-8; BOUNDARY=X ", "multipart/form-data; boundary=X; charset=utf-8",
        ])
    func boundaries(_ contentType: String) throws {
        #expect(try Self.parse([Array("--X--".utf8)], contentType: contentType).isEmpty)
    }

    @Test(
        "a boundary that none can be is refused",
        arguments: [
            "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=\"X \"", "multipart/form-data; boundary=é", "",
            "multipart/form-data; boundary=\"X", "multipart/form-data; boundary=" + String(repeating: "X", count: 71),
        ])
    func badBoundaries(_ contentType: String) {
        #expect(throws: MultipartFault.noBoundary) { try MultipartParser(contentType: contentType) }
    }

    @Test("boundaries of browsers and of curl, and one as long as they get, are found")
    func realBoundaries() throws {
        for boundary in [
            "----WebKitFormBoundary7MA4YWxkTrZu0gW", "------------------------d74496d66958873e",
            "0123456789abcdef0123456789abcdef", String(repeating: "-", count: 70), "a'()+_,-./:=?b c",
        ] {
            let body = "--\(boundary)\r\n\(Self.disposition)a\r\n\r\n--data\r\n--\r\n--\(boundary)--\r\n"
            let parts = try Self.parse(
                [Array(body.utf8)], contentType: "multipart/form-data; boundary=\"\(boundary)\"")
            #expect(parts == [Part(name: "a", data: "--data\r\n--")])
        }
    }
}
