import GatewayCore
import GatewayTesting
import HTTPTypes
import NIOCore
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("POST /v1/videos/generations", .timeLimit(.minutes(10)))
struct VideoRoutesTests {
    private static let path = "/v1/videos/generations"

    private func gateway(
        fetcher: FakeFetcher = FakeFetcher(), contents: [UInt8] = Array("film".utf8),
        plan: @escaping @Sendable (inout Job) -> Void = { $0.finishFilm() },
        _ configure: (inout HTTPConfiguration) -> Void = { _ in }
    ) -> Gateway {
        Gateway(
            catalogue: .films, fetcher: fetcher,
            generations: { FakeGenerations(time: $0, contents: contents, plan: plan) }, configure)
    }

    private func task(_ gateway: Gateway) throws -> VideoTask {
        guard case .video(let task)? = gateway.generations.requests.last?.task else {
            throw RequestProblem(.videoNotFound)
        }
        return task
    }

    @Test("a prompt becomes a video", arguments: [VideoRoutes.path, VideoRoutes.otherPath])
    func text(_ path: String) async throws {
        let gateway = gateway()
        let answer = try await gateway.sendJSON(
            #"{"model":"jimeng-video-3.0","prompt":"A lion running on the grassland","ratio":"16:9","resolution":"1080p","duration":10}"#,
            to: path)
        #expect(answer.status == 200)
        #expect(
            answer.json["data"] == [
                ["url": "https://v3.example/film.mp4", "revised_prompt": "A lion running on the grassland"]
            ])
        #expect(answer.json["created"] == 1_790_000_000)
        let jimeng = try #require(answer.json["jimeng"])
        #expect(jimeng["generation_id"] == "gen_000000000001")
        #expect(jimeng["duration"] == 5)
        #expect(jimeng["ratio"] == "16:9")
        #expect(jimeng["resolution"] == "1080p")
        #expect(jimeng["width"] == 1280)
        let task = try task(gateway)
        #expect(task.seconds == 10)
        #expect(task.mode == .text)
    }

    @Test("file parts of any name are frames, in the order of their numbers")
    func frames() async throws {
        let gateway = gateway()
        let one = FormBody(
            [("prompt", "talking"), ("model", "jimeng-video-3.0"), ("ratio", "9:16"), ("duration", "5")],
            files: [("image_file_1", "first.png", "IMAGE 720x1280")])
        let first = try await gateway.send(one, to: Self.path)
        #expect(first.status == 200, "\(first.text)")
        #expect(first["x-jimeng-notice"] == "ratio_ignored_image_input")
        let two = FormBody(
            [("prompt", "transition"), ("model", "jimeng-video-3.0")],
            files: [("image_file_2", "b.png", "IMAGE 2x2"), ("image_file_1", "a.png", "IMAGE 1x1")])
        #expect(try await gateway.send(two, to: Self.path).status == 200)
        guard case .frames(let start, let end) = try task(gateway).mode else {
            Issue.record("no frames")
            return
        }
        #expect(start.width == 1)
        #expect(end?.width == 2)
        #expect(gateway.inputs.materials.count == 3)
    }

    @Test(
        "links in any of the usual fields are frames",
        arguments: [
            #""filePaths":["https://a.example/1.png"]"#, #""file_paths":["https://a.example/1.png"]"#,
            #""first_frame":"https://a.example/1.png""#, #""image_url":{"url":"https://a.example/1.png"}"#,
            #""input_reference":{"image_url":"https://a.example/1.png"}"#, #""image_file_1":"https://a.example/1.png""#,
            #""images":["https://a.example/1.png"]"#, #""file_paths":[],"filePaths":["https://a.example/1.png"]"#,
        ])
    func links(_ member: String) async throws {
        let gateway = gateway(fetcher: FakeFetcher(["https://a.example/1.png": .success("IMAGE 300x300")]))
        let answer = try await gateway.sendJSON(
            #"{"model":"jimeng-video-3.0","prompt":"A woman dancing","ratio":"4:3","duration":10,\#(member)}"#,
            to: Self.path)
        #expect(answer.status == 200, "\(answer.text)")
        guard case .frames(let first, nil) = try task(gateway).mode else {
            Issue.record("no frame")
            return
        }
        #expect(first.width == 300)
    }

    @Test("uploaded files put links aside, which are never fetched")
    func uploadsFirst() async throws {
        let gateway = gateway()
        let form = FormBody(
            [("prompt", "p"), ("file_paths", #"["https://a.example/1.png"]"#)], files: [("x", "a.png", "IMAGE 1x1")])
        let answer = try await gateway.send(form, to: Self.path)
        #expect(answer["x-jimeng-notice"] == "uploaded_files_preferred")
        #expect(gateway.fetcher.opened.isEmpty)
    }

    @Test("materials of every kind go in by slot, and the prompt calls them")
    func omni() async throws {
        let gateway = gateway(fetcher: FakeFetcher(["https://a.example/v": .success("VIDEO 6s")]))
        var form = FormBody([
            ("prompt", "@image_file_1 dances like @视频1, @hero.png watches"), ("model", "seedance"),
            ("functionMode", "omni_reference"), ("video_file_1", "https://a.example/v"), ("ratio", "adaptive"),
        ])
        form.add(file: "files", "hero.png", "IMAGE 2x2")
        form.add(file: "image_file_1", "a.png", "IMAGE 1x1")
        form.add(file: "audio_file", "a.mp3", "AUDIO 3s")
        let answer = try await gateway.send(form, to: Self.path)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer["x-jimeng-notice"] == "material_unreferenced:audio_file_1")
        guard case .omni(let materials, let pieces) = try task(gateway).mode else {
            Issue.record("no materials")
            return
        }
        #expect(materials.map(\.kind) == [.image, .image, .video, .audio])
        #expect(
            pieces == [
                .material(0), .text(" dances like "), .material(2), .text(", "), .material(1), .text(" watches"),
                .material(3),
            ])
        #expect(try task(gateway).ratio == "adaptive")
    }

    @Test(
        "what a video can't be made from is refused, and nothing is left of it",
        arguments: [
            ("jimeng-video-3.0", [("a", "VIDEO 5s")], "unsupported_media_format"),
            ("jimeng-video-3.0", [("a", "IMAGE 1x1"), ("b", "IMAGE 1x1"), ("c", "IMAGE 1x1")], "too_many_images"),
            ("seedance", [("image_file_1", "VIDEO 5s"), ("video_file_1", "VIDEO 5s")], "unsupported_media_format"),
            ("seedance", [("a", "VIDEO 9s"), ("b", "VIDEO 9s")], "reference_video_too_long"),
            ("seedance", [("audio_file_1", "AUDIO 2s")], "too_few_images"),
        ] as [(String, [(String, String)], String)])
    func refusals(_ model: String, _ files: [(String, String)], _ code: String) async throws {
        let gateway = gateway()
        let form = FormBody([("prompt", "p"), ("model", model)], files: files.map { ($0.0, "f", $0.1) })
        let answer = try await gateway.send(form, to: Self.path)
        #expect(answer.code == code, "\(answer.text)")
        #expect(gateway.inputs.materials.isEmpty)
    }

    @Test("a video or sound that can't be had is told as media, a picture as a picture")
    func mediaErrors() async throws {
        let video = try await gateway().sendJSON(
            #"{"prompt":"p","model":"seedance","video_file_1":"https://a.example/v"}"#, to: Self.path)
        #expect(video.error["type"] == "media_upload_error")
        #expect(video.error["message"] == "Could not download video 1: HTTP 404.")
        #expect(video.error["param"] == "video_file_1")
        let long = FakeFetcher(["https://a.example/v": .failure(InputFault(.tooLarge(.image, limit: 200 << 20)))])
        let large = try await gateway(fetcher: long).sendJSON(
            #"{"prompt":"p","model":"seedance","video_file_1":"https://a.example/v"}"#, to: Self.path)
        #expect(large.code == "video_too_large")
        #expect(large.error["message"] == "Video 1 is more than 200 MiB; the limit is 200 MiB.")
        let image = try await gateway().sendJSON(
            #"{"prompt":"p","file_paths":["https://a.example/i"]}"#, to: Self.path)
        #expect(image.error["type"] == "image_upload_error")
    }

    @Test("the file itself is answered in one stream of base64, whatever the pieces it comes in")
    func base64() async throws {
        let contents = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 2) }
        var encoded = ByteBuffer()
        Base64.write(contents, into: &encoded)
        for query in ["", "?keepalive=true"] {
            let answer = try await gateway(contents: contents).sendJSON(
                #"{"prompt":"a \"lion\"","response_format":"b64_json"}"#, to: Self.path + query)
            #expect(answer.json["data"]?[0]?["b64_json"] == .string(String(buffer: encoded)))
            #expect(answer.json["data"]?[0]?["url"] == nil)
            #expect(answer.json["data"]?[0]?["revised_prompt"] == "a \"lion\"")
            #expect(answer.json["jimeng"]?["generation_id"] == "gen_000000000001")
        }
        let empty = gateway(contents: [])
        async let gone = empty.sendJSON(#"{"prompt":"p","response_format":"b64_json"}"#, to: Self.path)
        try await empty.passAttempts()
        #expect(try await gone.code == "result_download_failed")
    }

    @Test("a model that the site has given up is answered with those it has, and no other that is gone")
    func available() async throws {
        let answer = try await gateway(plan: { $0.fail(.modelUnavailable) }).sendJSON(
            #"{"prompt":"p","model":"jimeng-video-3.0"}"#, to: Self.path)
        #expect(answer.code == "model_unavailable")
        #expect(answer.error["message"]?.string?.hasSuffix("Available: seedance.") == true, "\(answer.text)")
    }

    @Test("videos have a longer limit of their own")
    func waiting() async throws {
        let gateway = gateway(plan: { $0.state = .running })
        async let answer = gateway.sendJSON(#"{"prompt":"p"}"#, to: Self.path)
        try await gateway.time.waitForSleepers()
        gateway.time.advance(by: .seconds(1200))
        let expired = try await answer
        #expect(expired.status == 504)
        #expect(expired.code == "generation_timeout")
        #expect(expired.error["message"]?.string?.contains("1200 s") == true)
        #expect(expired["location"] == "/v1/generations/gen_000000000001")
    }

    @Test("asking again is the same request under both names of the endpoint")
    func repeats() async throws {
        let gateway = gateway()
        let headers: HTTPFields = [.idempotencyKey: "k"]
        _ = try await gateway.sendJSON(#"{"prompt":"p"}"#, to: VideoRoutes.path, headers: headers)
        let again = try await gateway.sendJSON(#"{"prompt":"p"}"#, to: VideoRoutes.otherPath, headers: headers)
        #expect(again["idempotency-replayed"] == "true")
        #expect(gateway.generations.jobs.count == 1)
    }

    @Test("records for pollers speak OpenAI's words and repeat the result")
    func records() async throws {
        let gateway = gateway(plan: { $0.state = .running })
        _ = try await gateway.sendJSON(#"{"prompt":"p","async":true}"#, to: Self.path)
        for path in [VideoRoutes.path, VideoRoutes.otherPath, "/v1/images/generations"] {
            let running = try await gateway.send(.get, path + "/gen_000000000001")
            #expect(running.json["status"] == "in_progress")
            #expect(running.json["result"] == nil)
            #expect(running["retry-after"] != nil)
        }
        gateway.generations.update { $0.finishFilm() }
        let done = try await gateway.send(.get, Self.path + "/video_000000000001")
        #expect(done.json["status"] == "completed")
        #expect(done.json["result"]?["data"] == done.json["data"])
        #expect(done.json["url"] == "https://v3.example/film.mp4")
        #expect(done.json["task_id"] == "gen_000000000001")
        let foreign = try await gateway.send(.get, Self.path + "/gen_000000000001", token: "sandbox-other")
        #expect(foreign.code == "generation_not_found")
    }
}
