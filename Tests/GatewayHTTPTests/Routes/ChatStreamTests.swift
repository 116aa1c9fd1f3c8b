import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Streamed chat completions", .timeLimit(.minutes(10)))
struct ChatStreamTests {
    private func slow(
        _ state: JobState = .running, _ configure: (inout HTTPConfiguration) -> Void = { _ in }
    ) -> Gateway {
        Gateway(generations: { FakeGenerations(time: $0) { $0.state = state } }, configure)
    }

    private func ask(
        _ gateway: Gateway, _ text: String = "a lighthouse", more: String = ""
    ) async throws -> Answer {
        try await ChatTests.ask(gateway, text, more: #","stream":true\#(more)"#)
    }

    private func deltas(_ text: String) throws -> [JSONValue] {
        try ChatTests.events(text).compactMap { $0["choices"]?[0] }
    }

    @Test("a role, a blank line, every picture, the end")
    func stream() async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.finish(2) } })
        let answer = try await ask(gateway)
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "text/event-stream; charset=utf-8")
        #expect(answer["cache-control"] == "no-cache")
        #expect(answer["x-accel-buffering"] == "no")
        #expect(answer["x-generation-id"] == "gen_000000000001")
        let events = try ChatTests.events(answer.text)
        #expect(Set(events.map { $0["id"] ?? .null }).count == 1)
        #expect(events.allSatisfy { $0["object"] == "chat.completion.chunk" && $0["usage"] == nil })
        let choices = try deltas(answer.text)
        #expect(choices.allSatisfy { $0["index"] == 0 })
        #expect(
            choices.map { $0["delta"] ?? .null } == [
                ["role": "assistant", "content": "🎨 Generating image, please wait..."], ["content": "\n\n"],
                ["content": .string("![image](\(RemoteOutput.sample(1).url))")],
                ["content": .string("\n![image](\(RemoteOutput.sample(2).url))")], [:],
            ])
        #expect(choices.map { $0["finish_reason"]?.string } == [nil, nil, nil, nil, "stop"])
        #expect(answer.text.hasSuffix("data: [DONE]\n\n"))
    }

    @Test("usage comes last, on request, and is null before")
    func usage() async throws {
        let answer = try await ask(Gateway(), more: #","stream_options":{"include_usage":true}"#)
        let events = try ChatTests.events(answer.text)
        #expect(events.dropLast().allSatisfy { $0["usage"] == .some(.null) })
        #expect(events.last?["choices"] == [])
        #expect((events.last?["usage"]?["total_tokens"]?.int ?? 0) > 3)
    }

    @Test("a wait is spoken of in the language of the prompt")
    func language() async throws {
        let answer = try await ask(Gateway(), "一座灯塔")
        #expect(try deltas(answer.text)[0]["delta"]?["content"] == "🎨 图像生成中，请稍候...")
    }

    @Test("comments keep a waiting line alive")
    func keepAlive() async throws {
        let gateway = slow()
        async let answer = ask(gateway)
        await gateway.generations.waitForFollower()
        try await gateway.time.waitForSleeper(until: .sample + .seconds(10))
        gateway.time.advance(by: .seconds(10))
        try await gateway.time.waitForSleeper(until: .sample + .seconds(20))
        gateway.generations.update { $0.finish() }
        let text = try await answer.text
        #expect(text.contains("wait...\"},\"finish_reason\":null,\"logprobs\":null}]}\n\n: keep-alive\n\ndata: {"))
        #expect(text.hasSuffix("data: [DONE]\n\n"))
    }

    @Test("the headers wait for the site, so that a refusal is an ordinary answer")
    func refusedInTime() async throws {
        let gateway = slow(.submitting)
        async let answer = ask(gateway)
        try await gateway.time.waitForSleeper(until: .sample + .seconds(8))
        gateway.generations.update { $0.fail(.insufficientCredits) }
        #expect(try await answer.status == 429)
        #expect(try await answer.code == "insufficient_credits")
        #expect(try await answer["content-type"] == "application/json; charset=utf-8")
    }

    @Test(
        "after that a refusal comes in the stream",
        arguments: [
            (ChatOptions.StreamErrors.both, GenerationFault.Kind.riskControl, 2, true, nil),
            (.event, .riskControl, 1, true, nil), (.text, .riskControl, 3, false, "stop"),
            (.both, .outputFiltered, 3, true, "content_filter"), (.text, .outputFiltered, 3, false, "content_filter"),
        ] as [(ChatOptions.StreamErrors, GenerationFault.Kind, Int, Bool, String?)])
    func refusedLate(
        _ style: ChatOptions.StreamErrors, _ fault: GenerationFault.Kind, _ chunks: Int, _ isEvent: Bool,
        _ finish: String?
    ) async throws {
        let gateway = slow(.submitting) { $0.chat.streamErrors = style }
        async let answer = ask(gateway)
        try await gateway.time.waitForSleeper(until: .sample + .seconds(8))
        gateway.time.advance(by: .seconds(8))
        try await gateway.time.waitForSleeper(until: .sample + .seconds(18))
        gateway.generations.update { $0.fail(fault) }
        let result = try await answer
        #expect(result.status == 200)
        let events = try ChatTests.events(result.text)
        let choices = try deltas(result.text)
        #expect(choices.count == chunks)
        #expect(choices.contains { $0["delta"]?["content"]?.string?.hasPrefix("\n\n⚠️ ") == true } == (style != .event))
        #expect(choices.compactMap { $0["finish_reason"]?.string }.first == finish)
        #expect((events.last?["error"]?["code"]?.string == fault.rawValue) == isEvent)
        #expect(result.text.hasSuffix("data: [DONE]\n\n"))
    }

    @Test("our own limit ends the stream, not the generation")
    func limit() async throws {
        let gateway = slow { $0.imageWaitLimit = .seconds(5) }
        async let answer = ask(gateway)
        await gateway.generations.waitForFollower()
        try await gateway.time.waitForSleeper(until: .sample + .seconds(5))
        gateway.time.advance(by: .seconds(5))
        let events = try ChatTests.events(try await answer.text)
        #expect(events.last?["error"]?["code"] == "generation_timeout")
        #expect(events.last?["error"]?["generation_id"] == "gen_000000000001")
        #expect(gateway.generations.cancelled.isEmpty)
    }

    @Test("progress can be told as thoughts, on change")
    func reasoning() async throws {
        let gateway = slow { $0.chat.progress = .reasoning }
        async let answer = ask(gateway)
        await gateway.generations.waitForFollower()
        for percent in [20, 20, 35] {
            gateway.generations.update {
                $0.progress.percent = percent
                $0.progress.queuePosition = 3
                $0.progress.queueLength = 120
                $0.progress.expectedEnd = .sample + .seconds(95)
            }
        }
        gateway.generations.update { $0.finish() }
        let thoughts = try deltas(try await answer.text).compactMap { $0["delta"]?["reasoning_content"]?.string }
        #expect(thoughts == ["queue 3/120, 20 %, 95 s left\n", "queue 3/120, 35 %, 95 s left\n"])
    }

    @Test("progress can be dots")
    func dots() async throws {
        let gateway = slow { $0.chat.progress = .dots }
        async let answer = ask(gateway)
        await gateway.generations.waitForFollower()
        for seconds in [5, 10] {
            try await gateway.time.waitForSleeper(until: .sample + .seconds(seconds))
            gateway.time.advance(by: .seconds(5))
        }
        try await gateway.time.waitForSleeper(until: .sample + .seconds(15))
        gateway.generations.update { $0.finish() }
        let text = try await answer.text
        #expect(try deltas(text).count { $0["delta"] == ["content": "."] } == 2)
        #expect(!text.contains(": keep-alive"))
    }

    @Test("every picture can be a choice of its own, as the oldest gateways have it")
    func increment() async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.finish(2) } }) {
            $0.chat.countsStreamChoices = true
        }
        let choices = try deltas(try await ask(gateway).text)
        #expect(choices.map { $0["index"]?.int } == [0, 1, 2])
        #expect(choices.allSatisfy { $0["delta"]?["role"] == "assistant" })
        #expect(choices.map { $0["finish_reason"]?.string } == [nil, nil, "stop"])
    }

    @Test("a stream that was read to its end has answered; one that failed on the way has not")
    func answered() async throws {
        let gateway = Gateway()
        _ = try await ask(gateway)
        gateway.time.advance(by: .milliseconds(1))
        #expect(try await ask(gateway)["x-generation-id"] == "gen_000000000002")
    }
}
