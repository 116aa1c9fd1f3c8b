import GatewayCore
import SiteWire
import Testing

@testable import SiteClient

@Suite("The site's model lists in the gateway's words")
struct LiveModelTests {
    private func envelope(_ data: String, _ media: SiteMedia) throws -> SiteEnvelope {
        let text = #"{"ret":"0","errmsg":"success","data":\#(data)}"#
        return try Array(text.utf8).withUnsafeBytes { bytes in
            try SiteEnvelope.open(status: 200, body: bytes, context: .check, media: media)
        }
    }

    @Test("an image model keeps exact pixels, counts and limits")
    func image() throws {
        let reply = try LiveImageCatalogue(
            envelope(
                """
                {"model_list": [{"model_req_key": "key_50", "model_name": "5.0", "feats": ["t2i", "byte_edit"],
                  "resolution_map": {"1.5k": {"image_ratio_sizes": [{"ratio_type": 1, "width": 1536, "height": 1536}]}},
                  "generate_count_options": [1, 2, 4], "default_generate_count": 4,
                  "input_image_limit": [{"max_image_num": 6, "ability_name": "byte_edit"}]}]}
                """, .image))
        let entry = try #require(reply.models.first)
        let model = try #require(LiveModel(entry))
        #expect(model.key == "key_50")
        #expect(model.resolutions == ["1.5k"])
        #expect(model.sizes == ["1.5k": [.square: PixelSize(width: 1536, height: 1536)]])
        #expect(model.counts == [1, 2, 4])
        #expect(model.defaultCount == 4)
        #expect(model.maximumInputImages == 6)
    }

    @Test("an entry that makes nothing from a prompt is no model")
    func tool() throws {
        let reply = try LiveImageCatalogue(
            envelope(#"{"model_list": [{"model_req_key": "tool", "feats": ["byte_edit"]}]}"#, .image))
        let entry = try #require(reply.models.first)
        #expect(LiveModel(entry) == nil)
    }

    @Test("a video model keeps lengths, resolutions, ratios and limits of materials")
    func video() throws {
        let reply = try LiveVideoCatalogue(
            envelope(
                """
                {"model_list": [{"model_req_key": "video_new", "options": [
                  {"key": "resolution", "enum_val": {"string_value": ["480p", "720p"], "default_val_idx": 1}},
                  {"key": "frames", "enum_val": {"int_value": [96, 120], "default_val_idx": 1}},
                  {"key": "video_aspect_ratio", "enum_val": {"string_value": ["16:9", "9:16", "adaptive"]}},
                  {"key": "unified_edit", "unified_edit_config": {"supported_materials": [
                    {"material_type": "image", "limit": {"max_count": 9}}]}}]}]}
                """, .video))
        let entry = try #require(reply.models.first)
        let model = LiveModel(entry)
        #expect(model.resolutions == ["480p", "720p"])
        #expect(model.defaultResolution == "720p")
        #expect(model.durations == [4, 5])
        #expect(model.defaultDuration == 5)
        #expect(model.ratios == [.landscape16x9, .portrait9x16])
        #expect(model.takesReferences)
        #expect(model.maximumReferenceImages == 9)
    }

    @Test("what a video is charged to is remembered by region and key, the newest word counting")
    func prices() throws {
        func models(_ benefit: String) throws -> [LiveVideoModel] {
            try LiveVideoCatalogue(
                envelope(
                    """
                    {"model_list": [{"model_req_key": "v", "commercial_config": {"default": {"benefit_type": "\(benefit)"}}}]}
                    """, .video)
            ).models
        }
        let videos = LiveModels<LiveVideoModel>()
        let china = PriceMarket(region: .cn, isSandbox: false)
        for benefit in ["old", "new"] { videos.keep(try models(benefit), in: china) { $0.modelKey } }
        #expect(videos.model(key: "v", in: china)?.benefitType(resolution: "720p") == "new")
        #expect(videos.model(key: "v", in: PriceMarket(region: .us, isSandbox: false)) == nil)
        #expect(videos.model(key: "v", in: PriceMarket(region: .cn, isSandbox: true)) == nil)
    }
}
