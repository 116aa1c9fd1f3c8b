import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("OpenAI's video resource", .timeLimit(.minutes(10)))
struct OpenAIVideoTests {
    private static let path = "/v1/videos"
    private static let first = "/v1/videos/video_000000000001"

    private func gateway(
        contents: [UInt8] = Array("VIDEO 5s film".utf8), stateAfterCancel: JobState? = .canceled,
        media: MemoryMedia = MemoryMedia(),
        plan: @escaping @Sendable (inout Job) -> Void = { $0.state = .queued }
    ) -> Gateway {
        Gateway(
            media: media, catalogue: .films,
            generations: {
                FakeGenerations(time: $0, contents: contents, stateAfterCancel: stateAfterCancel, plan: plan)
            })
    }

    @Test("a video is made from a form, as the libraries send it, and answered at once")
    func create() async throws {
        let gateway = gateway()
        let form = FormBody([
            ("model", "sora-2"), ("prompt", "a calico cat"), ("seconds", "8"), ("size", "1280x720"),
        ])
        let answer = try await gateway.send(form, to: Self.path)
        #expect(answer.status == 200)
        #expect(answer["openai-poll-after-ms"] == "3000")
        #expect(answer["x-generation-id"] == "gen_000000000001")
        var expected: JSONObject = [
            "id": "video_000000000001", "object": "video", "model": "sora-2", "status": "queued", "progress": 0,
            "created_at": 1_790_000_000, "completed_at": .null, "expires_at": .null, "prompt": "a calico cat",
            "size": "1280x720", "seconds": "10", "remixed_from_video_id": .null, "error": .null,
            "task_id": "video_000000000001", "url": .null, "metadata": [:],
        ]
        var object = try #require(answer.json.object)
        #expect(object["jimeng"]?["notices"]?.array?.contains("duration_adjusted:10") == true)
        object["jimeng"] = nil
        #expect(JSONValue.object(object) == .object(expected))
        expected["seconds"] = nil
        let json = try await gateway.sendJSON(#"{"prompt":"p","size":"720x1280"}"#, to: Self.path)
        #expect(json.json["seconds"] == "5")
        #expect(json.json["size"] == "720x1280")
    }

    @Test(
        "a reference is the first frame, as a file or by link",
        arguments: [
            FormBody([("prompt", "p")], files: [("input_reference", "a.png", "IMAGE 5x5")]),
            FormBody([("prompt", "p")], files: [("input_reference[]", "a.png", "IMAGE 5x5")]),
            FormBody([("prompt", "p"), ("input_reference[image_url]", "data:image/png;base64,SU1BR0UgNXg1IA==")]),
        ])
    func references(_ form: FormBody) async throws {
        let gateway = gateway()
        let answer = try await gateway.send(form, to: Self.path)
        #expect(answer.status == 200, "\(answer.text)")
        guard case .video(let task)? = gateway.generations.requests.first?.task,
            case .frames(let first, nil) = task.mode
        else {
            Issue.record("no frame")
            return
        }
        #expect(first.width == 5)
    }

    @Test("a prompt is required, a length must be a number, an odd size is refused")
    func refusals() async throws {
        let gateway = gateway()
        #expect(try await gateway.sendJSON("{}", to: Self.path).error["param"] == "prompt")
        let seconds = try await gateway.sendJSON(#"{"prompt":"p","seconds":"long"}"#, to: Self.path)
        #expect(seconds.code == "unsupported_duration")
        #expect(seconds.error["param"] == "seconds")
        #expect(try await gateway.sendJSON(#"{"prompt":"p","size":"wide"}"#, to: Self.path).code == "invalid_size")
    }

    @Test("it is looked up under both of its ids until it is done")
    func retrieve() async throws {
        let gateway = gateway()
        _ = try await gateway.sendJSON(#"{"prompt":"p","metadata":{"a":"b"}}"#, to: Self.path)
        gateway.generations.update {
            $0.state = .running
            $0.progress.percent = 42
            $0.progress.queuePosition = 11
        }
        let running = try await gateway.send(.get, "/v1/videos/gen_000000000001")
        #expect(running.json["status"] == "in_progress")
        #expect(running.json["progress"] == 42)
        #expect(running["openai-poll-after-ms"] == "10000")
        let wish = try await gateway.send(
            .get, Self.first, headers: [.stainlessPollInterval: "1500"])
        #expect(wish["openai-poll-after-ms"] == "1500")
        gateway.generations.update { $0.finishFilm(seconds: 10) }
        let done = try await gateway.send(.get, Self.first)
        #expect(done.json["status"] == "completed")
        #expect(done.json["progress"] == 100)
        #expect(done.json["seconds"] == "10")
        #expect(done.json["size"] == "1280x720")
        #expect(done.json["url"] == "https://v3.example/film.mp4")
        #expect(done.json["metadata"] == ["a": "b", "url": "https://v3.example/film.mp4"])
        #expect(done["openai-poll-after-ms"] == nil)
        #expect(try await gateway.send(.get, Self.first, token: "sandbox-x").code == "video_not_found")
        #expect(try await gateway.send(.get, "/v1/videos/video_none").code == "video_not_found")
        // A generation of pictures is no video.
        _ = try await gateway.generate(headers: [.prefer: "respond-async"])
        #expect(try await gateway.send(.get, "/v1/videos/gen_000000000002").status == 404)
    }

    @Test("after a minute it need not be asked so often")
    func pollAfter() {
        let job = Job.sample(
            task: .video(
                .init(model: "m", prompt: "p", ratio: "1:1", resolution: nil, seconds: 5, seed: 1, mode: .text)))
        #expect(VideoObject.pollAfter(job, wish: nil, now: .sample) == 3000)
        #expect(VideoObject.pollAfter(job, wish: "7", now: .sample + .seconds(60)) == 5000)
        #expect(VideoObject.pollAfter(job.with { $0.state = .failed }, wish: "700", now: .sample) == nil)
    }

    @Test("a failure is told in the object, moderation in OpenAI's word")
    func failures() async throws {
        let gateway = gateway(plan: { $0.fail(.outputFiltered, historyID: "1") })
        _ = try await gateway.sendJSON(#"{"prompt":"p"}"#, to: Self.path)
        let answer = try await gateway.send(.get, Self.first)
        #expect(answer.json["status"] == "failed")
        #expect(
            answer.json["error"] == [
                "code": "content_policy_violation", "message": "The result was withheld by content review.",
            ])
        let content = try await gateway.send(.get, Self.first + "/content")
        #expect(content.status == 404)
        #expect(content.code == "content_expired")
        #expect(
            try await gateway.sendJSON(#"{"prompt":"x"}"#, to: Self.first + "/remix").code == "generation_not_finished")
    }

    @Test("the list holds the caller's videos by pages")
    func list() async throws {
        let gateway = gateway()
        for _ in 0..<3 { _ = try await gateway.sendJSON(#"{"prompt":"p"}"#, to: Self.path) }
        _ = try await gateway.generate(headers: [.prefer: "respond-async"])
        let page = try await gateway.send(.get, "/v1/videos?limit=2")
        #expect(page.json["object"] == "list")
        #expect(page.json["first_id"] == "video_000000000003")
        #expect(page.json["last_id"] == "video_000000000002")
        #expect(page.json["has_more"] == true)
        let rest = try await gateway.send(.get, "/v1/videos?limit=2&after=video_000000000002")
        #expect(rest.json["data"]?.array?.map { $0["id"] } == ["video_000000000001"])
        #expect(rest.json["has_more"] == false)
        #expect(try await gateway.send(.get, "/v1/videos?order=asc&limit=0").json["first_id"] == "video_000000000001")
        #expect(try await gateway.send(.get, "/v1/videos", token: "sandbox-x").json["data"] == [])
        #expect(try await gateway.send(.get, "/v1/videos?limit=101").code == "value_out_of_range")
        #expect(try await gateway.send(.get, "/v1/videos?order=up").code == "invalid_value")
        #expect(try await gateway.send(.get, "/v1/videos?after=video_none").code == "video_not_found")
    }

    @Test("the file is served whole or in ranges from the store, else from the site")
    func content() async throws {
        let media = MemoryMedia()
        let stored = try await media.keep(
            ByteChunks([0, 0, 0, 8] + Array("ftypisom".utf8)), limit: 100, now: .sample)
        let kept = gateway(media: media, plan: { $0.finishFilm(stored: stored) })
        _ = try await kept.sendJSON(#"{"prompt":"p"}"#, to: Self.path)
        let whole = try await kept.send(.get, Self.first + "/content")
        #expect(whole.status == 200)
        #expect(whole["content-type"] == "video/mp4")
        #expect(whole["content-disposition"] == "attachment; filename=\"video_000000000001.mp4\"")
        #expect(whole["accept-ranges"] == "bytes")
        let part = try await kept.send(.get, Self.first + "/content?variant=video", headers: [.range: "bytes=4-7"])
        #expect(part.status == 206)
        #expect(part.text == "ftyp")
        #expect(try await kept.send(.get, Self.first + "/content?variant=thumbnail").code == "media_not_found")
        let key = MediaKey(stored.id, .poster, fileExtension: "jpg")
        try await media.keep([0xFF, 0xD8, 0xFF, 7], as: key)
        let shown = stored.with {
            $0.previews = [StoredPreview(variant: "poster", fileExtension: "jpg", byteCount: 4)]
        }
        let previewed = gateway(media: media, plan: { $0.finishFilm(stored: shown) })
        _ = try await previewed.sendJSON(#"{"prompt":"p"}"#, to: Self.path)
        for variant in ["thumbnail", "poster"] {
            let picture = try await previewed.send(.get, Self.first + "/content?variant=\(variant)")
            #expect(picture["content-type"] == "image/jpeg")
            #expect(picture["content-length"] == "4")
        }
        let covered = gateway(plan: {
            $0.finishFilm()
            $0.outputs[0].remote.coverURL = "https://cdn.example/cover"
        })
        _ = try await covered.sendJSON(#"{"prompt":"p"}"#, to: Self.path)
        #expect(try await covered.send(.get, Self.first + "/content?variant=thumbnail").text == "cover")
        #expect(try await kept.send(.get, Self.first + "/content?variant=spritesheet").code == "invalid_value")
        let remote = gateway(plan: { $0.finishFilm() })
        _ = try await remote.sendJSON(#"{"prompt":"p"}"#, to: Self.path)
        #expect(try await remote.send(.get, Self.first + "/content").text == "VIDEO 5s film")
        let early = gateway()
        _ = try await early.sendJSON(#"{"prompt":"p"}"#, to: Self.path)
        let refused = try await early.send(.get, Self.first + "/content")
        #expect(refused.status == 409)
        #expect(refused.code == "generation_not_finished")
        #expect(refused["x-should-retry"] == "false")
    }

    @Test("deleting cancels first, removes the files, and says so when the site goes on")
    func delete() async throws {
        let media = MemoryMedia()
        let stored = try await media.keep(ByteChunks([1, 2, 3]), limit: 100, now: .sample)
        let done = gateway(media: media, plan: { $0.finishFilm(stored: stored) })
        _ = try await done.sendJSON(#"{"prompt":"p"}"#, to: Self.path)
        let answer = try await done.send(.delete, Self.first)
        #expect(answer.json == ["id": "video_000000000001", "object": "video.deleted", "deleted": true])
        #expect(media.count == 0)
        #expect(try await done.send(.get, Self.first).status == 404)
        let queued = gateway()
        _ = try await queued.sendJSON(#"{"prompt":"p"}"#, to: Self.path)
        #expect(try await queued.send(.delete, Self.first).json["deleted"] == true)
        #expect(queued.generations.cancelled == [.sample(1)])
        let running = gateway(stateAfterCancel: .running)
        _ = try await running.sendJSON(#"{"prompt":"p"}"#, to: Self.path)
        let refused = try await running.send(.delete, Self.first)
        #expect(refused.status == 409)
        #expect(refused.code == "generation_not_cancellable")
    }

    @Test("a remix refers to the finished video, on models that can")
    func remix() async throws {
        let gateway = gateway(plan: { $0.finishFilm() })
        _ = try await gateway.sendJSON(
            #"{"prompt":"p","model":"seedance","ratio":"16:9","seconds":6}"#, to: Self.path)
        let answer = try await gateway.send(FormBody([("prompt", "at night")]), to: Self.first + "/remix")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json["id"] == "video_000000000002")
        #expect(answer.json["remixed_from_video_id"] == "video_000000000001")
        #expect(answer.json["metadata"]?["remixed_from_video_id"] == nil)
        guard case .video(let task)? = gateway.generations.requests.last?.task,
            case .omni(let materials, let pieces) = task.mode
        else {
            Issue.record("no reference")
            return
        }
        #expect(materials.map(\.kind) == [.video])
        #expect(pieces == [.material(0), .text("at night")])
        #expect(task.ratio == "16:9")
        #expect(task.seconds == 6)
        #expect(gateway.inputs.materials == materials)
        #expect(try await gateway.sendJSON("{}", to: Self.first + "/remix").error["param"] == "prompt")
        let plain = self.gateway(plan: { $0.finishFilm() })
        _ = try await plain.sendJSON(#"{"prompt":"p"}"#, to: Self.path)
        let refused = try await plain.sendJSON(#"{"prompt":"x"}"#, to: Self.first + "/remix")
        #expect(refused.status == 501)
        #expect(refused.code == "unsupported_endpoint")
        let early = self.gateway()
        _ = try await early.sendJSON(#"{"prompt":"p","model":"seedance"}"#, to: Self.path)
        #expect(try await early.sendJSON(#"{"prompt":"x"}"#, to: Self.first + "/remix").status == 409)
    }

    @Test("what OpenAI offers beside it is refused by name", arguments: ["edits", "extensions", "characters"])
    func unserved(_ name: String) async throws {
        let answer = try await gateway().send(.post, "/v1/videos/\(name)")
        #expect(answer.status == 501)
        #expect(answer.code == "unsupported_endpoint")
    }
}

extension StoredMedia {
    fileprivate func with(_ change: (inout StoredMedia) -> Void) -> StoredMedia {
        var media = self
        change(&media)
        return media
    }
}
