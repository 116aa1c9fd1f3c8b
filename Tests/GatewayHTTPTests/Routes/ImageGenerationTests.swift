import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("POST /v1/images/generations", .timeLimit(.minutes(10)))
struct ImageGenerationTests {
    @Test("a prompt becomes a picture in OpenAI's shape")
    func url() async throws {
        let gateway = Gateway()
        let answer = try await gateway.generate(#"{"prompt":"一只猫","size":"1024x768","n":1,"user":"u1"}"#)
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "application/json; charset=utf-8")
        #expect(answer["x-generation-id"] == "gen_000000000001")
        #expect(answer["x-jimeng-model"] == "jimeng-4.5")
        #expect(answer["x-jimeng-notice"] == "ratio_from_size,resolution_from_size")
        let url = RemoteOutput.sample(1).url
        #expect(answer.json["created"] == 1_790_000_000)
        #expect(answer.json["data"] == [["url": .string(url), "size": "2304x1728"]])
        #expect(answer.json["size"] == "2304x1728")
        #expect(answer.json["quality"] == "medium")
        #expect(answer.json["background"] == "opaque")
        #expect(answer.json["output_format"] == "webp")
        #expect(
            answer.json["usage"] == [
                "input_tokens": 3, "output_tokens": 1, "total_tokens": 4,
                "input_tokens_details": ["text_tokens": 3, "image_tokens": 0],
                "output_tokens_details": ["text_tokens": 0, "image_tokens": 1],
            ])
        let jimeng = try #require(answer.json["jimeng"])
        #expect(jimeng["generation_id"] == "gen_000000000001")
        #expect(jimeng["region"] == "cn")
        #expect(jimeng["ratio"] == "4:3")
        #expect(jimeng["width"] == 2304)
        #expect(jimeng["history_id"] == "28765432100")
        #expect(jimeng["elapsed_ms"] == 12_000)
        #expect(jimeng["credits_used"] == .null)
        #expect(jimeng["notices"] == ["ratio_from_size", "resolution_from_size"])
    }

    @Test("the engine is given everything that was decided")
    func handedOver() async throws {
        let gateway = Gateway()
        _ = try await gateway.generate(
            #"{"prompt":"p","model":"jimeng","seed":"7","negativePrompt":"no","sampleStrength":"0.7","n":2,"user":"u","metadata":{"a":1}}"#,
            token: "us-one,jp-two,us-one")
        let request = try #require(gateway.generations.requests.first)
        #expect(
            request.task
                == .textToImage(
                    TextToImage(
                        model: "jimeng-4.5", prompt: "p", negativePrompt: "no", ratio: .square, resolution: "2k",
                        size: PixelSize(width: 2048, height: 2048), count: 2, sampleStrength: 0.7, seed: 7)))
        #expect(request.requestedModel == "jimeng")
        #expect(request.user == "u")
        #expect(request.metadata == ["a": "1"])
        #expect(request.accounts.map(\.region) == [.us, .jp])
        #expect(request.accounts.map { $0.session.reveal() } == ["one", "two"])
        #expect(request.join == .never)
        #expect(request.notices == ["model_alias:jimeng-4.5"])
    }

    @Test("only accounts of regions that have the model are candidates")
    func regions() async throws {
        let gateway = Gateway()
        _ = try await gateway.generate(#"{"prompt":"p","model":"nanobanana"}"#, token: "one,us-two")
        #expect(gateway.generations.requests.first?.accounts.map(\.region) == [.us])
        let refused = try await gateway.generate(#"{"prompt":"p","model":"nanobanana"}"#, token: "one,hk-two")
        #expect(refused.code == "region_mismatch")
        #expect(
            refused.error["message"]
                == "Model 'nanobanana' is not available on the cn, hk site. Available on: us.")
    }

    @Test("a gateway key without accounts behind it has nothing to run on")
    func noAccount() async throws {
        let gateway = Gateway { $0.tokens.staticKeys = [Secret("my-key")] }
        let answer = try await gateway.generate(token: "my-key")
        #expect(answer.status == 503)
        #expect(answer.code == "no_available_account")
    }

    @Test("the file itself is answered on request, and for names that never return links")
    func base64() async throws {
        for body in [#"{"prompt":"p","response_format":"b64_json"}"#, #"{"prompt":"p","model":"gpt-image-1"}"#] {
            let answer = try await Gateway().generate(body)
            let item = try #require(answer.json["data"]?[0])
            #expect(item["url"] == nil)
            #expect(item["b64_json"] == "UklGRgAAAABXRUJQVlA4IHBpY3R1cmU=")
            #expect(item["size"] == "2304x1728")
        }
    }

    @Test("several pictures keep their order")
    func order() async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.finish(4) } })
        let links = try await gateway.generate().json["data"]?.array?.compactMap { $0["url"]?.string }
        #expect(links == (1...4).map { RemoteOutput.sample($0).url })
    }

    @Test("more pictures than asked for are left out, and fewer are told")
    func counts() async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.finish(4, state: .partial) } })
        let one = try await gateway.generate(#"{"prompt":"p","n":1}"#)
        #expect(one.json["data"]?.array?.count == 1)
        #expect(one.json["jimeng"]?["notices"] == ["n_truncated:4", "partial_result:4/4"])
        let six = try await gateway.generate(#"{"prompt":"p","n":6}"#)
        #expect(six.json["data"]?.array?.count == 4)
        #expect(six.json["jimeng"]?["notices"] == ["partial_result:4/6"])
    }

    @Test("a converted file is answered where there is a converter")
    func conversion() async throws {
        let gateway = Gateway(converter: FakeConverter())
        let answer = try await gateway.generate(
            #"{"prompt":"p","response_format":"b64_json","output_format":"jpeg","output_compression":70}"#)
        #expect(answer.json["output_format"] == "jpeg")
        #expect(answer.json["data"]?[0]?["b64_json"] == "/9j/anBlZyA3MA==")
        #expect(answer["x-jimeng-notice"] == nil)
        let same = try await gateway.generate(#"{"prompt":"p","response_format":"b64_json","output_format":"webp"}"#)
        #expect(same.json["data"]?[0]?["b64_json"] == "UklGRgAAAABXRUJQVlA4IHBpY3R1cmU=")
    }

    @Test("a format that can't be had is told, and the original is answered")
    func noConversion() async throws {
        let body = #"{"prompt":"p","response_format":"b64_json","output_format":"png"}"#
        for converter in [nil, FakeConverter(fault: MediaFault(.unavailable))] {
            let answer = try await Gateway(converter: converter).generate(body)
            #expect(answer.status == 200)
            #expect(answer.json["output_format"] == "webp")
            #expect(answer["x-jimeng-notice"] == "param_ignored:output_format")
        }
        // A link of the site's can't be converted.
        let link = try await Gateway(converter: FakeConverter()).generate(#"{"prompt":"p","output_format":"png"}"#)
        #expect(link["x-jimeng-notice"] == "param_ignored:output_format")
    }

    @Test("a result that can't be read names the generation")
    func unreadable() async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0, contents: []) })
        async let result = gateway.generate(#"{"prompt":"p","response_format":"b64_json"}"#)
        try await gateway.passAttempts()
        let answer = try await result
        #expect(answer.status == 502)
        #expect(answer.code == "result_download_failed")
        #expect(answer.error["generation_id"] == "gen_000000000001")
        #expect(answer["x-should-retry"] == "false")
    }

    @Test("a picture over the limit is not held in memory")
    func largePicture() async throws {
        let gateway = Gateway { $0.pictureLimit = 10 }
        #expect(
            try await gateway.generate(#"{"prompt":"p","response_format":"b64_json"}"#).code
                == "result_download_failed")
    }

    @Test(
        "a generation that fails is answered with its reason",
        arguments: [
            (GenerationFault.Kind.contentPolicyViolation, 400), (.insufficientCredits, 429), (.invalidSession, 401),
            (.riskControl, 403), (.upstreamBusy, 429), (.imageGenerationFailed, 500),
        ])
    func failures(_ kind: GenerationFault.Kind, _ status: Int) async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.fail(kind) } })
        let answer = try await gateway.generate(#"{"prompt":"猫"}"#)
        #expect(answer.status == status)
        #expect(answer.code == kind.rawValue)
        #expect(answer.error["generation_id"] == "gen_000000000001")
        #expect(answer["x-generation-id"] == "gen_000000000001")
        let isChinese = answer.error["message"]?.string?.unicodeScalars.contains { $0.value > 0x4E00 }
        #expect(isChinese == true)
    }

    @Test("an ended generation without pictures is an error")
    func empty() async throws {
        for (state, code) in [(JobState.succeeded, "empty_result"), (.canceled, "generation_canceled")] {
            let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.state = state } })
            #expect(try await gateway.generate().code == code)
        }
    }

    @Test("what the engine refuses is answered at once")
    func refusedStart() async throws {
        let full = Gateway(generations: { FakeGenerations(time: $0, startFault: GenerationFault(.queueFull)) })
        let answer = try await full.generate()
        #expect(answer.status == 429)
        #expect(answer.error["message"] == "The queue is full (3 waiting). Try again in 10 s.")
        #expect(answer["retry-after"] == "10")
        let stopping = Gateway(generations: { FakeGenerations(time: $0, startFault: GenerationFault(.shuttingDown)) })
        #expect(try await stopping.generate().status == 503)
    }

    @Test("checks come in the documented order")
    func validationOrder() async throws {
        let gateway = Gateway { $0.bodyLimit = 64 }
        let broken = #"{"prompt":"#
        #expect(try await gateway.generate(broken, token: nil).code == "missing_api_key")
        #expect(try await gateway.generate(String(repeating: " ", count: 65), token: nil).code == "missing_api_key")
        #expect(try await gateway.generate(String(repeating: " ", count: 65)).code == "request_too_large")
        #expect(try await gateway.generate(broken).code == "invalid_json")
        #expect(try await gateway.generate(#"{"model":"x","image":"y"}"#).error["param"] == "prompt")
        #expect(try await gateway.generate(#"{"prompt":"p","model":"x","image":"y"}"#).code == "model_not_found")
        #expect(try await gateway.generate(#"{"prompt":"p","ratio":"5:4","image":"y"}"#).code == "unsupported_ratio")
        #expect(try await gateway.generate(#"{"prompt":"p","image":"y"}"#).code == "invalid_image_reference")
        #expect(gateway.generations.requests.isEmpty)
    }

    @Test(
        "reference pictures are never ignored, however the field is called",
        arguments: ["filePath", "file_path", "images", "image", "image_url", "imageUrls", "file_paths"])
    func references(_ field: String) async throws {
        let answer = try await Gateway().generate(#"{"prompt":"p","\#(field)":["https://example.com/a.png"]}"#)
        #expect(answer.code == "DOWNLOAD_FAILED")
        #expect(answer.error["param"] == .string("\(field)[0]"))
        #expect(try await Gateway().generate(#"{"prompt":"p","\#(field)":[]}"#).status == 200)
    }

    @Test("fields may come as a form, also when curl says so by itself")
    func forms() async throws {
        let gateway = Gateway()
        let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        let answer = try await gateway.generate(
            "prompt=a+caf%C3%A9&ratio=4%3A3&n=1&intelligent_ratio=false&seed=&metadata%5Bk%5D=v", headers: form)
        #expect(answer.status == 200)
        let request = try #require(gateway.generations.requests.first)
        #expect(request.task.prompt == "a café")
        #expect(request.task.expectedCount == 1)
        #expect(request.metadata == ["k": "v"])
        #expect(try await gateway.generate(#" {"prompt":"p"}"#, headers: form).status == 200)
    }

    @Test(
        "other content types are refused",
        arguments: ["multipart/mixed; boundary=x", "image/png", "application/xml", "text/html"])
    func contentTypes(_ type: String) async throws {
        let answer = try await Gateway().generate(headers: [.contentType: type])
        #expect(answer.status == 415)
        #expect(answer.code == "unsupported_content_type")
    }

    @Test("JSON goes by many names", arguments: ["application/vnd.api+json", "text/plain", "text/json; charset=utf-8"])
    func jsonTypes(_ type: String) async throws {
        #expect(try await Gateway().generate(headers: [.contentType: type]).status == 200)
    }

    @Test("a compressed body is refused instead of misread")
    func compressed() async throws {
        #expect(try await Gateway().generate(headers: [.contentEncoding: "br"]).status == 415)
    }

    @Test("a body over the limit is refused with its limit, and the connection is given up")
    func bodyLimit() async throws {
        let gateway = Gateway { $0.bodyLimit = 2048 }
        let answer = try await gateway.generate(#"{"prompt":"\#(String(repeating: "x", count: 4096))"}"#)
        #expect(answer.status == 413)
        #expect(answer.error["message"] == "The request body exceeds 2 KiB.")
        #expect(answer["connection"] == "close")
    }

    @Test("a series that came out shorter says so, and the prompt's words ask for one")
    func shortSeries() async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.finish(2) } })
        let answer = try await gateway.generate(#"{"prompt":"画3张连续的猫 4:3"}"#)
        #expect(answer["x-jimeng-notice"] == "ratio_from_prompt,partial_result:2/3")
        let plain = try await gateway.generate(
            #"{"prompt":"画3张连续的猫 4:3","multi_image":false,"prompt_hints":false}"#)
        #expect(plain["x-jimeng-notice"] == nil)
        #expect(gateway.generations.requests.map(\.task.ratio) == ["4:3", "1:1"])
    }
}
