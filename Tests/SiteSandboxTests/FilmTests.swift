import Pictures
import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("Videos of the sandbox", .timeLimit(.minutes(10)))
struct FilmTests {
    private func target(_ url: String) -> String { String(url.dropFirst("http://127.0.0.1:5999".count)) }

    /// The file's link in an item of any region.
    private func url(_ item: JSONValue) throws -> String {
        let renditions = item["common_attr"]?["transcoded_video"] ?? item["video"]?["transcoded_video"]
        return try #require(renditions?["origin"]?["video_url"]?.string)
    }

    @Test("wait, run and end with an item, and cost by the second")
    func walk() throws {
        let bench = SiteBench()
        let body = bench.film()
        #expect(try bench.ret(body) == 0)
        let id = try #require(body["submit_id"]?.string)
        let waiting = try #require(try bench.record(id))
        #expect(waiting["queue_info"]?["queue_status"]?.int == 1)
        #expect(waiting["item_list"]?.array?.isEmpty == true)
        bench.advance(seconds: 5)
        #expect(try bench.record(id)?["queue_info"]?["queue_status"]?.int == 2)
        bench.advance(seconds: 9)
        let record = try #require(try bench.record(id))
        #expect(record["status"]?.int == 50)
        #expect(record["total_image_count"]?.int == 1)
        let item = try #require(record["item_list"]?[0])
        #expect(item["common_attr"]?["effect_type"]?.int == 53)
        #expect(item["video"]?["duration_ms"]?.int == 5_042)
        #expect(item["video"]?["video_id"]?.string?.count == 32)
        #expect(bench.site.statistics.sessions["sandbox-demo"]?.credits == 100_000 - 5 * 8)
    }

    @Test("say where their files are as their region does", arguments: SiteRegion.allCases)
    func regions(region: SiteRegion) throws {
        let bench = SiteBench()
        let model = region == .cn ? "dreamina_seedance_40_mini" : "dreamina_ic_generate_video_model_vgfm_3.5_pro"
        let body = bench.film(
            model: model, resolution: nil,
            [("http_common_info/aid", .integer(Int64(region.profile.applicationID)))])
        #expect(try bench.ret(body, region: region) == 0)
        bench.advance(seconds: 60)
        let id = try #require(body["submit_id"]?.string)
        let item = try #require(
            try bench.json(.history, region: region, body: SiteBench.query([id], hasImageInfo: false))["data"]?[id]?[
                "item_list"]?[0])
        let isAsian = [SiteRegion.hk, .jp, .sg].contains(region)
        #expect((item["common_attr"]?["transcoded_video"] != nil) == isAsian)
        #expect((item["video"]?["transcoded_video"] != nil) == !isAsian)
        #expect(try url(item).contains("/video/tos/cn/"))
        // The good file is told by another call, under one of two names.
        let itemID = try #require(item["common_attr"]?["id"])
        let query: JSONValue = [
            "item_id_list": [itemID], "pack_item_opt": ["scene": 1, "need_data_integrity": true],
            "is_for_video_download": true,
        ]
        let data = try #require(try bench.json(.localItems, region: region, body: query)["data"])
        let good = try #require(data[region == .us ? "local_item_list" : "item_list"]?[0])
        #expect(try url(good) != url(item))
        #expect(try url(good).hasSuffix("br=6297"))
        #expect(bench.site.statistics.violations == [])
    }

    @Test("are found again by their id, by their owner only, sent-up ones too")
    func byID() throws {
        let bench = SiteBench()
        let item = try #require(try bench.finished(bench.film())?["item_list"]?[0])
        let sent = try bench.clip(try SampleFiles.mp4())
        let vids: JSONValue = ["vids": [try #require(item["video"]?["video_id"]), .string(sent), "v0280x"]]
        let found = try bench.json(.videoByID, body: vids)["data"]?["vid2video"]?.object
        #expect(found?.count == 2)
        #expect(found?[sent]?["width"]?.int == 640)
        let other = try bench.json(.videoByID, session: "sandbox-demo-2", body: vids)["data"]?["vid2video"]?.object
        #expect(other?.isEmpty == true)
    }

    @Test("are refused by their scripts as the site would")
    func scripts() throws {
        let bench = SiteBench()
        func ret(_ session: String) throws -> Int? { try bench.ret(bench.film(), session: session) }
        #expect(try [ret("sandbox-video-limit"), ret("sandbox-video-limit")] == [0, 1310])
        let refusal = try bench.json(.generate, session: "sandbox-video-limit", body: bench.film())
        #expect(refusal["data"]?["fail_code"]?.string == "1310")
        bench.advance(seconds: 60)
        #expect(try ret("sandbox-video-limit") == 0)
        let withheld = try #require(
            try bench.finished(bench.film(), session: "sandbox-moderation-output"))
        #expect(withheld["fail_code"]?.string == "2042")
        let query: JSONValue = [
            "item_id_list": ["7500000000000000016"], "pack_item_opt": ["scene": 1], "is_for_video_download": true,
        ]
        #expect(SiteBench.ret(try bench.json(.localItems, session: "sandbox-hq-fail", body: query)) == 1000)
        #expect(bench.site.statistics.violations == [])
    }

    @Test("can be cancelled while they wait in a long line, for their money back, and not afterwards")
    func cancel() throws {
        let bench = SiteBench()
        func submit(_ session: String) throws -> (id: String, history: JSONValue) {
            let body = bench.film()
            let answer = try bench.json(.generate, session: session, body: body)
            return (
                try #require(body["submit_id"]?.string),
                try #require(answer["data"]?["aigc_data"]?["history_record_id"])
            )
        }
        func cancel(_ history: JSONValue, _ session: String) throws -> Int? {
            SiteBench.ret(try bench.json(.cancel, session: session, body: ["history_id": history]))
        }
        let session = "sandbox-video-queue"
        let job = try submit(session)
        bench.advance(seconds: 30)
        let waiting = try #require(try bench.record(job.id, session: session)?["queue_info"])
        #expect(waiting["queue_status"]?.int == 1)
        #expect(waiting["queue_idx"]?.int ?? 0 > 10)
        #expect(waiting["queue_length"]?.int ?? 0 > 100)
        #expect(try cancel(job.history, "sandbox-video-queue-2") == 1002)
        #expect(try cancel(job.history, session) == 0)
        let record = try #require(try bench.record(job.id, session: session))
        #expect(record["status"]?.int == 30)
        #expect(record["queue_info"]?["queue_status"]?.int == 3)
        #expect(bench.site.statistics.sessions[session]?.credits == 100_000)
        let running = try submit(session)
        bench.advance(seconds: 61)
        #expect(try cancel(running.history, session) == 1002)
        #expect(try cancel(submit("sandbox-no-cancel").history, "sandbox-no-cancel") == 1002)
    }

    // MARK: - Files

    @Test("are drawn as asked, with the prompt over a landscape that is larger")
    func drawing() async throws {
        let seen = LastDrawing()
        let bench = SiteBench(film: { drawing in
            seen.put(drawing)
            return [1, 2, 3]
        })
        let record = try #require(try bench.finished(bench.film(prompt: "灯塔 at dusk", seconds: 8, ratio: "9:16")))
        let item = try #require(record["item_list"]?[0])
        #expect(try await bench.site.film(target: target(url(item))) == [1, 2, 3])
        let drawing = try #require(seen.drawing)
        #expect((drawing.width, drawing.height) == (720, 1_280))
        #expect(drawing.frameCount == 8 * 24 + 1)
        #expect(drawing.overlay.contains("灯塔"))
        #expect(!drawing.background.contains("灯塔"))
        #expect(drawing.background.contains(#"width="900""#))
        #expect(!drawing.isHighQuality)
    }

    @Test("are one grey picture of the right size and length where nothing can be drawn")
    func fallback() async throws {
        for film in [nil, { _ in throw PictureError.unavailable(.program) }] as [SandboxFilm?] {
            let bench = SiteBench(film: film)
            let item = try #require(try bench.finished(bench.film(ratio: "1:1"))?["item_list"]?[0])
            let bytes = try await bench.site.film(target: target(url(item)))
            var digest = UploadDigest()
            bytes.withUnsafeBytes { digest.add($0) }
            let media = try #require(digest.facts.media)
            #expect(media.kind == .video)
            #expect((media.width, media.height) == (720, 720))
            #expect(media.milliseconds == 5_041)
        }
    }

    @Test("can be asked for again when the worker is busy")
    func busy() async throws {
        let bench = SiteBench(film: { _ in throw PictureError.busy })
        let item = try #require(try bench.finished(bench.film())?["item_list"]?[0])
        let link = target(try url(item))
        await #expect(throws: PictureError.busy) { try await bench.site.film(target: link) }
    }

    @Test("are not given to a link that was changed in any place, or is over")
    func links() async throws {
        let bench = SiteBench { $0.keptFor = .seconds(100 * 86_400) }
        let item = try #require(try bench.finished(bench.film())?["item_list"]?[0])
        let link = target(try url(item))
        for (index, byte) in Array(link.utf8).enumerated() {
            var bytes = Array(link.utf8)
            bytes[index] = byte == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
            let changed = String(decoding: bytes, as: UTF8.self)
            await #expect(throws: MediaLinks.Failure.self) { try await bench.site.film(target: changed) }
        }
        for changed in [link + "0", String(link.dropLast()), "/", "/1/2/video/tos/cn/v/?", link + "/"] {
            await #expect(throws: MediaLinks.Failure.self) { try await bench.site.film(target: changed) }
        }
        bench.advance(seconds: 8 * 86_400)
        await #expect(throws: MediaLinks.Failure.expired) { try await bench.site.film(target: link) }
    }

    @Test("outlive the process with their links")
    func journal() async throws {
        let order = SandboxOrder(
            region: .jp,
            work: .video(FilmOrder(source: .materials, milliseconds: 7_000, inputMilliseconds: 3_000, inputs: 2)),
            modelKey: "k", modelName: "n", prompt: "p", width: 1_280, height: 720, resolution: "720p", count: 1,
            seed: 1,
            draftVersion: "3.3.28", submitID: "s")
        let line = order.json.serialized()
        #expect(SandboxOrder(try JSONValue.parse(line)) == order)
    }

    @Test(
        "have even sides that fit resolution and ratio",
        arguments: [
            ("480p", 16.0, 9.0, 854, 480), ("720p", 21, 9, 1_680, 720), ("1080p", 3, 4, 1_080, 1_440),
            ("4k", 16, 9, 3_840, 2_160), ("720p", 9, 21, 720, 1_680),
        ])
    func sizes(resolution: String, across: Double, down: Double, width: Int, height: Int) throws {
        let size = FilmSize(side: try #require(FilmSize.side(resolution)), across: across, down: down)
        #expect((size.width, size.height) == (width, height))
    }
}
