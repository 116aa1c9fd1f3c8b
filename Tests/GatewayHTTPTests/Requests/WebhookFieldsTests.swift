import GatewayCore
import GatewayTesting
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Webhooks of requests", .timeLimit(.minutes(10)))
struct WebhookFieldsTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private func target(_ members: JSONObject) throws(RequestProblem) -> WebhookTarget? {
        try WebhookFields(RequestFields(members, isForm: false)).target(origin: "http://here")
    }

    @Test("the URL is read under each of its names", arguments: ["webhook_url", "callback_url", "webhookUrl"])
    func names(_ name: String) throws {
        let target = try target([
            name: "  https://receiver.example:8443/hook?key=1  ", "webhook_secret": .string(Self.secret),
        ])
        #expect(target?.url.reveal() == "https://receiver.example:8443/hook?key=1")
        #expect(target?.secret?.reveal() == Self.secret)
        #expect(target?.origin == "http://here")
    }

    @Test("without a URL nothing is announced")
    func absent() throws {
        #expect(try target(["webhook_secret": .string(Self.secret)]) == nil)
        #expect(try target(["webhook_url": ""]) == nil)
        #expect(try target(["webhook_url": .null]) == nil)
    }

    @Test(
        "what is no plain http(s) URL is refused, and not repeated",
        arguments: [
            "ftp://example.com/KEY", "example.com/KEY", "https://", "https:///KEY", "https://:8080/KEY",
            "https://user:KEY@example.com/", "https://example.com/a\nKEY", "https://example.com/a KEY",
            "javascript:KEY", "http://KEY@[::1]/",
        ])
    func refused(_ url: String) {
        let problem = #expect(throws: RequestProblem.self) { try target(["callback_url": .string(url)]) }
        #expect(problem?.kind == .invalidValue)
        #expect(problem?.param == "callback_url")
        #expect(problem?.values.values.contains { $0.english.contains("KEY") } == false)
    }

    @Test("a URL has at most 2048 bytes")
    func length() throws {
        let url = "https://example.com/" + String(repeating: "a", count: 2028)
        #expect(try target(["webhook_url": .string(url)]) != nil)
        let problem = #expect(throws: RequestProblem.self) { try target(["webhook_url": .string(url + "a")]) }
        #expect(problem?.kind == .stringAboveMaxLength)
    }

    @Test("a secret of another form is refused, and not repeated", arguments: ["secret", "whsec_c2hvcnQ=", "whsec_!"])
    func secret(_ secret: String) {
        let problem = #expect(throws: RequestProblem.self) {
            try target(["webhook_url": "https://example.com", "webhook_secret": .string(secret)])
        }
        #expect(problem?.kind == .invalidValue)
        #expect(problem?.param == "webhook_secret")
        #expect(problem?.values[.got]?.english.contains(secret) == false)
    }

    @Test("a request for pictures carries its webhook to the generation")
    func carried() async throws {
        let gateway = Gateway()
        _ = try await gateway.generate(
            #"{"prompt":"p","async":true,"webhook_url":"https://example.com/x"}"#)
        let webhook = try #require(gateway.generations.requests.first?.webhook)
        #expect(webhook.url.reveal() == "https://example.com/x")
        #expect(webhook.origin.hasPrefix("http://"))
    }

    @Test("a refused webhook costs nothing")
    func refusedRequest() async throws {
        let gateway = Gateway()
        let answer = try await gateway.generate(#"{"prompt":"p","webhook_url":"ftp://example.com/KEY"}"#)
        #expect(answer.status == 400)
        #expect(answer.error["param"] == "webhook_url")
        #expect(!answer.text.contains("KEY"))
        #expect(gateway.generations.requests.isEmpty)
    }
}
