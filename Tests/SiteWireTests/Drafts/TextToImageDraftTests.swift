import SiteWire
import Testing
import WireJSON

/// Drafts against recorded submissions.
@Suite struct TextToImageDraftTests {
    struct Recorded: Sendable {
        var example: String
        var region: SiteRegion
        var model: String
        var ratio = ImageRatio.square
        var resolution = ImageResolution.twoK
        var isIntelligent = false
        var isSeries = false
    }

    @Test(
        "a draft equals the recorded one, member by member",
        arguments: [
            Recorded(example: "t2i", region: .cn, model: "jimeng-4.5"),
            Recorded(example: "t2i-intelligent-ratio", region: .cn, model: "jimeng-4.5", isIntelligent: true),
            Recorded(example: "t2i-16x9-jp", region: .jp, model: "jimeng-5.0", ratio: .landscape16x9),
            Recorded(example: "multi", region: .cn, model: "jimeng-4.0", isSeries: true),
            Recorded(
                example: "nanobanana-us", region: .us, model: "nanobanana", ratio: .landscape16x9,
                resolution: .fourK),
        ])
    func matches(recorded: Recorded) throws {
        let request = try #require(try Vectors.example("generate-image.\(recorded.example).success")["request"])
        let expected = try #require(request["body"])
        let core = try #require(
            request["decoded"]?["draft_content"]?["component_list"]?[0]?["abilities"]?["generate"]?["core_param"])
        let model = try #require(SiteCatalogue.imageModel(named: recorded.model))
        let draft = TextToImageDraft(
            modelKey: try #require(model.upstreamKeys[recorded.region]),
            prompt: try #require(core["prompt"]?.string),
            seed: UInt32(try #require(core["seed"]?.int)),
            dimensions: try #require(
                model.dimensions(ratio: recorded.ratio, resolution: recorded.resolution, region: recorded.region)),
            intelligentRatio: recorded.isIntelligent, isSeries: recorded.isSeries)
        let body = try JSONValue.parse(
            draft.submission(
                submitID: try #require(expected["submit_id"]?.string), ids: Fixtures.draftIDs(),
                region: recorded.region, versions: Fixtures.exampleVersions, unixMilliseconds: 1_772_260_000_000))

        #expect(body.object?.keys == expected.object?.keys)
        for name in ["extend", "submit_id", "http_common_info"] { #expect(body[name] == expected[name]) }
        #expect(try decoded(body["draft_content"]) == decoded(expected["draft_content"]))
        let metrics = try decoded(body["metrics_extra"])
        let expectedMetrics = try decoded(expected["metrics_extra"])
        #expect(metrics.object?.keys == expectedMetrics.object?.keys)
        #expect(try decoded(metrics["sceneOptions"]) == decoded(expectedMetrics["sceneOptions"]))
        for name in metrics.object?.keys ?? [] where name != "sceneOptions" {
            #expect(metrics[name] == expectedMetrics[name])
        }
    }

    @Test("a count goes beside the ability, not inside it, and only when there is one")
    func count() throws {
        let abilities = try #require(try component(of: draft(count: 3))["abilities"])
        #expect(abilities["gen_option"]?["gen_count"] == 3)
        #expect(abilities["generate"]?["gen_option"] == nil)
        #expect(try component(of: draft())["abilities"]?["gen_option"]?.object?["gen_count"] == nil)
    }

    @Test("negative prompt, seed and strength reach the draft")
    func parameters() throws {
        var draft = draft()
        draft.negativePrompt = "blur"
        draft.seed = .max
        draft.sampleStrength = 1
        let core = try #require(try component(of: draft)["abilities"]?["generate"]?["core_param"])
        #expect(core["negative_prompt"] == "blur")
        #expect(core["seed"] == 4_294_967_295)
        #expect(core["sample_strength"] == 1)
    }

    @Test("a hostile prompt stays one string through both encodings")
    func hostilePrompt() throws {
        var draft = draft()
        draft.prompt = "\"},{\\\"x\\\":1}\u{0}\n中文 🦊\u{2028}"
        let core = try #require(try component(of: draft)["abilities"]?["generate"]?["core_param"])
        #expect(core["prompt"]?.string == draft.prompt)
    }

    private func draft(count: Int? = nil) -> TextToImageDraft {
        TextToImageDraft(
            modelKey: "key", prompt: "a fox", seed: 1,
            dimensions: ImageDimensions(size: ImageSize(2_048, 2_048), resolution: .twoK, ratio: .square),
            count: count)
    }

    private func component(of draft: TextToImageDraft) throws -> JSONValue {
        let body = draft.submission(
            submitID: "s", ids: Fixtures.draftIDs(), region: .cn, versions: SiteVersions(), unixMilliseconds: 0)
        let content = try decoded(try JSONValue.parse(body)["draft_content"])
        #expect(content["version"] == "3.3.28")
        return try #require(content["component_list"]?[0])
    }

    private func decoded(_ value: JSONValue?) throws -> JSONValue {
        try JSONValue.parse(try #require(value?.string))
    }
}
