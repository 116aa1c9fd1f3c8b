import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Chat completions", .timeLimit(.minutes(10)))
struct ChatTests {
    static func ask(
        _ gateway: Gateway, _ text: String = "a lighthouse", more: String = "", query: String = "",
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        let content = JSONValue.string(text).serializedString()
        return try await send(
            gateway, #"{"messages":[{"role":"user","content":\#(content)}]\#(more)}"#, query: query, headers: headers)
    }

    static func send(
        _ gateway: Gateway, _ body: String, query: String = "", headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        headers[.contentType] = "application/json"
        return try await gateway.send(.post, "/v1/chat/completions" + query, headers: headers, body: body)
    }

    @Test("pictures are answered as markdown, one a line, and as images")
    func pictures() async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.finish(2) } })
        let answer = try await Self.ask(gateway, "a lighthouse", more: #","model":"jimeng-4.5","temperature":1"#)
        #expect(answer.status == 200)
        #expect(answer.json["object"] == "chat.completion")
        #expect(answer.json["id"]?.string?.hasPrefix("chatcmpl-") == true)
        #expect(answer.json["id"]?.string?.count == 33)
        #expect(answer.json["model"] == "jimeng-4.5")
        #expect(answer.json["choices"]?.array?.count == 1)
        let choice = try #require(answer.json["choices"]?[0])
        let (one, two) = (RemoteOutput.sample(1).url, RemoteOutput.sample(2).url)
        let content = "![image](\(one))\n![image](\(two))"
        #expect(choice["message"]?["content"] == .string(content))
        #expect(choice["message"]?["role"] == "assistant")
        #expect(choice["message"]?["refusal"] == .some(.null))
        #expect(choice["message"]?["images"]?[1]?["image_url"]?["url"] == .string(two))
        #expect(choice["finish_reason"] == "stop")
        #expect(choice["logprobs"] == .some(.null))
        #expect(answer.json["usage"]?["prompt_tokens"] == 3)
        #expect(answer.json["usage"]?["completion_tokens"] == .integer(Int64((content.utf8.count + 3) / 4)))
        #expect(answer.json["jimeng"]?["generation_id"] == "gen_000000000001")
        #expect(answer["x-generation-id"] == "gen_000000000001")
    }

    @Test("what is asked for is read from the conversation and the request")
    func request() async throws {
        let gateway = Gateway()
        let body = #"""
            {"model":"jimeng","n":2,"image_config":{"aspect_ratio":"4:3","image_size":"2K"},"seed":7,"user":"me",
             "response_format":{"type":"text"},"messages":[{"role":"system","content":"Be brief."},
             {"role":"user","content":"old"},{"role":"assistant","content":"![image](http://a/b)"},
             {"role":"user","content":[{"type":"text","text":"a cat"},{"type":"weather"},{"type":"input_text","text":"in rain"}]}]}
            """#
        let answer = try await Self.send(gateway, body)
        #expect(answer.status == 200)
        let request = try #require(gateway.generations.requests.first)
        guard case .textToImage(let task) = request.task else {
            Issue.record("\(request.task)")
            return
        }
        #expect(task.prompt == "a cat\nin rain")
        #expect(task.ratio == .landscape4x3)
        #expect(task.resolution == "2k")
        #expect(task.count == 2)
        #expect(task.seed == 7)
        #expect(request.user == "me")
        #expect(answer.json["model"] == "jimeng")
    }

    @Test("a picture's file can come as a data URL")
    func base64() async throws {
        let answer = try await Self.ask(Gateway(), more: #","response_format":"b64_json""#)
        let url = "data:image/webp;base64,UklGRgAAAABXRUJQVlA4IHBpY3R1cmU="
        #expect(answer.json["choices"]?[0]?["message"]?["content"] == .string("![image](\(url))"))
    }

    @Test(
        "what can't be answered is an ordinary error",
        arguments: [
            ("{}", 400, "missing_required_parameter", "messages"),
            (#"{"messages":[]}"#, 400, "missing_required_parameter", "messages"),
            (#"{"messages":"hi"}"#, 400, "invalid_type", "messages"),
            (#"{"messages":[{"role":"user","content":" "}]}"#, 400, "missing_required_parameter", "messages"),
            (#"{"messages":[{"role":"user","content":null}]}"#, 400, "missing_required_parameter", "messages"),
            (#"{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}"#, 404, "model_not_found", "model"),
            (#"{"ratio":"5:4","messages":[{"role":"user","content":"x"}]}"#, 400, "unsupported_ratio", "ratio"),
            (#"{"n":11,"messages":[{"role":"user","content":"x"}]}"#, 400, "value_out_of_range", "n"),
        ])
    func refusals(_ body: String, _ status: Int, _ code: String, _ param: String) async throws {
        let answer = try await Self.send(Gateway(), body)
        #expect(answer.status == status)
        #expect(answer.code == code)
        #expect(answer.error["param"]?.string == param)
    }

    @Test("a failed generation is an HTTP error, not an apology")
    func failure() async throws {
        let gateway = Gateway(generations: {
            FakeGenerations(time: $0) { $0.fail(.contentPolicyViolation, historyID: "1") }
        })
        let answer = try await Self.ask(gateway, "一只猫")
        #expect(answer.status == 400)
        #expect(answer.code == "content_policy_violation")
        #expect(answer.error["message"] == "内容违规，请求未通过审核。")
    }

    @Test("not waiting, and waiting in vain, lead to the generation")
    func waiting() async throws {
        let slow = { Gateway(generations: { FakeGenerations(time: $0) { $0.state = .running } }, $0) }
        let asked = try await Self.ask(slow { _ in }, more: #","async":true"#)
        #expect(asked.status == 202)
        #expect(asked["location"] == "/v1/generations/gen_000000000001")
        let gateway = slow { $0.imageWaitLimit = .seconds(30) }
        async let answer = Self.ask(gateway)
        try await gateway.time.waitForSleeper(until: .sample + .seconds(30))
        gateway.time.advance(by: .seconds(30))
        #expect(try await answer.status == 504)
        #expect(try await answer.code == "generation_timeout")
        #expect(try await answer["location"] == "/v1/generations/gen_000000000001")
    }

    // MARK: The same again

    @Test("the same request again joins the generation whose answer never came, once")
    func joinsUnanswered() async throws {
        let gateway = Gateway(
            generations: { FakeGenerations(time: $0) { $0.state = .running } }, { $0.imageWaitLimit = .seconds(5) })
        async let late = Self.ask(gateway)
        try await gateway.time.waitForSleeper(until: .sample + .seconds(5))
        gateway.time.advance(by: .seconds(5))
        #expect(try await late.status == 504)
        gateway.time.advance(by: .seconds(500))
        gateway.generations.update { $0.finish() }
        let again = try await Self.ask(gateway)
        #expect(again["x-generation-id"] == "gen_000000000001")
        #expect(again["x-jimeng-notice"] == "retry_attached")
        #expect(gateway.generations.jobs.count == 1)
        #expect(try await Self.ask(gateway, more: #","async":true"#)["x-generation-id"] == "gen_000000000002")
    }

    @Test("equal chats side by side are two wishes")
    func sideBySide() async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.state = .running } })
        for _ in 0..<2 { _ = try await Self.ask(gateway, more: #","async":true"#) }
        #expect(gateway.generations.jobs.count == 2)
    }

    @Test(
        "links are answered unless the file is asked for, whatever pictures have by default",
        arguments: ["", #","model":"gpt-image-1""#])
    func links(_ more: String) async throws {
        let answer = try await Self.ask(Gateway { $0.images.defaultResponseFormat = .base64 }, more: more)
        let content = answer.json["choices"]?[0]?["message"]?["content"]?.string
        #expect(content == "![image](\(RemoteOutput.sample(1).url))")
    }

    @Test("a role that nobody knows speaks for the user")
    func unknownRole() async throws {
        let gateway = Gateway()
        let body = #"{"messages":[{"role":"user","content":"old"},{"role":"customer","content":"new"}]}"#
        _ = try await Self.send(gateway, body)
        #expect(gateway.generations.requests.first?.task.prompt == "new")
    }

    @Test("once answered, the same request is a wish for another picture, unless an SDK repeats it")
    func newAfterAnswer() async throws {
        let gateway = Gateway()
        _ = try await Self.ask(gateway)
        gateway.time.advance(by: .seconds(1))
        let retried = try await Self.ask(gateway, headers: [.stainlessRetryCount: "1"])
        #expect(retried["x-generation-id"] == "gen_000000000001")
        let again = try await Self.ask(gateway)
        #expect(again["x-generation-id"] == "gen_000000000002")
    }

    @Test("another caller, another text and another day are other requests")
    func notJoined() async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.state = .running } })
        let more = #","async":true"#
        _ = try await Self.ask(gateway, more: more)
        _ = try await Self.ask(gateway, "another", more: more)
        _ = try await gateway.send(
            .post, "/v1/chat/completions", token: "sandbox-other",
            body: #"{"messages":[{"role":"user","content":"a lighthouse"}],"async":true}"#)
        gateway.time.advance(by: .seconds(601))
        _ = try await Self.ask(gateway, more: more)
        #expect(gateway.generations.jobs.count == 4)
    }

    // MARK: What is no request for a picture

    @Test(
        "titles, tags and suggestions cost nothing",
        arguments: [
            (
                #"### Task:\nGenerate a concise title.\n### Output:\nJSON format: { \"title\": \"...\" }\n### Chat History:\n<chat_history>\nUSER: draw me a lighthouse at dusk\nASSISTANT: ok\n</chat_history>"#,
                #"{"title":"draw me a lighthouse"}"#
            ),
            (#"### Task:\nGenerate tags { \"tags\": [] }\n<chat_history>\nUSER: x\n</chat_history>"#, #"{"tags":[]}"#),
            (
                #"### Task:\nSuggest { \"follow_ups\": [] }\n<chat_history>\nUSER: x\n</chat_history>"#,
                #"{"follow_ups":[]}"#
            ),
            (#"### Task:\nName it.\n### Chat History\nUSER: 画一只猫\n"#, "画一只猫"),
        ])
    func auxiliary(_ prompt: String, _ expected: String) async throws {
        let gateway = Gateway()
        let answer = try await Self.send(gateway, #"{"messages":[{"role":"user","content":"\#(prompt)"}]}"#)
        #expect(answer.status == 200)
        #expect(answer.json["choices"]?[0]?["message"]?["content"]?.string == expected)
        #expect(gateway.generations.requests.isEmpty)
    }

    @Test("a system message may ask for the title of a conversation")
    func titles() async throws {
        let body =
            #"{"messages":[{"role":"system","content":"Summarize the conversation into a title."},{"role":"user","content":"user: draw a cat\nassistant: ok"}],"stream":true}"#
        let gateway = Gateway()
        let events = try Self.events(try await Self.send(gateway, body).text)
        #expect(events.first?["choices"]?[0]?["delta"]?["content"] == "draw a cat")
        #expect(events.last?["choices"]?[0]?["finish_reason"] == "stop")
        #expect(gateway.generations.requests.isEmpty)
        let paying = Gateway { $0.chat.answersAuxiliary = false }
        _ = try await Self.send(paying, body)
        #expect(paying.generations.requests.count == 1)
    }

    /// The data of every event but the closing mark.
    static func events(_ text: String) throws -> [JSONValue] {
        try text.split(separator: "\n\n").filter { $0.hasPrefix("data: {") }.map {
            try JSONValue.parse(String($0.dropFirst(6)))
        }
    }
}
