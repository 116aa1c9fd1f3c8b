import GatewayCore
import GatewayTesting
import HTTPTypes
import NIOCore
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Pictures from pictures", .timeLimit(.minutes(10)))
struct CompositionTests {
    private static let compositions = "/v1/images/compositions"
    private static let edits = "/v1/images/edits"
    private static let image = "IMAGE 640x480 some picture, long enough to be taken for data when encoded"

    private static func encoded(_ text: String) -> String {
        var buffer = ByteBuffer()
        Base64.write(Array(text.utf8), into: &buffer)
        return String(buffer: buffer)
    }

    private func links(_ count: Int) -> FakeFetcher {
        FakeFetcher(
            Dictionary(
                uniqueKeysWithValues: (1...count).map {
                    ("https://a.example/\($0).png", .success("IMAGE \($0)00x100 link"))
                }))
    }

    private func inputs(_ gateway: Gateway) -> [InputMaterial] { gateway.generations.requests.first?.task.inputs ?? [] }

    // MARK: Forms of inputs

    @Test("links become references, in their order, and the answer counts them")
    func links() async throws {
        let gateway = Gateway(fetcher: links(2))
        let answer = try await gateway.sendJSON(
            #"{"prompt":"city","images":[{"url":"https://a.example/2.png"},"https://a.example/1.png"],"ratio":"4:3"}"#,
            to: Self.compositions)
        #expect(answer.status == 200)
        #expect(answer.json["input_images"] == 2)
        #expect(answer.json["composition_type"] == "multi_image_synthesis")
        #expect(answer.json["usage"]?["input_tokens"] == 171)
        #expect(inputs(gateway).map(\.width) == [200, 100])
        guard case .imageToImage(let task, _)? = gateway.generations.requests.first?.task else {
            Issue.record("no composition")
            return
        }
        #expect(task.ratio == .landscape4x3)
        // They belong to the generation now.
        #expect(Set(gateway.inputs.materials) == Set(inputs(gateway)))
    }

    @Test("data, plain base64, kept files and links to here all work, and a single one needs no array")
    func forms() async throws {
        let media = MemoryMedia()
        let kept = try await media.keep(
            ByteChunks(Array("\u{89}".unicodeScalars.map { UInt8($0.value) })), limit: 100, now: .sample)
        let gateway = Gateway(media: media)
        let data = Self.encoded(Self.image)
        for (body, count) in [
            (#"{"prompt":"p","images":"data:image/png;base64,\#(data)"}"#, 1),
            (#"{"prompt":"p","images":["\#(data)",{"b64_json":"\#(data)"}]}"#, 2),
        ] {
            let answer = try await gateway.sendJSON(body, to: Self.compositions)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["input_images"] == .integer(Int64(count)))
        }
        #expect(gateway.fetcher.opened.isEmpty)
        // A kept file is found without its ending; this one is no picture.
        let stored = try await gateway.sendJSON(#"{"prompt":"p","images":["\#(kept.id)"]}"#, to: Self.compositions)
        #expect(stored.code == "media_not_found")
        #expect(stored.error["param"] == "images[0]")
    }

    @Test("a link to a file that is kept here is read without a request to anybody")
    func ownLinks() async throws {
        let media = MemoryMedia()
        let kept = try await media.keep(ByteChunks(FakeGenerations.webp), limit: 100, now: .sample)
        let gateway = Gateway(media: media)
        let links = MediaLinks(configuration: gateway.configuration, vault: gateway.services.vault)
        let link = links.link(to: kept, origin: "http://10.0.0.7:5100")
        // The pretended disk knows no WebP, which proves that the bytes came from the store.
        let answer = try await gateway.sendJSON(#"{"prompt":"p","images":["\#(link)"]}"#, to: Self.compositions)
        #expect(answer.code == "unsupported_media_format")
        #expect(gateway.fetcher.opened.isEmpty)
        let forged = link.replacing("s=", with: "s=0")
        let other = try await gateway.sendJSON(#"{"prompt":"p","images":["\#(forged)"]}"#, to: Self.compositions)
        #expect(other.code == "DOWNLOAD_FAILED")
        #expect(gateway.fetcher.opened == [forged])
    }

    @Test("at most three are downloaded at once")
    func parallelism() async throws {
        let gateway = Gateway(fetcher: links(9))
        let urls = (1...9).map { "\"https://a.example/\($0).png\"" }.joined(separator: ",")
        let answer = try await gateway.sendJSON(#"{"prompt":"p","images":[\#(urls)]}"#, to: Self.compositions)
        #expect(answer.json["input_images"] == 9)
        #expect(inputs(gateway).map(\.width) == (1...9).map { $0 * 100 })
        #expect(gateway.fetcher.mostActive == 3)
    }

    @Test("files and links of one form keep its order, and other files are told")
    func formOrder() async throws {
        let gateway = Gateway(fetcher: links(1))
        var form = FormBody([("prompt", "p"), ("sample_strength", "0.7")])
        form.add(file: "images", "a.png", "IMAGE 1x1 a")
        form.add("images", "https://a.example/1.png")
        form.add(file: "images[]", nil, "IMAGE 3x3 c")
        form.add(file: "extra", "x.png", "IMAGE 4x4 d")
        let answer = try await gateway.send(form, to: Self.compositions)
        #expect(answer.json["input_images"] == 3, "\(answer.text)")
        #expect(inputs(gateway).map(\.width) == [1, 100, 3])
        #expect(answer["x-jimeng-notice"] == "files_ignored:1")
        // The unused file is gone.
        #expect(gateway.inputs.materials.map(\.width) == [1, 3, 100])
    }

    @Test("files of any name count where none has the documented one")
    func anyName() async throws {
        let gateway = Gateway()
        let form = FormBody([("prompt", "p")], files: [("photo", "a.png", "IMAGE 1x1"), ("b", "b.png", "IMAGE 2x2")])
        #expect(try await gateway.send(form, to: Self.compositions).json["input_images"] == 2)
    }

    @Test("the plain endpoint takes references too, files first, and keeps its own answer")
    func generations() async throws {
        let gateway = Gateway(fetcher: links(2))
        var form = FormBody([("prompt", "p"), ("images", "https://a.example/1.png")])
        form.add(file: "upload", "a.png", "IMAGE 7x7")
        form.add("filePath", "https://a.example/2.png")
        let answer = try await gateway.send(form, to: "/v1/images/generations")
        #expect(answer.status == 200)
        #expect(answer.json["input_images"] == nil)
        #expect(inputs(gateway).map(\.width) == [7, 100, 200])
        for field in ["filePath", "file_path", "image", "images", "image_url"] {
            let one = Gateway(fetcher: links(1))
            _ = try await one.sendJSON(
                #"{"prompt":"p","\#(field)":"https://a.example/1.png"}"#, to: "/v1/images/generations")
            #expect(inputs(one).count == 1, "\(field)")
        }
    }

    // MARK: Edits

    @Test("OpenAI's edits take the shape of the picture and say what went in")
    func edits() async throws {
        let gateway = Gateway()
        let form = FormBody(
            [("prompt", "make it night"), ("size", "auto"), ("input_fidelity", "high")],
            files: [("image[]", "a.png", "IMAGE 640x480"), ("image[]", "b.png", "IMAGE 2x2")])
        let answer = try await gateway.send(form, to: Self.edits)
        #expect(answer.json["input_images"] == 2, "\(answer.text)")
        #expect(answer.json["composition_type"] == "multi_image_synthesis")
        guard case .imageToImage(let task, let inputs)? = gateway.generations.requests.first?.task else {
            Issue.record("no edit")
            return
        }
        #expect(task.intelligentRatio)
        #expect(task.sampleStrength == 0.7)
        #expect(inputs.map(\.width) == [640, 2])
        let json = try await gateway.sendJSON(
            #"{"prompt":"p","images":[{"image_url":"data:image/png;base64,\#(Self.encoded(Self.image))"}]}"#,
            to: Self.edits)
        #expect(json.json["input_images"] == 1)
    }

    @Test("a streamed edit has events of its own name")
    func editEvents() async throws {
        let form = FormBody([("prompt", "p"), ("stream", "true")], files: [("image", "a.png", "IMAGE 2x2")])
        let answer = try await Gateway().send(form, to: Self.edits)
        #expect(answer.text.hasPrefix("event: image_edit.completed\ndata: {\"type\":\"image_edit.completed\""))
    }

    @Test("a mask is refused, or taken as one more picture, or left out")
    func masks() async throws {
        let form = FormBody(
            [("prompt", "p")], files: [("image", "a.png", "IMAGE 2x2"), ("mask", "m.png", "IMAGE 3x3")])
        let refused = try await Gateway().send(form, to: Self.edits)
        #expect(refused.code == "unsupported_parameter")
        #expect(refused.error["param"] == "mask")
        let reference = Gateway { $0.maskPolicy = .reference }
        _ = try await reference.send(form, to: Self.edits)
        #expect(inputs(reference).map(\.width) == [2, 3])
        #expect(reference.generations.requests.first?.task.prompt.contains("transparent") == true)
        let ignored = Gateway { $0.maskPolicy = .ignore }
        #expect(try await ignored.send(form, to: Self.edits)["x-jimeng-notice"] == "param_ignored:mask")
        #expect(inputs(ignored).map(\.width) == [2])
        #expect(ignored.inputs.materials.count == 1)
    }

    // MARK: Refusals

    struct Refusal: Sendable {
        var body: String
        var code: String
        var param: String
        var status = 400
    }

    @Test(
        "every input that can't be had is told by its place and reason, and leaves nothing behind",
        arguments: [
            Refusal(body: #""images":[]"#, code: "too_few_images", param: "images"),
            Refusal(body: #""ratio":"1:1""#, code: "too_few_images", param: "images"),
            Refusal(
                body: #""images":["https://a.example/1.png",5]"#, code: "invalid_image_reference", param: "images[1]"),
            Refusal(
                body: #""images":["https://a.example/1.png","/etc/passwd"]"#, code: "local_path_forbidden",
                param: "images[1]"),
            Refusal(
                body: #""images":["https://a.example/1.png","https://a.example/none"]"#, code: "DOWNLOAD_FAILED",
                param: "images[1]"),
            Refusal(body: #""images":["https://a.example/slow"]"#, code: "DOWNLOAD_TIMEOUT", param: "images[0]"),
            Refusal(body: #""images":["https://a.example/page"]"#, code: "DOWNLOAD_NOT_MEDIA", param: "images[0]"),
            Refusal(body: #""images":["https://a.example/text"]"#, code: "DOWNLOAD_NOT_MEDIA", param: "images[0]"),
            Refusal(body: #""images":["https://a.example/empty"]"#, code: "DOWNLOAD_FAILED", param: "images[0]"),
            Refusal(body: #""images":["https://a.example/inner"]"#, code: "url_not_allowed", param: "images[0]"),
            Refusal(
                body: #""images":["https://a.example/large"]"#, code: "image_too_large", param: "images[0]",
                status: 413),
            Refusal(
                body: #""images":["https://a.example/film"]"#, code: "unsupported_media_format", param: "images[0]"),
            Refusal(body: #""image":"data:image/png;base64,Q*Q=""#, code: "DECODE_FAILED", param: "image"),
            Refusal(
                body: #""image":"data:image/png;base64,QUJDREVGR0hJSktM""#, code: "unsupported_media_format",
                param: "image"),
            Refusal(
                body: #""image":""# + String(repeating: "QUJD", count: 20) + #"""#, code: "invalid_image_reference",
                param: "image"),
            Refusal(
                body: #""images":["# + Array(repeating: #""https://a.example/1.png""#, count: 11).joined(separator: ",")
                    + "]", code: "too_many_images", param: "images"),
        ])
    func refusals(_ refusal: Refusal) async throws {
        let fetcher = FakeFetcher([
            "https://a.example/1.png": .success("IMAGE 1x1 a"),
            "https://a.example/slow": .failure(InputFault(.remoteTimeout)),
            "https://a.example/page": .failure(InputFault(.remoteNotMedia)),
            "https://a.example/text": .success("nothing that anybody knows"),
            "https://a.example/empty": .success(""),
            "https://a.example/inner": .failure(InputFault(.addressNotAllowed)),
            "https://a.example/large": .failure(InputFault(.tooLarge(.image, limit: 100 << 20))),
            "https://a.example/film": .success("VIDEO 5s"),
        ])
        let gateway = Gateway(fetcher: fetcher)
        let answer = try await gateway.sendJSON(#"{"prompt":"p",\#(refusal.body)}"#, to: Self.compositions)
        #expect(answer.code == refusal.code, "\(answer.text)")
        #expect(answer.error["param"] == .string(refusal.param))
        #expect(answer.status == refusal.status)
        #expect(gateway.inputs.materials.isEmpty)
        #expect(gateway.generations.requests.isEmpty)
    }

    @Test("texts of failed downloads name picture, reason and nothing else")
    func texts() async throws {
        let body = #"{"prompt":"一只猫","images":["https://a.example/1"]}"#
        let chinese = try await Gateway().sendJSON(body, to: Self.compositions)
        #expect(chinese.error["message"] == "图片 1 下载失败: HTTP 404")
        #expect(chinese.error["type"] == "image_upload_error")
        let inner = FakeFetcher(["https://a.example/1": .failure(InputFault(.remoteUnreachable("DNS failure")))])
        let gateway = Gateway(fetcher: inner)
        async let english = gateway.sendJSON(
            #"{"prompt":"p","image_url":"https://a.example/1"}"#, to: Self.compositions)
        try await gateway.time.waitForSleeper(until: .sample + .seconds(1))
        gateway.time.advance(by: .seconds(1))
        #expect(try await english.error["message"] == "Could not download image 1: DNS failure.")
        #expect(inner.opened.count == 2)
    }

    @Test("a file that is no picture, or too large, is refused while it arrives")
    func files() async throws {
        let film = FormBody([("prompt", "p")], files: [("images", "a.mp4", "VIDEO 5s")])
        let refused = try await Gateway().send(film, to: Self.compositions)
        #expect(refused.code == "unsupported_media_format")
        #expect(refused.error["param"] == "images")
        let gateway = Gateway { $0.inputLimits.image = 1000 }
        let form = FormBody(
            [("prompt", "p")],
            files: [
                ("images", "a.png", "IMAGE 1x1"), ("images", "b.png", Self.image + String(repeating: "x", count: 2000)),
            ])
        let large = try await gateway.send(form, to: Self.compositions)
        #expect(large.status == 413)
        #expect(large.code == "image_too_large")
        #expect(large.error["message"] == "Image 2 is more than 1000 bytes; the limit is 1000 bytes.")
        #expect(large["connection"] == "close")
        #expect(gateway.inputs.materials.isEmpty)
    }

    @Test("all inputs together have a limit, and so has the form")
    func totals() async throws {
        let gateway = Gateway(fetcher: links(2)) { $0.inputTotalLimit = 30 }
        let answer = try await gateway.sendJSON(
            #"{"prompt":"p","images":["https://a.example/1.png","https://a.example/2.png"]}"#, to: Self.compositions)
        #expect(answer.code == "request_too_large")
        #expect(gateway.inputs.materials.isEmpty)
        let form = Gateway { $0.multipartLimit = 200 }
        let refused = try await form.send(
            FormBody([("prompt", String(repeating: "p", count: 300))]), to: Self.compositions)
        #expect(refused.status == 413)
    }

    @Test("a failure after the files have arrived removes them: of a value, of the disk, of the engine")
    func cleaning() async throws {
        let files = [("images", "a.png", "IMAGE 1x1")] as [(String, String?, String)]
        let wrong = Gateway()
        #expect(
            try await wrong.send(FormBody([("prompt", "p"), ("ratio", "5:4")], files: files), to: Self.compositions)
                .code == "unsupported_ratio")
        #expect(wrong.inputs.materials.isEmpty)
        let full = Gateway(
            generations: { FakeGenerations(time: $0, startFault: GenerationFault(.queueFull)) })
        #expect(
            try await full.send(FormBody([("prompt", "p")], files: files), to: Self.compositions).code == "queue_full")
        #expect(full.inputs.materials.isEmpty)
        let broken = Gateway(inputs: TextInputs(fault: InputFault(.unavailable)))
        #expect(
            try await broken.send(FormBody([("prompt", "p")], files: files), to: Self.compositions).code
                == "storage_unavailable")
        var form = FormBody([("prompt", "p")], files: files)
        form.add(file: "images", "b.png", "IMAGE 2x2")
        let cut = String(form.body.dropLast(40))
        let half = Gateway()
        let answer = try await half.send(.post, Self.compositions, headers: form.headers, body: cut)
        #expect(answer.code == "invalid_multipart")
        #expect(half.inputs.materials.isEmpty)
    }

    @Test("a model without references says so, and one that is not there is told first")
    func models() async throws {
        let gateway = Gateway()
        let body = #"{"prompt":"p","model":"nanobanana","images":["https://a.example/1.png"]}"#
        let answer = try await gateway.send(
            .post, Self.compositions, token: "us-sandbox-1", headers: [.contentType: "application/json"], body: body)
        #expect(answer.code == "unsupported_parameter")
        #expect(gateway.fetcher.opened.isEmpty)
    }

    // MARK: Repeats

    @Test("the same files and fields are the same request, other bytes another")
    func fingerprints() async throws {
        let gateway = Gateway()
        func fingerprint(_ contents: String) async throws -> String? {
            _ = try await gateway.send(
                FormBody([("prompt", "p")], files: [("images", "a.png", contents)]), to: Self.compositions)
            return gateway.generations.requests.last?.fingerprint
        }
        let first = try await fingerprint("IMAGE 1x1 a")
        #expect(try await fingerprint("IMAGE 1x1 a") == first)
        #expect(try await fingerprint("IMAGE 1x1 b") != first)
    }

    @Test("asynchronous requests are answered with the record, their files kept")
    func async() async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.state = .queued } })
        let answer = try await gateway.send(
            FormBody([("prompt", "p"), ("async", "true")], files: [("images", "a.png", "IMAGE 1x1")]),
            to: Self.compositions)
        #expect(answer.status == 202)
        #expect(answer.json["object"] == "generation")
        #expect(gateway.inputs.materials.count == 1)
    }
}
