import Foundation
import Pictures
import SiteSandbox
import Testing
import WireJSON

/// Every example of the API's manuals (endpoints.md), sent by curl as it is printed there, with host and token changed.
@Suite("The manuals' examples", .timeLimit(.minutes(10))) struct DocumentedExamplesTests {
    /// A gateway before a simulated site that is as strict as the real one; pictures that examples name lie at that
    /// site or in a folder. The manuals' video models are those of the time when they were written.
    private func withCurl(
        token: String = "demo", _ body: @escaping @Sendable (Curl, Inputs) async throws -> Void
    ) async throws {
        try await withSandbox(servesFormerVideoModels: true) { site, base in
            try await TestGateway(upstream: base, flags: ["fetch.allow_private_networks": "true"]).run { api in
                let curl = Curl(base: api.base, token: token)
                let inputs = try await Inputs(curl)
                try await body(curl, inputs)
            }
            #expect(site.statistics().violations.isEmpty)
        }
    }

    /// What stands for `cat.jpg` and `https://example.com/city.jpg`.
    struct Inputs: Sendable {
        let folder = TestFolder()
        let url: String

        init(_ curl: Curl) async throws {
            try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
            let made = try await curl("/v1/images/generations", "-d", #"{"prompt":"a city","n":1}"#)
            url = try #require(made.json["data"]?[0]?["url"]?.string, "\(made.text)")
            for (index, name) in ["cat.jpg", "first.png", "a.png", "b.png"].enumerated() {
                let picture = FlatPicture(width: 512, height: 768, red: 40 * UInt8(index), green: 90, blue: 120)
                try Data(picture?.bytes ?? []).write(to: URL(fileURLWithPath: path(name)))
            }
        }

        func path(_ name: String) -> String { folder.path + "/" + name }
    }

    // MARK: - Pictures

    @Test func `a picture, also from a body with a comma too many`() async throws {
        try await withCurl { curl, _ in
            let answer = try await curl(
                "/v1/images/generations", "-X", "POST", "-H", "Content-Type: application/json", "-d",
                #"{"model":"jimeng-4.0","prompt":"一只可爱的小猫咪","ratio":"1:1",}"#)
            #expect(answer.status == 200, "\(answer.text)")
            let data = answer.json["data"]?.array ?? []
            #expect(data.count == 4, "the site's own batch")
            for item in data { #expect(item["url"]?.string != nil && item["size"]?.string == "2048x2048") }
            #expect(answer.json["created"]?.int != nil && answer.json["size"]?.string == "2048x2048")
            #expect(answer.json["output_format"]?.string == "webp")
            let usage = answer.json["usage"]
            #expect(usage?["output_tokens"]?.int == 4 && usage?["input_tokens"]?.int == 6)
            #expect(usage?["input_tokens_details"]?["image_tokens"]?.int == 0)
            #expect(answer.facts?["notices"]?.array?.contains("body_repaired:trailing-comma") == true)
            #expect(answer.facts?["model"]?.string == "jimeng-4.0" && answer.facts?["region"]?.string == "cn")
            for name in [
                "x-request-id", "x-generation-id", "x-jimeng-model", "x-jimeng-notice", "openai-processing-ms",
            ] {
                #expect(answer.headers[name]?.isEmpty == false, "\(name)")
            }
        }
    }

    @Test func `a wide picture at 4k`() async throws {
        try await withCurl { curl, _ in
            let answer = try await curl(
                "/v1/images/generations", "-H", "Content-Type: application/json", "-d",
                #"{"model":"jimeng-4.5","prompt":"Magnificent landscape","ratio":"16:9","resolution":"4k"}"#)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["size"]?.string == "5404x3040")
            let picture = try await curl(answer.json["data"]?[0]?["url"]?.string ?? "", isAnonymous: true)
            let header = PictureHeader(picture.bytes)
            #expect(header?.width == 5404 && header?.height == 3040)
        }
    }

    @Test func `a picture whose shape the site chooses`() async throws {
        try await withCurl { curl, _ in
            let answer = try await curl(
                "/v1/images/generations", "-H", "Content-Type: application/json", "-d",
                #"{"model":"jimeng-4.5","prompt":"A running lion, portrait orientation","resolution":"2k","intelligent_ratio":true}"#
            )
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.facts?["resolution"]?.string == "2k")
            #expect((answer.json["data"]?.array?.count ?? 0) > 0)
        }
    }

    @Test func `a picture from an uploaded file, on the American site`() async throws {
        try await withCurl(token: "us-demo") { curl, inputs in
            let answer = try await curl(
                "/v1/images/compositions", "-X", "POST", "-F", "prompt=A cute cat, anime style", "-F",
                "model=jimeng-4.5", "-F", "ratio=1:1", "-F", "resolution=1k", "-F",
                "images=@\(inputs.path("cat.jpg"))")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["input_images"]?.int == 1)
            #expect(answer.json["composition_type"]?.string == "multi_image_synthesis")
            #expect(answer.json["data"]?[0]?["url"]?.string != nil)
            #expect(answer.facts?["region"]?.string == "us" && answer.facts?["width"]?.int == 1024)
        }
    }

    @Test func `a picture from two links`() async throws {
        try await withCurl { curl, inputs in
            let answer = try await curl(
                "/v1/images/compositions", "-H", "Content-Type: application/json", "-d",
                """
                {"model":"jimeng-4.0","prompt":"创建一个科幻风格的城市景观",
                  "images":[{"url":"\(inputs.url)"},{"url":"\(inputs.url)#2"}],"ratio":"21:9","response_format":"url"}
                """)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["input_images"]?.int == 2)
            #expect(answer.facts?["ratio"]?.string == "21:9" && answer.facts?["width"]?.int == 3024)
        }
    }

    // MARK: - Videos

    private func expectVideo(
        _ answer: Curl.Answer, ratio: String?, resolution: String, duration: Int64,
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(answer.status == 200, "\(answer.text)", sourceLocation: location)
        #expect(answer.json["created"]?.int != nil, sourceLocation: location)
        #expect(answer.json["data"]?.array?.count == 1, sourceLocation: location)
        #expect(answer.json["data"]?[0]?["url"]?.string?.hasPrefix("http") == true, sourceLocation: location)
        #expect(answer.json["data"]?[0]?["revised_prompt"]?.string != nil, sourceLocation: location)
        if let ratio { #expect(answer.facts?["ratio"]?.string == ratio, sourceLocation: location) }
        #expect(answer.facts?["resolution"]?.string == resolution, sourceLocation: location)
        #expect(answer.facts?["duration"]?.int == duration, sourceLocation: location)
    }

    @Test func `a video from a text`() async throws {
        try await withCurl { curl, _ in
            let answer = try await curl(
                "/v1/videos/generations", "-H", "Content-Type: application/json", "-d",
                #"{"model":"jimeng-video-3.0","prompt":"A lion running on the grassland","ratio":"16:9","resolution":"1080p","duration":10}"#
            )
            expectVideo(answer, ratio: "16:9", resolution: "1080p", duration: 10)
            let file = try await curl(answer.json["data"]?[0]?["url"]?.string ?? "", isAnonymous: true)
            #expect(file.bytes.dropFirst(4).starts(with: Array("ftyp".utf8)))
        }
    }

    @Test func `a video from its first picture`() async throws {
        try await withCurl { curl, inputs in
            let answer = try await curl(
                "/v1/videos/generations", "-F", "prompt=A man is talking", "-F", "model=jimeng-video-3.0", "-F",
                "ratio=9:16", "-F", "duration=5", "-F", "image_file_1=@\(inputs.path("first.png"))")
            expectVideo(answer, ratio: nil, resolution: "720p", duration: 5)
            #expect(answer.facts?["notices"]?.array?.contains("ratio_ignored_image_input") == true)
        }
    }

    @Test func `a video between two pictures`() async throws {
        try await withCurl { curl, inputs in
            let answer = try await curl(
                "/v1/videos/generations", "-F", "prompt=Smooth transition between scenes", "-F",
                "model=jimeng-video-3.0", "-F", "ratio=16:9", "-F", "duration=10", "-F",
                "image_file_1=@\(inputs.path("a.png"))", "-F", "image_file_2=@\(inputs.path("b.png"))")
            expectVideo(answer, ratio: nil, resolution: "720p", duration: 10)
        }
    }

    @Test func `a video from a link`() async throws {
        try await withCurl { curl, inputs in
            let answer = try await curl(
                "/v1/videos/generations", "-H", "Content-Type: application/json", "-d",
                """
                {"model":"jimeng-video-3.0","prompt":"A woman dancing in a garden","ratio":"4:3","duration":10,
                 "filePaths":["\(inputs.url)"]}
                """)
            expectVideo(answer, ratio: nil, resolution: "720p", duration: 10)
        }
    }

    // MARK: - Chat

    @Test func `a video in a streamed chat`() async throws {
        try await withCurl { curl, _ in
            let answer = try await curl(
                "/v1/chat/completions", "-H", "Content-Type: application/json", "-d",
                #"{"model":"jimeng-video-3.0","messages":[{"role":"user","content":"生成一个海浪拍打海岸的视频"}],"stream":true}"#)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.headers["content-type"] == "text/event-stream; charset=utf-8")
            #expect(answer.events.last == "[DONE]")
            let chunks = try answer.events.dropLast().map { try JSONValue.parse(Array($0.utf8)) }
            #expect(Set(chunks.map { $0["id"]?.string ?? "" }).count == 1)
            let deltas = chunks.map { $0["choices"]?[0]?["delta"] ?? .null }
            #expect(deltas.first?["role"]?.string == "assistant")
            #expect(deltas.first?["content"]?.string == "🎬 视频生成中，请稍候...")
            #expect(deltas.contains { $0["content"]?.string?.hasPrefix("![video](http") == true })
            #expect(chunks.last?["choices"]?[0]?["finish_reason"]?.string == "stop")
        }
    }

    @Test func `a chat about a picture`() async throws {
        try await withCurl { curl, inputs in
            let answer = try await curl(
                "/v1/chat/completions", "-H", "Content-Type: application/json", "-d",
                """
                {"model":"jimeng-4.5","messages":[{"role":"user","content":[
                {"type":"text","text":"将这张图片转换为水彩画风格"},{"type":"image_url","image_url":{"url":"\(inputs.url)"}}]}]}
                """)
            #expect(answer.status == 200, "\(answer.text)")
            let choice = answer.json["choices"]?[0]
            let content = choice?["message"]?["content"]?.string ?? ""
            #expect(content.hasPrefix("![image](http"))
            #expect(content.components(separatedBy: "\n").count == choice?["message"]?["images"]?.array?.count)
            #expect(choice?["finish_reason"]?.string == "stop" && answer.json["object"]?.string == "chat.completion")
            #expect(answer.json["usage"]?["prompt_tokens"]?.int == 95)
        }
    }

    @Test func `a chat about two frames, with shape and length in the words`() async throws {
        try await withCurl { curl, inputs in
            let answer = try await curl(
                "/v1/chat/completions", "-H", "Content-Type: application/json", "-d",
                """
                {"model":"jimeng-video-3.0","messages":[{"role":"user","content":[
                {"type":"text","text":"从日出到日落 16:9 10秒"},{"type":"image_url","image_url":{"url":"\(inputs.url)"}},
                {"type":"image_url","image_url":{"url":"\(inputs.url)#last"}}]}]}
                """)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["choices"]?[0]?["message"]?["content"]?.string?.hasPrefix("![video](http") == true)
            #expect(answer.facts?["duration"]?.int == 10)
        }
    }
}
