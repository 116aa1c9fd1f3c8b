import SiteWire
import Testing
import WireJSON

/// What a video is charged to.
@Suite struct VideoBenefitTests {
    struct Row: Sendable {
        var model: String
        var resolution: String?
        var hasInputVideo = false
        var benefit: String
    }

    @Test(
        "the entitlement follows model, resolution and whether a video comes in",
        arguments: [
            Row(model: "jimeng-video-veo3.1", benefit: "generate_video_veo3.1"),
            Row(model: "jimeng-video-veo3", resolution: "720p", benefit: "generate_video_veo3"),
            Row(model: "jimeng-video-sora2", benefit: "generate_video_sora2"),
            Row(model: "jimeng-video-3.5-pro", resolution: "1080p", benefit: "dreamina_video_seedance_15_pro"),
            Row(model: "jimeng-video-3.0", benefit: "basic_video_operation_vgfm_v_three"),
            Row(model: "jimeng-video-3.0", resolution: "720p", benefit: "basic_video_operation_vgfm_v_three"),
            Row(
                model: "jimeng-video-3.0-fast", resolution: "1080P", benefit: "basic_video_operation_vgfm_v_three_1080"
            ),
            Row(model: "jimeng-video-3.0-pro", benefit: "basic_video_operation_vgfm_v_three"),
            Row(model: "jimeng-video-3.0-pro", resolution: "1080p", benefit: "basic_video_operation_vgfm_v_three_pro"),
            Row(model: "jimeng-video-2.0", resolution: "720p", benefit: "basic_video_operation_vgfm_v_three"),
            Row(model: "jimeng-video-seedance-2.0", benefit: "dreamina_video_seedance_20_pro"),
            Row(
                model: "jimeng-video-seedance-2.0", hasInputVideo: true,
                benefit: "dreamina_video_seedance_20_video_add"),
            Row(model: "jimeng-video-seedance-2.0-fast", benefit: "dreamina_seedance_20_fast"),
            Row(
                model: "jimeng-video-seedance-2.0-fast", hasInputVideo: true,
                benefit: "dreamina_seedance_20_fast_with_video"),
            Row(model: "seedance-2.0-vip", resolution: "4k", benefit: "seedance_20_pro_4k_output"),
            Row(
                model: "seedance-2.0-vip", resolution: "720p", hasInputVideo: true,
                benefit: "seedance_20_pro_720p_output"),
            Row(model: "seedance-2.0-fast-vip", resolution: "720p", benefit: "seedance_20_fast_720p_output"),
            Row(model: "seedance-2.0-mini", benefit: "seedance_20_mini_720p_output"),
            Row(model: "seedance-2.5", resolution: "1080p", benefit: "seedance_25_1080p_output"),
            Row(model: "seedance-2.5-draft", benefit: "seedance_25_draft_480p_no_input_video_output"),
            Row(model: "seedance-2.5-draft", hasInputVideo: true, benefit: "seedance_25_draft_480p_output"),
            Row(model: "wan-3.0", resolution: "1080p", benefit: "wan_30_1080p_output"),
        ])
    func benefits(row: Row) throws {
        let model = try #require(SiteCatalogue.videoModel(named: row.model))
        #expect(model.benefitType(resolution: row.resolution, hasInputVideo: row.hasInputVideo) == row.benefit)
    }

    @Test("the names for requests with a video are those of the model table")
    func withVideo() throws {
        let models = try #require(try Vectors.file("models.json")["models"]?.array)
        for entry in models {
            guard let expected = entry["benefit_type_omni"]?["iptag"]?.string else { continue }
            let id = try #require(entry["id"]?.string)
            let model = try #require(SiteCatalogue.videoModel(named: id))
            #expect(model.benefitTypeWithVideo == expected)
        }
    }
}
