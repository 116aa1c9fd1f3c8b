import SiteWire
import Testing
import WireJSON

@Suite struct BlendDraftTests {
    struct Recorded: Sendable {
        var example: String
        var prompt: String
        var references: [String]
        var strength: Double
        var ratio: ImageRatio
        /// How many ids the draft itself has.
        var ids: Int
    }

    @Test(
        "a draft equals the recorded one, member by member",
        arguments: [
            Recorded(
                example: "blend", prompt: "put the cat into the room",
                references: ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"], strength: 0.5,
                ratio: .square, ids: 15),
            Recorded(
                example: "blend-single", prompt: "oil painting style",
                references: ["0123456789abcdef0123456789abcdef"], strength: 0.7, ratio: .landscape4x3, ids: 12),
        ])
    func matches(recorded: Recorded) throws {
        let expected = try #require(
            try Vectors.example("generate-image.\(recorded.example).success")["request"]?["body"])
        let model = try #require(SiteCatalogue.imageModel(named: "jimeng-4.5"))
        let draft = BlendDraft(
            modelKey: try #require(model.upstreamKeys[.cn]), prompt: recorded.prompt,
            references: recorded.references.map { ImageReference(uri: "tos-cn-i-tb4s082cfz/\($0)") },
            sampleStrength: recorded.strength,
            dimensions: try #require(model.dimensions(ratio: recorded.ratio, resolution: .twoK, region: .cn)))
        let body = draft.submission(
            submitID: try #require(expected["submit_id"]?.string), newID: Fixtures.ids(drafted: recorded.ids),
            region: .cn, versions: Fixtures.exampleVersions, unixMilliseconds: 1_772_260_000_000)
        try DraftText.expectEqual(try JSONValue.parse(body), expected)
    }

    @Test("count, sizes, negative prompt and the site's choice of ratio reach the draft")
    func parameters() throws {
        let draft = BlendDraft(
            modelKey: "key", prompt: "p\"", negativePrompt: "blur",
            references: [ImageReference(uri: "u", width: 10, height: 20, format: "png")], sampleStrength: 1,
            dimensions: ImageDimensions(size: ImageSize(2_304, 1_728), resolution: .twoK, ratio: .landscape4x3),
            intelligentRatio: true, count: 3)
        let body = draft.submission(
            submitID: "s", newID: Fixtures.ids(), region: .hk, versions: SiteVersions(), unixMilliseconds: 0)
        let content = try DraftText.decoded(try JSONValue.parse(body)["draft_content"])
        #expect(content["version"] == "3.3.28")
        let abilities = try #require(content["component_list"]?[0]?["abilities"])
        #expect(abilities["gen_option"]?["gen_count"] == 3)
        let core = try #require(abilities["blend"]?["core_param"])
        #expect(core["prompt"] == "##p\"")
        #expect(core["negative_prompt"] == "blur")
        #expect(core["intelligent_ratio"] == true)
        #expect(core["image_ratio"] == 4)
        #expect(core["sample_strength"] == 1)
        let image = try #require(abilities["blend"]?["ability_list"]?[0]?["image_list"]?[0])
        #expect(image["width"] == 10 && image["height"] == 20 && image["format"] == "png")
        let ids = DraftText.ids(in: content)
        #expect(Set(ids).count == ids.count)
    }
}
