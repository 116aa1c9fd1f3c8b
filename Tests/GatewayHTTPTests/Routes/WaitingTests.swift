import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Waiting, not waiting, repeating", .timeLimit(.minutes(10)))
struct WaitingTests {
    /// A gateway whose generations stay in this state until a test moves them.
    private func slow(
        _ state: JobState = .running, _ configure: (inout HTTPConfiguration) -> Void = { _ in }
    ) -> Gateway {
        Gateway(
            generations: {
                FakeGenerations(time: $0) { job in
                    job.state = state
                    job.historyID = state == .running ? "1" : nil
                }
            }, configure)
    }

    @Test("a request waits for its generation")
    func waits() async throws {
        let gateway = slow()
        async let answer = gateway.generate()
        try await gateway.time.waitForSleepers()
        gateway.generations.update { $0.finish(2) }
        #expect(try await answer.json["data"]?.array?.count == 2)
    }

    @Test(
        "asking not to wait is answered with the generation",
        arguments: [
            (#"{"prompt":"p","async":true}"#, "", nil), (#"{"prompt":"p"}"#, "?async=true", nil),
            (#"{"prompt":"p"}"#, "", "respond-async"),
        ] as [(String, String, String?)])
    func asynchronous(_ body: String, _ query: String, _ prefer: String?) async throws {
        var headers = HTTPFields()
        headers[.prefer] = prefer
        let answer = try await slow().generate(body, query: query, headers: headers)
        #expect(answer.status == 202)
        #expect(answer["location"] == "/v1/generations/gen_000000000001")
        #expect(answer["retry-after"] == "5")
        #expect(answer["preference-applied"] == prefer)
        #expect(answer["x-generation-id"] == "gen_000000000001")
        #expect(answer.json["object"] == "generation")
        #expect(answer.json["status"] == "running")
    }

    @Test("a generation that is done at once is answered as such, unless waiting was not wanted at all")
    func doneAtOnce() async throws {
        #expect(try await Gateway().generate(headers: [.prefer: "wait=5"]).status == 200)
    }

    @Test("a client says how long it waits")
    func preferWait() async throws {
        let gateway = slow()
        async let answer = gateway.generate(headers: [.prefer: "respond-async, wait=7"])
        try await gateway.time.waitForSleeper(until: .sample + .seconds(7))
        gateway.time.advance(by: .seconds(7))
        let result = try await answer
        #expect(result.status == 202)
        #expect(result["preference-applied"] == "wait=7")
    }

    @Test("our own limit ends the wait, not the generation")
    func ownLimit() async throws {
        let gateway = slow { $0.imageWaitLimit = .seconds(30) }
        async let answer = gateway.generate()
        try await gateway.time.waitForSleeper(until: .sample + .seconds(30))
        gateway.time.advance(by: .seconds(30))
        let result = try await answer
        #expect(result.status == 504)
        #expect(result.code == "generation_timeout")
        #expect(result["location"] == "/v1/generations/gen_000000000001")
        #expect(result["x-should-retry"] == "false")
        #expect(
            result.error["message"]
                == "The generation did not finish within 30 s. It continues as gen_000000000001; ask for it later.")
        #expect(gateway.generations.cancelled.isEmpty)
    }

    @Test("our own limit can be answered with the generation")
    func acceptedAtLimit() async throws {
        let gateway = slow {
            $0.imageWaitLimit = .seconds(30)
            $0.timeoutAnswer = .accepted
        }
        async let answer = gateway.generate()
        try await gateway.time.waitForSleepers()
        gateway.time.advance(by: .seconds(30))
        #expect(try await answer.status == 202)
    }

    @Test(
        "a client about to give up learns where its generation is",
        arguments: ["x-stainless-read-timeout", "x-stainless-timeout"])
    func patience(_ name: String) async throws {
        let gateway = slow()
        let field = try #require(HTTPField.Name(name))
        async let answer = gateway.generate(headers: [field: "60.0"])
        try await gateway.time.waitForSleeper(until: .sample + .seconds(55))
        gateway.time.advance(by: .seconds(55))
        let result = try await answer
        #expect(result.status == 504)
        #expect(result.code == "wait_timeout")
        #expect(result["location"] == "/v1/generations/gen_000000000001")
        #expect(result["x-should-retry"] == "false")
    }

    @Test("a submission without an answer is not called a timeout")
    func uncertain() async throws {
        let gateway = slow(.unknown) { $0.imageWaitLimit = .seconds(30) }
        async let answer = gateway.generate()
        try await gateway.time.waitForSleepers()
        gateway.time.advance(by: .seconds(30))
        #expect(try await answer.code == "submit_uncertain")
    }

    @Test("the same key and body join the first generation")
    func idempotency() async throws {
        let gateway = Gateway()
        let headers: HTTPFields = [.idempotencyKey: "k-1"]
        let first = try await gateway.generate(#"{"prompt":"p","n":1}"#, headers: headers)
        let second = try await gateway.generate(#"{ "n": 1, "prompt": "p" }"#, headers: headers)
        #expect(first["x-generation-id"] == second["x-generation-id"])
        #expect(first["idempotency-replayed"] == nil)
        #expect(second["idempotency-replayed"] == "true")
        #expect(gateway.generations.jobs.count == 1)
        #expect(gateway.generations.requests[1].join == .idempotencyKey(since: .sample + .seconds(-86_400)))
        let other = try await gateway.generate(#"{"prompt":"q"}"#, headers: headers)
        #expect(other.status == 409)
        #expect(other.code == "idempotency_key_reused")
        #expect(other["x-should-retry"] == "false")
    }

    @Test("another caller's key is another key")
    func keysBelongToCallers() async throws {
        let gateway = Gateway()
        _ = try await gateway.generate(token: "sandbox-a", headers: [.idempotencyKey: "k"])
        _ = try await gateway.generate(token: "sandbox-b", headers: [.idempotencyKey: "k"])
        #expect(gateway.generations.jobs.count == 2)
    }

    @Test("a malformed key is refused", arguments: ["", "a b", String(repeating: "k", count: 256)])
    func badKeys(_ key: String) async throws {
        #expect(try await Gateway().generate(headers: [.idempotencyKey: key]).code == "idempotency_key_invalid")
    }

    @Test("a repeat that an SDK makes by itself joins and says so")
    func sdkRetry() async throws {
        let gateway = Gateway()
        let first = try await gateway.generate(headers: [.stainlessRetryCount: "0"])
        let second = try await gateway.generate(headers: [.stainlessRetryCount: "1"])
        #expect(first["x-generation-id"] == second["x-generation-id"])
        #expect(second["x-jimeng-notice"] == "retry_attached")
        #expect(gateway.generations.requests.map(\.join) == [.never, .fingerprint(since: .sample + .seconds(-600))])
    }

    @Test("a streamed answer is one event a picture, with the usage in the last")
    func stream() async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.finish(2) } })
        let answer = try await gateway.generate(#"{"prompt":"p","stream":true,"partial_images":2}"#)
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "text/event-stream; charset=utf-8")
        #expect(answer["x-accel-buffering"] == "no")
        let events = try Self.events(answer.text)
        #expect(events.map(\.name) == ["image_generation.completed", "image_generation.completed"])
        #expect(events[0].data["type"] == "image_generation.completed")
        #expect(events[0].data["b64_json"] == "UklGRgAAAABXRUJQVlA4IHBpY3R1cmU=")
        #expect(events[0].data["url"] == .string(RemoteOutput.sample(1).url))
        #expect(events[0].data["usage"]?["total_tokens"] == 0)
        #expect(events[1].data["usage"]?["output_tokens"] == 2)
        #expect(events[1].data["size"] == "2304x1728")
    }

    @Test("a stream keeps the line alive and ends in the failure")
    func streamFailure() async throws {
        let gateway = slow()
        async let answer = gateway.generate(#"{"prompt":"p","stream":true}"#)
        try await gateway.time.waitForSleeper(until: .sample + .seconds(10))
        gateway.time.advance(by: .seconds(10))
        try await gateway.time.waitForSleeper(until: .sample + .seconds(20))
        gateway.generations.update { $0.fail(.contentPolicyViolation) }
        let text = try await answer.text
        #expect(text.hasPrefix(": keep-alive\n\nevent: error\ndata: {\"type\":\"error\",\"error\":{"))
        #expect(text.contains("content_policy_violation"))
    }

    @Test("a failure before the generation exists is an ordinary answer, stream or not")
    func streamRefusal() async throws {
        #expect(try await Gateway().generate(#"{"stream":true}"#).status == 400)
    }

    @Test("blanks keep a JSON answer alive", arguments: [false, true])
    func keepAlive(_ fails: Bool) async throws {
        let gateway = slow()
        async let answer = gateway.generate(query: "?keepalive=true")
        try await gateway.time.waitForSleeper(until: .sample + .seconds(20))
        gateway.time.advance(by: .seconds(20))
        try await gateway.time.waitForSleeper(until: .sample + .seconds(40))
        gateway.generations.update { fails ? $0.fail(.riskControl) : $0.finish() }
        let result = try await answer
        #expect(result.status == 200)
        #expect(result.text.hasPrefix(" {"))
        #expect(fails ? result.code == "risk_control" : result.json["data"]?.array?.count == 1)
    }

    static func events(_ text: String) throws -> [(name: String, data: JSONValue)] {
        try text.split(separator: "\n\n").map { block in
            let lines = block.split(separator: "\n")
            let name = try #require(lines.first { $0.hasPrefix("event: ") }?.dropFirst(7))
            let data = try #require(lines.first { $0.hasPrefix("data: ") }?.dropFirst(6))
            return (String(name), try JSONValue.parse(String(data)))
        }
    }
}
