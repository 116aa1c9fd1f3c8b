import GatewayApp
import GatewayCore
import Logging
import Synchronization
import Testing
import WireJSON

@Suite("Log lines", .timeLimit(.minutes(10)))
struct LogLineTests {
    @Test(
        "a secret that a text carries by mistake is blotted out",
        arguments: [
            ("Cookie: sessionid=0123456789abcdef; other=1", "Cookie: sessionid=****; other=1"),
            ("SESSIONID=0123456789abcdef", "SESSIONID=****"),
            ("authorization: Bearer us-0123456789abcdef", "authorization: **** ****"),
            ("got Bearer 0123456789abcdef, refused", "got Bearer ****, refused"),
            ("key=sk-jm-abcdefghijkl", "key=sk-jm-****"),
            ("sk-jm-abcdefghijkl", "sk-jm-****"),
            (#"{"sessionid":"0123456789abcdef"}"#, #"{"sessionid":"****"}"#),
            (
                "connect to http://user:pass@proxy.example:8080 failed",
                "connect to http://****@proxy.example:8080 failed"
            ),
            ("https://host/file?x-signature=abc%3D&other=1", "https://host/file?x-signature=****&other=1"),
        ])
    func redaction(_ text: String, _ shown: String) {
        #expect(Redaction.clean(text) == shown)
    }

    @Test(
        "harmless texts stay as they are",
        arguments: [
            "", "gen_9k2v7q4n8w1x", "200", "seedance_40_pro", "GET /v1/models in 3 ms", "a=b", "me@example.org",
        ])
    func harmless(_ text: String) {
        #expect(Redaction.clean(text) == text)
    }

    private func line(_ format: LineLogHandler.Format, _ message: Logger.Message, _ metadata: Logger.Metadata) -> String
    {
        let lines = Mutex<[UInt8]>([])
        let logger = Logger(label: "test") { label in
            LineLogHandler(
                label: label, level: .info, format: format,
                output: .init { bytes in lines.withLock { $0 += bytes } },
                now: { Timestamp(milliseconds: 1_790_000_000_123) })
        }
        logger.info(message, metadata: metadata)
        return String(decoding: lines.withLock { $0 }, as: UTF8.self)
    }

    @Test("a line of text has its fields in order, quoted where they need it, and stays one line")
    func text() {
        #expect(
            line(.text, "request\nfaked", ["b": "two words", "a": "1", "c": "x\ry"])
                == "2026-09-21T14:13:20.123Z INFO  request faked a=1 b=\"two words\" c=x y\n")
    }

    @Test("a line of JSON is one object whose own members no field replaces")
    func json() throws {
        let line = line(.json, "request", ["level": "fake", "status": "200"])
        #expect(line.hasSuffix("\n"))
        let value = try JSONValue.parse(Array(line.utf8.dropLast()))
        #expect(value["level"]?.string == "INFO")
        #expect(value["status"]?.string == "200")
        #expect(value["message"]?.string == "request")
        #expect(value["logger"]?.string == "test")
    }
}
