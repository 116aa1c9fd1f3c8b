import NIOCore
import Testing

@testable import GatewayBench

@Suite struct AnswerReaderTests {
    private static let two =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ncontent-length: 4\r\n\r\npong"
        + "HTTP/1.1 404 Not Found\r\nContent-Length:0\r\n\r\n"

    @Test("answers are read however the bytes are cut", arguments: [1, 3, 7, 1000])
    func pieces(_ length: Int) throws {
        var reader = AnswerReader()
        var answers: [(status: Int, body: String)] = []
        var rest = ByteBuffer(string: Self.two)
        while rest.readableBytes > 0, var part = rest.readSlice(length: min(length, rest.readableBytes)) {
            reader.append(&part)
            while let (status, body) = try reader.next() { answers.append((status, String(buffer: body))) }
        }
        #expect(answers.map(\.status) == [200, 404])
        #expect(answers.map(\.body) == ["pong", ""])
    }

    @Test(
        "an answer without a readable length or status is refused",
        arguments: ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 abc\r\nContent-Length: 1\r\n\r\n"])
    func unreadable(_ text: String) {
        var reader = AnswerReader()
        var part = ByteBuffer(string: text)
        reader.append(&part)
        #expect(throws: AnswerReader.Problem.self) { try reader.next() }
    }
}
