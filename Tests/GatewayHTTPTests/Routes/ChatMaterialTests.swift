import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Chats with pictures, and chats about videos", .timeLimit(.minutes(10)))
struct ChatMaterialTests {
    private static let picture = "data:image/png;base64,SU1BR0UgNjR4NjQgYQ=="

    private func task(_ gateway: Gateway) throws -> GenerationTask {
        try #require(gateway.generations.requests.first?.task)
    }

    @Test("pictures of the last message are references, in every form front-ends send")
    func references() async throws {
        let gateway = Gateway()
        let body = #"""
            {"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,SU1BR0UgNjR4NjQgYQ=="}}]},
             {"role":"user","content":[{"type":"text","text":"watercolour"},
              {"type":"image_url","image_url":{"url":"\#(Self.picture)"}},{"type":"image_url","image_url":"\#(Self.picture)"},
              {"type":"input_image","image_url":"\#(Self.picture)"},{"type":"image","url":"\#(Self.picture)"}]}]}
            """#
        let answer = try await ChatTests.send(gateway, body)
        #expect(answer.status == 200)
        guard case .imageToImage(let task, let inputs) = try task(gateway) else {
            Issue.record("no composition")
            return
        }
        #expect(task.prompt == "watercolour")
        #expect(inputs.count == 4)
        #expect(answer.json["usage"]?["prompt_tokens"] == .integer(3 + 4 * 85))
    }

    @Test(
        "how much of the conversation counts is a setting",
        arguments: [
            (ChatOptions.ContextImages.lastMessage, 0), (.all, 1), (.conversation, 2),
        ])
    func context(_ setting: ChatOptions.ContextImages, _ count: Int) async throws {
        let gateway = Gateway { $0.chat.contextImages = setting }
        let body = #"""
            {"messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":"\#(Self.picture)"}]},
             {"role":"assistant","content":"![image](\#(Self.picture))\n![image](\#(Self.picture))\n![video](\#(Self.picture))"},
             {"role":"user","content":"make it blue"}]}
            """#
        #expect(try await ChatTests.send(gateway, body).status == 200)
        #expect(try task(gateway).inputs.count == count)
    }

    @Test("one reference can be enough")
    func firstOnly() async throws {
        let gateway = Gateway { $0.chat.usesFirstImageOnly = true }
        let part = #"{"type":"image_url","image_url":"\#(Self.picture)"}"#
        let body = #"{"messages":[{"role":"user","content":[{"type":"text","text":"x"},\#(part),\#(part)]}]}"#
        #expect(try await ChatTests.send(gateway, body).status == 200)
        #expect(try task(gateway).inputs.count == 1)
    }

    @Test(
        "errors name the place in the conversation",
        arguments: [
            (
                #"{"type":"image_url","image_url":{"url":"nonsense"}}"#, "invalid_image_reference",
                "messages[0].content[1].image_url.url"
            ),
            (
                #"{"type":"image_url","image_url":"/etc/passwd"}"#, "local_path_forbidden",
                "messages[0].content[1].image_url"
            ),
            (#"{"type":"image_url"}"#, "invalid_image_reference", "messages[0].content[1]"),
        ])
    func places(_ part: String, _ code: String, _ param: String) async throws {
        let gateway = Gateway()
        let body = #"{"messages":[{"role":"user","content":[{"type":"text","text":"x"},\#(part)]}]}"#
        let answer = try await ChatTests.send(gateway, body)
        #expect(answer.code == code)
        #expect(answer.error["param"]?.string == param)
        #expect(gateway.generations.requests.isEmpty)
    }

    // MARK: Videos

    @Test("a video model makes a video, ten seconds of it where nothing else is said")
    func video() async throws {
        let gateway = Gateway()
        let answer = try await ChatTests.ask(gateway, "海浪拍打海岸", more: #","model":"jimeng-video-3.0""#)
        #expect(answer.status == 200)
        guard case .video(let task) = try task(gateway) else {
            Issue.record("no video")
            return
        }
        #expect(task.seconds == 10)
        #expect(task.mode == .text)
        #expect(
            answer.json["choices"]?[0]?["message"]?["content"]
                == .string("![video](\(RemoteOutput.sample(1).url))"))
        #expect(answer.json["choices"]?[0]?["message"]?["images"] == nil)
    }

    @Test("pictures are its first and last frame, and then no words are needed")
    func frames() async throws {
        let gateway = Gateway()
        let part = #"{"type":"image_url","image_url":{"url":"\#(Self.picture)"}}"#
        let body =
            #"{"model":"jimeng-video-3.0","messages":[{"role":"user","content":[\#(part),\#(part)]}],"stream":true}"#
        let answer = try await ChatTests.send(gateway, body)
        #expect(answer.status == 200)
        #expect(answer.text.contains("🎬 Generating video, please wait..."))
        guard case .video(let task) = try task(gateway), case .frames(_, let last) = task.mode else {
            Issue.record("no frames")
            return
        }
        #expect(last != nil)
    }

    @Test("a picture model needs words")
    func pictureWithoutWords() async throws {
        let body = #"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":"\#(Self.picture)"}]}]}"#
        let answer = try await ChatTests.send(Gateway(), body)
        #expect(answer.code == "missing_required_parameter")
        #expect(answer.error["param"] == "messages")
    }

    @Test(
        "a video can be shown in three ways",
        arguments: [
            (ChatOptions.VideoMarkdown.image, "![video](https://x/v?a=1&b=2)"), (.link, "[video](https://x/v?a=1&b=2)"),
            (.html, #"<video controls src="https://x/v?a=1&amp;b=2"></video>"#),
        ])
    func markdown(_ style: ChatOptions.VideoMarkdown, _ expected: String) {
        let words = ChatWords(kind: .video, language: .english, videoMarkdown: style)
        #expect(words.markdown("https://x/v?a=1&b=2") == expected)
    }

    @Test("the length of a chat's video is a setting")
    func videoSeconds() async throws {
        let gateway = Gateway { $0.images.chatVideoSeconds = 5 }
        _ = try await ChatTests.ask(gateway, "sea", more: #","model":"jimeng-video-3.0""#)
        guard case .video(let task) = try task(gateway) else {
            Issue.record("no video")
            return
        }
        #expect(task.seconds == 5)
    }
}
