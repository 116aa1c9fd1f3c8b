import SiteWire
import Testing
import WireJSON

/// After-editing against the documented bodies.
@Suite struct PostEditDraftTests {
    private static let upload = PostEditDraft.Source.upload(ImageReference(uri: "<image_uri>"))
    private static let item: Int64 = 1_234_567_890_123_456_789

    @Test("a smart upscale of an uploaded picture equals the documented draft")
    func smartUpscale() throws {
        let draft = PostEditDraft(
            tool: .smartUpscale(resolution: .twoK, originalStrength: 0.65, detailStrength: 0.65), source: Self.upload)
        let body = try body(draft)
        let newest = try Vectors.file("drafts-newest.json")
        #expect(try neutralDraft(body) == DraftText.neutral(try #require(newest["smartUpscale"])))
        var metrics = try #require(try DraftText.decoded(body["metrics_extra"]).object)
        var scene = try #require(newest["smartUpscaleScene"]?[0]?.object)
        scene["reportParams"] = ["enterSource": "generate", "extraVipFunctionKey": ""]
        #expect(try DraftText.decoded(metrics["sceneOptions"]) == [.object(scene)])
        metrics["sceneOptions"] = nil
        #expect(JSONValue.object(metrics) == (try expectedMetrics()))
        #expect(body["extend"] == ["root_model": "high_aes_general_v50"])
    }

    @Test("an upscale and an outpainting of an uploaded picture equal the documented abilities")
    func others() throws {
        let newest = try Vectors.file("drafts-newest.json")
        let upscale = try component(PostEditDraft(tool: .upscale, source: Self.upload))
        #expect(upscale["gen_type"] == 13)
        #expect(upscale["generate_type"] == "normal_hd")
        #expect(upscale["abilities"]?["normal_hd"] == DraftText.neutral(try #require(newest["upscale"]?["normal_hd"])))
        #expect(upscale["abilities"]?.object?.keys == ["type", "id", "normal_hd"])
        let tool = PostEditDraft.Tool.outpaint(top: 0.9, bottom: 0.9, left: 0.9, right: 0.9)
        let outpaint = try component(PostEditDraft(tool: tool, source: Self.upload, count: 1))
        #expect(outpaint["gen_type"] == 8)
        #expect(outpaint["generate_type"] == "painting")
        #expect(outpaint["abilities"] == DraftText.neutral(try #require(newest["outpaint"])))
    }

    @Test("a repair of an own result equals the documented draft, with its ids as numbers")
    func detailRepair() throws {
        let source = try #require(PostEditDraft.Source(itemID: "\(Self.item)", historyID: "\(Self.item)"))
        let draft = PostEditDraft(tool: .detailRepair, source: source)
        let body = try body(draft)
        let newest = try Vectors.file("drafts-newest.json")
        #expect(try neutralDraft(body) == DraftText.neutral(try #require(newest["detailRepair"])))
        #expect(try DraftText.decoded(body["metrics_extra"])["originItemId"] == "1234567890123456789")
    }

    @Test("every tool can take an own result in place of an upload")
    func ownResult() throws {
        let tools: [PostEditDraft.Tool] = [
            .upscale, .smartUpscale(resolution: .fourK, originalStrength: 0, detailStrength: 1),
            .outpaint(top: 0, bottom: 0, left: 0.5, right: 0.25), .detailRepair,
        ]
        for tool in tools {
            let draft = PostEditDraft(tool: tool, source: .own(itemID: 7, historyID: 8))
            let abilities = try #require(try component(draft)["abilities"]?.object)
            let parameters = try #require(abilities.map(\.value).lazy.compactMap { $0["postedit_param"] }.first)
            #expect(parameters["item_id"] == 7)
            #expect(parameters["origin_history_id"] == 8)
            #expect(parameters["origin_image"] == nil)
            #expect(abilities["gen_option"] == nil)
        }
    }

    @Test(
        "ids that are no positive 64-bit numbers name no result",
        arguments: ["", "0", "-1", "x", "9223372036854775808"])
    func badIDs(id: String) {
        #expect(PostEditDraft.Source(itemID: id, historyID: "1") == nil)
        #expect(PostEditDraft.Source(itemID: "1", historyID: id) == nil)
    }

    private func body(_ draft: PostEditDraft) throws -> JSONValue {
        try JSONValue.parse(
            draft.submission(
                submitID: "<submit-uuid>", newID: Fixtures.ids(), region: .cn, versions: SiteVersions(),
                unixMilliseconds: 5))
    }

    private func neutralDraft(_ body: JSONValue) throws -> JSONValue {
        DraftText.neutral(try DraftText.decoded(body["draft_content"]))
    }

    private func component(_ draft: PostEditDraft) throws -> JSONValue {
        try #require(try neutralDraft(try body(draft))["component_list"]?[0])
    }

    private func expectedMetrics() throws -> JSONValue {
        var metrics = try #require(try Vectors.file("drafts-newest.json")["imageMetrics"]?.object)
        metrics["generateCount"] = 1
        return .object(metrics)
    }
}
