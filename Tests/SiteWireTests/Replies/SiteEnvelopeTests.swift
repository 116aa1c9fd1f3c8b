import SiteWire
import Testing
import WireJSON

@Suite struct SiteEnvelopeTests {
    @Test(
        "0 is success as text, as a number, empty or missing",
        arguments: [
            ["ret": "0", "data": ["a": 1]], ["ret": 0, "data": ["a": 1]], ["ret": " 0 ", "data": ["a": 1]],
            ["ret": "", "data": ["a": 1]], ["data": ["a": 1]], ["ret": 0.0, "data": ["a": 1]],
        ] as [JSONValue])
    func successes(body: JSONValue) throws {
        #expect(try Fixtures.open(body).payload == ["a": 1])
    }

    @Test("a body without ret and data is its own content")
    func bareBody() throws {
        #expect(try Fixtures.open(["message": "success", "x": 1]).payload["x"] == 1)
    }

    @Test("commerce content is data, or the text in response when data is empty or missing")
    func commerceContent() throws {
        let text: JSONValue = "{\"credit\":{\"gift_credit\":5}}"
        for body: JSONValue in [
            ["ret": "0", "response": text], ["ret": "0", "response": text, "data": [:]],
            ["ret": "0", "response": text, "data": nil],
            ["ret": "0", "response": "{}", "data": ["credit": ["gift_credit": 5]]],
        ] {
            #expect(CreditReply(try Fixtures.open(body)).balance?.gift == 5)
        }
        #expect(CreditReply(try Fixtures.open(["ret": "0", "response": "not json", "data": [:]])).balance == nil)
    }

    @Test(
        "message and log id are read under all their names",
        arguments: [
            ["ret": "0", "errmsg": "m", "logid": "L1"], ["ret": "0", "message": "m", "log_id": "L1"],
            ["ret": "0", "msg": "m", "logid": "L1"],
        ] as [JSONValue])
    func names(body: JSONValue) throws {
        let envelope = try Fixtures.open(body)
        #expect(envelope.message == "m")
        #expect(envelope.logID == "L1")
    }

    @Test("transport failures are told apart", arguments: try httpCases())
    func httpErrors(testCase: HTTPCase) {
        do throws(SiteFault) {
            _ = try SiteEnvelope.open(status: testCase.status, body: testCase.body, context: .read)
            #expect(testCase.kind == nil)
        } catch {
            #expect(error.kind == testCase.kind)
        }
    }

    struct HTTPCase: Sendable {
        var status: Int
        var body: [UInt8]
        var kind: SiteFault.Kind?
    }

    /// The recorded cases in their order, then some more.
    private static func httpCases() throws -> [HTTPCase] {
        let kinds: [SiteFault.Kind?] = [
            .httpStatus(502), .busy, .riskControl, nil, .invalidResponse, .invalidResponse,
        ]
        let recorded = try #require(try Vectors.file("examples/http-errors.json")["cases"]?.array)
            .filter { $0["status"]?.int != nil }
        #expect(recorded.count == kinds.count)
        let cases = try zip(recorded, kinds).map { entry, kind in
            let body = entry["body"] ?? .null
            let bytes = body.string.map { Array($0.utf8) } ?? (body.isNull ? [] : body.serialized())
            return HTTPCase(status: Int(try #require(entry["status"]?.int)), body: bytes, kind: kind)
        }
        return cases + [
            HTTPCase(status: 403, body: Array("<html>请登录</html>".utf8), kind: .invalidSession),
            HTTPCase(status: 401, body: [], kind: .invalidSession),
            HTTPCase(status: 503, body: [], kind: .busy),
            HTTPCase(status: 500, body: Array("{\"ret\":\"1015\"}".utf8), kind: .invalidSession),
            HTTPCase(status: 500, body: Array("{\"ret\":\"0\"}".utf8), kind: .httpStatus(500)),
            HTTPCase(status: 404, body: Array("[]".utf8), kind: .httpStatus(404)),
            HTTPCase(status: 200, body: Array("[]".utf8), kind: .invalidResponse),
            HTTPCase(status: 200, body: Array("{\"ret\":\"abc\"}".utf8), kind: .invalidResponse),
            HTTPCase(
                status: 200, body: Array(String(repeating: "[", count: 1_000_000).utf8), kind: .invalidResponse),
        ]
    }
}
