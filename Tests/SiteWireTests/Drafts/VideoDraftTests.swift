import SiteWire
import Testing
import WireJSON

/// Video drafts against recorded submissions and the newest documented bodies.
@Suite struct VideoDraftTests {
    struct Recorded: Sendable, CustomTestStringConvertible {
        var example: String
        var region = SiteRegion.cn
        var model: String
        var seconds: Int
        var ratio: String
        var resolution: String?
        var prompt = ""
        var input = VideoDraft.Input.text
        var seed: UInt32 = 1_234_567_890
        var amount: JSONValue

        var testDescription: String { example }
    }

    private static func picture(_ name: String, _ tenant: String = "tos-cn-i-tb4s082cfz") -> ImageReference {
        ImageReference(uri: "\(tenant)/\(name)")
    }

    @Test(
        "a draft equals the recorded one but for the amount, which recordings lack",
        arguments: [
            Recorded(
                example: "t2v", model: "jimeng-video-3.0", seconds: 5, ratio: "16:9", resolution: "720p",
                prompt: "a lion runs over the grassland", amount: 5),
            Recorded(
                example: "first-frame", model: "jimeng-video-3.0", seconds: 10, ratio: "9:16", resolution: "1080p",
                prompt: "the man talks",
                input: .frames(first: picture("0123456789abcdef0123456789abcdef"), last: nil), amount: 10),
            Recorded(
                example: "first-last", region: .hk, model: "jimeng-video-3.5-pro", seconds: 12, ratio: "16:9",
                resolution: "720p", prompt: "smooth transition",
                input: .frames(
                    first: picture("0123456789abcdef0123456789abcdef", "tos-alisg-i-wopfjsm1ax-sg"),
                    last: picture("3210456789abcdef3210456789abcdef", "tos-alisg-i-wopfjsm1ax-sg")), amount: 12),
            Recorded(
                example: "omni", model: "jimeng-video-seedance-2.0", seconds: 5, ratio: "16:9", resolution: "720p",
                input: .references(
                    [
                        .image(
                            ImageReference(
                                uri: "tos-cn-i-tb4s082cfz/0123456789abcdef0123456789abcdef", width: 1_024,
                                height: 768, format: "png")),
                        .video(
                            vid: "v0280example00000000000000000000", width: 1_280, height: 720,
                            durationMilliseconds: 4_960),
                        .audio(
                            vid: "v0280example00000000000000000001", durationMilliseconds: 3_000, name: "voice.mp3"),
                    ],
                    pieces: [
                        .text(""), .material(0), .text(" is the first frame, move like "), .material(1),
                        .text(" with the voice of "), .material(2), .material(3),
                    ]), seed: 987_654_321, amount: 9.96),
        ])
    func matches(recorded: Recorded) throws {
        var expected = try #require(
            try Vectors.example("generate-video.\(recorded.example).success")["request"]?["body"]?.object)
        var extend = try #require(expected["extend"]?.object)
        var commerce = try #require(extend["m_video_commerce_info"]?.object)
        commerce["amount"] = recorded.amount
        extend["m_video_commerce_info"] = .object(commerce)
        extend["m_video_commerce_info_list"] = [.object(commerce)]
        expected["extend"] = .object(extend)
        let model = try #require(SiteCatalogue.videoModel(named: recorded.model))
        var hasInputVideo = false
        if case .references = recorded.input { hasInputVideo = true }
        let draft = VideoDraft(
            modelKey: try #require(model.upstreamKeys[recorded.region]), prompt: recorded.prompt,
            ratio: recorded.ratio, resolution: recorded.resolution, seconds: recorded.seconds, seed: recorded.seed,
            input: recorded.input,
            benefitType: model.benefitType(resolution: recorded.resolution, hasInputVideo: hasInputVideo))
        let body = draft.submission(
            submitID: "44444444-4444-4444-8444-444444444444", newID: Fixtures.ids(), region: recorded.region,
            versions: Fixtures.exampleVersions, unixMilliseconds: 1_772_260_000_000)
        try DraftText.expectEqual(try JSONValue.parse(body), .object(expected))
    }

    @Test("a newer model's draft from a prompt equals the documented body, telemetry included")
    func currentText() throws {
        let newest = try Vectors.file("drafts-newest.json")
        let body = try body(current("dreamina_seedance_40_pro_vision"))
        #expect(body["extend"] == newest["videoExtend"])
        try expectDraft(body, newest["textToVideo"])
        var metrics = try #require(try DraftText.decoded(body["metrics_extra"]).object)
        let scene = metrics["sceneOptions"]
        #expect(try DraftText.decoded(scene) == newest["videoScene"])
        metrics["sceneOptions"] = "<JSON string>"
        let expected = DraftText.neutral(try #require(newest["videoMetrics"]))
        #expect(DraftText.neutral(.object(metrics)) == expected)
        let video = try component(body)["abilities"]?["gen_video"]
        #expect(video?["video_task_extra"] == body["metrics_extra"])
    }

    @Test("a newer model's frames equal the documented input, and telemetry names the mode")
    func currentFrames() throws {
        let newest = try Vectors.file("drafts-newest.json")
        let first = ImageReference(uri: "<image_uri first>", width: 1_280, height: 720)
        let last = ImageReference(uri: "<image_uri last>", width: 1_280, height: 720)
        let both = try body(current("dreamina_seedance_45_pro", input: .frames(first: first, last: last)))
        #expect(try input(both) == DraftText.neutral(try #require(newest["firstAndLastFrame"])))
        let metrics = try DraftText.decoded(both["metrics_extra"])
        #expect(metrics["functionMode"] == "first_last_frames")
        #expect(metrics["generatorFeature"] == "firstLastFrames")
        let one = try input(try body(current("dreamina_seedance_45_pro", input: .frames(first: first, last: nil))))
        #expect(one["first_frame_image"] != nil)
        #expect(one["end_frame_image"] == nil && one["ending_control"] == nil)
    }

    @Test("a newer model's references equal the documented draft")
    func currentReferences() throws {
        let newest = try Vectors.file("drafts-newest.json")
        let draft = current(
            "dreamina_seedance_40_pro_vision",
            input: .references(
                [
                    .video(vid: "<vid>", width: 1_280, height: 720, durationMilliseconds: 5_350),
                    .image(ImageReference(uri: "<image_uri>", width: 1_024, height: 768)),
                    .audio(vid: "<vid>", durationMilliseconds: 4_200, name: ""),
                ], pieces: [.material(1), .material(2), .text("<instruction>")]))
        let body = try body(draft)
        try expectDraft(body, newest["references"])
        #expect(body["extend"]?["m_video_commerce_info"]?["amount"] == 10.35)
        let scene = try DraftText.decoded(try DraftText.decoded(body["metrics_extra"])["sceneOptions"])[0]
        #expect(scene?["materialTypes"] == [2, 1, 3])
        #expect(scene?["hasInputVideo"] == true)
        #expect(scene?["inputVideoDuration"] == 5.35)
    }

    @Test("a cheap first version equals the documented draft", arguments: [nil, true])
    func draftMode(explicit: Bool?) throws {
        let newest = try Vectors.file("drafts-newest.json")
        var draft = current("dreamina_seedance_45_pro_draft", explicit: explicit)
        draft.ratio = "4:3"
        draft.resolution = "480p"
        let body = try body(draft)
        try expectDraft(body, newest["draftMode"])
        #expect(try DraftText.decoded(body["metrics_extra"])["videoStage"] == "draft")
    }

    @Test("Seedance 2.5 asks for its own feature, with references for both")
    func features() throws {
        func features(_ input: VideoDraft.Input) throws -> JSONValue? {
            try DraftText.decoded(try body(current("dreamina_seedance_45_pro", input: input))["draft_content"])[
                "min_features"]
        }
        #expect(try features(.text) == ["AIGC_Video_Seedance25ResultAction"])
        #expect(
            try features(.references([], pieces: [])) == [
                "AIGC_Video_UnifiedEdit", "AIGC_Video_Seedance25ResultAction",
            ])
    }

    @Test("a length that follows the reference video is sent as -1 and counted by that video")
    func followsVideo() throws {
        var draft = current(
            "dreamina_seedance_45_pro",
            input: .references(
                [.video(vid: "v", width: 0, height: 0, durationMilliseconds: 4_500)], pieces: [.material(0)]))
        draft.seconds = -1
        draft.ratio = "adaptive"
        let body = try body(draft)
        #expect(try input(body)["duration_ms"] == -1)
        #expect(body["extend"]?["m_video_commerce_info"]?["amount"] == 9)
        let scene = try DraftText.decoded(try DraftText.decoded(body["metrics_extra"])["sceneOptions"])[0]
        #expect(scene?["videoDuration"] == 4.5)
    }

    @Test("every id of a draft is its own")
    func distinctIDs() throws {
        let materials: [VideoMaterial] = [
            .image(ImageReference(uri: "u")), .video(vid: "v", width: 0, height: 0, durationMilliseconds: 1),
            .audio(vid: "w", durationMilliseconds: 1, name: ""),
        ]
        for key in ["dreamina_seedance_40_pro", "dreamina_seedance_45_pro"] {
            let draft = current(
                key, input: .references(materials, pieces: [.material(0), .text("a"), .material(2), .material(0)]))
            let ids = DraftText.ids(in: try DraftText.decoded(try body(draft)["draft_content"]))
            #expect(Set(ids).count == ids.count)
        }
    }

    private func current(
        _ key: String, input: VideoDraft.Input = .text, explicit: Bool? = nil
    ) -> VideoDraft {
        VideoDraft(
            modelKey: key, prompt: "<prompt>", ratio: "16:9", resolution: "720p", seconds: 5, seed: 1_234_567_890,
            input: input, benefitType: "seedance_20_pro_720p_output", isDraftMode: explicit)
    }

    private func body(_ draft: VideoDraft) throws -> JSONValue {
        try JSONValue.parse(
            draft.submission(
                submitID: "<submit-uuid>", newID: Fixtures.ids(), region: .cn, versions: SiteVersions(),
                unixMilliseconds: 5))
    }

    private func component(_ body: JSONValue) throws -> JSONValue {
        try #require(try DraftText.decoded(body["draft_content"])["component_list"]?[0])
    }

    private func input(_ body: JSONValue) throws -> JSONValue {
        let parameters = try component(body)["abilities"]?["gen_video"]?["text_to_video_params"]
        return DraftText.neutral(try #require(parameters?["video_gen_inputs"]?[0]))
    }

    /// Compares drafts but for the telemetry inside, which documented bodies only point to.
    private func expectDraft(
        _ body: JSONValue, _ expected: JSONValue?, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        func bare(_ value: JSONValue) -> JSONValue {
            switch value {
            case .array(let elements): .array(elements.map(bare))
            case .object(let members):
                .object(JSONObject(members.map { ($0, $0 == "video_task_extra" ? "" : bare($1)) }))
            default: value
            }
        }
        let draft = DraftText.neutral(try DraftText.decoded(body["draft_content"]))
        #expect(
            bare(draft) == bare(DraftText.neutral(try #require(expected))), sourceLocation: sourceLocation)
    }
}
