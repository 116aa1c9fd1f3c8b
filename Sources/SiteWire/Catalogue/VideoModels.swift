/// The built-in video catalogue (`endpoints.md`, section 5.3, with the figures of `models.json` and
/// `models-newest.json`).
enum VideoModels {
    static let all: [VideoModel] = seedance25 + seedance20 + earlier + partners

    private static let fourToFifteen = Array(4...15)
    private static let fourToThirty = Array(4...30)
    private static let prefix = "dreamina_ic_generate_video_model_"

    private static let seedance25: [VideoModel] = [
        VideoModel(
            id: "jimeng-video-2.5", aliases: ["seedance-2.5"], displayName: "Seedance 2.5", status: .current,
            upstreamKeys: UpstreamKeys.china("dreamina_seedance_45_pro"), resolutions: ["720p", "480p", "1080p"],
            durations: fourToThirty, defaultDuration: 5,
            benefitTypes: [
                "480p": ["seedance_25_480p_output", "seedance_25_480p_no_input_video_output"],
                "720p": ["seedance_25_720p_output", "seedance_25_720p_no_input_video_output"],
                "1080p": ["seedance_25_1080p_output", "seedance_25_1080p_no_input_video_output"],
            ],
            supportsOmniReference: true,
            limits: .init(
                total: 50, images: 30, videos: 10, audios: 10, videoSeconds: 30.2, audioSeconds: 30.2,
                promptCharacters: 15_000),
            typicalSeconds: 205),
        VideoModel(
            id: "seedance-2.5-draft", aliases: [], displayName: "Seedance 2.5 draft mode", status: .current,
            upstreamKeys: UpstreamKeys.china("dreamina_seedance_45_pro_draft"), resolutions: ["480p"],
            durations: fourToThirty, defaultDuration: 5,
            benefitTypes: ["480p": ["seedance_25_draft_480p_no_input_video_output", "seedance_25_draft_480p_output"]],
            supportsFirstFrame: false, supportsLastFrame: false, typicalSeconds: 156),
    ]

    private static let seedance20: [VideoModel] = [
        seedance(
            "jimeng-video-seedance-2.0-vip", ["seedance-2.0-vip", "jimeng-video-seedance-2.0-pro"],
            "Seedance 2.0 VIP", "dreamina_seedance_40_pro_vision", ["720p", "1080p", "4k"],
            [
                "720p": ["seedance_20_pro_720p_output"], "1080p": ["seedance_20_pro_1080p_output"],
                "4k": ["seedance_20_pro_4k_output"],
            ], 167),
        seedance(
            "jimeng-video-seedance-2.0-fast-vip", ["seedance-2.0-fast-vip"], "Seedance 2.0 Fast VIP",
            "dreamina_seedance_40_vision", ["720p"],
            ["720p": ["seedance_20_fast_720p_output", "dreamina_seedance_20_fast_5s"]], 93),
        seedance(
            "jimeng-video-seedance-2.0-mini", ["seedance-2.0-mini"], "Seedance 2.0 Mini",
            "dreamina_seedance_40_mini", ["720p"],
            ["720p": ["seedance_20_mini_720p_output", "seedance_20_mini_720p_output_5s"]], 114),
        seedance(
            "jimeng-video-seedance-2.0", ["seedance-2.0", "seedance-2.0-pro", "jimeng-video-4.0-pro"], "Seedance 2.0",
            "dreamina_seedance_40_pro", ["720p"], ["720p": ["dreamina_video_seedance_20_pro"]], nil,
            withVideo: "dreamina_video_seedance_20_video_add"),
        seedance(
            "jimeng-video-seedance-2.0-fast", ["seedance-2.0-fast", "jimeng-video-4.0"], "Seedance 2.0 Fast",
            "dreamina_seedance_40", ["720p"], ["720p": ["dreamina_seedance_20_fast"]], nil,
            withVideo: "dreamina_seedance_20_fast_with_video"),
    ]

    private static func seedance(
        _ id: String, _ aliases: [String], _ name: String, _ key: String, _ resolutions: [String],
        _ benefitTypes: [String: [String]], _ typicalSeconds: Int?, withVideo: String? = nil
    ) -> VideoModel {
        VideoModel(
            id: id, aliases: aliases, displayName: name, status: .current, upstreamKeys: UpstreamKeys.china(key),
            resolutions: resolutions, durations: fourToFifteen, defaultDuration: 5, benefitTypes: benefitTypes,
            benefitTypeWithVideo: withVideo, supportsOmniReference: true,
            limits: .init(
                total: 12, images: 9, videos: 3, audios: 3, videoSeconds: 15.4, audioSeconds: 15,
                promptCharacters: 4_000),
            typicalSeconds: typicalSeconds)
    }

    private static let earlier: [VideoModel] = [
        VideoModel(
            id: "jimeng-video-3.5-pro", aliases: ["jimeng-video-seedance-1.5-pro", "seedance-1.5-pro"],
            displayName: "Seedance 1.5 Pro", status: .current,
            upstreamKeys: UpstreamKeys.everywhere("\(prefix)vgfm_3.5_pro"), resolutions: [], durations: [5, 10, 12],
            defaultDuration: 5, benefitTypes: ["default": ["dreamina_video_seedance_15_pro"]],
            offlineRegions: [.cn]),
        VideoModel(
            id: "jimeng-video-3.5", aliases: [], displayName: nil, status: .legacy,
            upstreamKeys: UpstreamKeys.china("\(prefix)vgfm_3.5"), resolutions: [], durations: [5, 10],
            defaultDuration: 5, benefitTypes: ["default": ["dreamina_video_seedance_15"]], offlineRegions: [.cn]),
        VideoModel(
            id: "jimeng-video-3.0-pro", aliases: ["seedance-1.0"], displayName: "Seedance 1.0", status: .current,
            upstreamKeys: UpstreamKeys.chinaAndAsia("\(prefix)vgfm_3.0_pro"), resolutions: [], durations: [5, 10],
            defaultDuration: 5,
            benefitTypes: [
                "default": ["basic_video_operation_vgfm_v_three"], "1080p": ["basic_video_operation_vgfm_v_three_pro"],
            ],
            offlineRegions: [.cn]),
        VideoModel(
            id: "jimeng-video-3.0", aliases: [], displayName: nil, status: .current,
            upstreamKeys: UpstreamKeys.everywhere("\(prefix)vgfm_3.0"), resolutions: ["720p", "1080p"],
            durations: [5, 10], defaultDuration: 5, benefitTypes: thirdGenerationBenefits, offlineRegions: [.cn]),
        VideoModel(
            id: "jimeng-video-3.0-fast", aliases: ["seedance-1.0-fast"], displayName: "Seedance 1.0 Fast",
            status: .current, upstreamKeys: UpstreamKeys.chinaAndAsia("\(prefix)vgfm_3.0_fast"),
            resolutions: ["720p", "1080p"], durations: [5, 10], defaultDuration: 5,
            benefitTypes: thirdGenerationBenefits, offlineRegions: [.cn]),
        VideoModel(
            id: "jimeng-video-2.0-pro", aliases: [], displayName: nil, status: .older,
            upstreamKeys: UpstreamKeys.chinaAndAsia("\(prefix)vgfm1.0"), resolutions: [], durations: [5],
            defaultDuration: 5, toleratedDurations: [10],
            benefitTypes: ["default": ["basic_video_operation_vgfm_v_three"]], offlineRegions: [.cn]),
        VideoModel(
            id: "jimeng-video-2.0", aliases: ["jimeng-video-s2.0"], displayName: nil, status: .older,
            upstreamKeys: UpstreamKeys.chinaAndAsia("\(prefix)vgfm_lite"), resolutions: [], durations: [5],
            defaultDuration: 5, toleratedDurations: [10],
            benefitTypes: ["default": ["basic_video_operation_vgfm_v_three"]], offlineRegions: [.cn]),
    ]

    private static let thirdGenerationBenefits: [String: [String]] = [
        "720p": ["basic_video_operation_vgfm_v_three"], "1080p": ["basic_video_operation_vgfm_v_three_1080"],
    ]

    private static let partners: [VideoModel] = [
        VideoModel(
            id: "jimeng-video-veo3", aliases: [], displayName: nil, status: .current,
            upstreamKeys: UpstreamKeys.asia("dreamina_veo3_generate_video"), resolutions: [], durations: [8],
            defaultDuration: 8, benefitTypes: ["default": ["generate_video_veo3"]], isUnverified: true),
        VideoModel(
            id: "jimeng-video-veo3.1", aliases: [], displayName: nil, status: .current,
            upstreamKeys: UpstreamKeys.asia("dreamina_veo3.1_generate_video"), resolutions: [], durations: [8],
            defaultDuration: 8, benefitTypes: ["default": ["generate_video_veo3.1"]], isUnverified: true),
        VideoModel(
            id: "jimeng-video-sora2", aliases: [], displayName: nil, status: .current,
            upstreamKeys: UpstreamKeys.asia("dreamina_sora2_generate_video"), resolutions: [], durations: [4, 8, 12],
            defaultDuration: 4, benefitTypes: ["default": ["generate_video_sora2"]], isUnverified: true),
        VideoModel(
            id: "minimax-h3", aliases: [], displayName: "MiniMax H3", status: .current,
            upstreamKeys: UpstreamKeys.china("dreamina_minimax_h3"), resolutions: ["768p", "2k"],
            durations: fourToFifteen, defaultDuration: 5,
            benefitTypes: ["768p": ["minimax_h3_768p_output"], "2k": ["minimax_h3_2k_output"]],
            supportsFirstFrame: false, supportsLastFrame: false, supportsOmniReference: true,
            limits: .init(total: 12, promptCharacters: 7_000)),
        VideoModel(
            id: "happyhorse-1.1", aliases: [], displayName: "HappyHorse 1.1", status: .current,
            upstreamKeys: UpstreamKeys.china("dreamina_happyhorse_v1_1"), resolutions: ["720p", "1080p"],
            durations: [], defaultDuration: 5,
            ratios: VideoRatio.common + [.portrait4x5, .landscape5x4, .portrait9x21],
            benefitTypes: ["720p": ["happyhorse_11_720p_output"], "1080p": ["happyhorse_11_1080p_output"]],
            supportsFirstFrame: false, supportsLastFrame: false, supportsOmniReference: true,
            limits: .init(total: 9, promptCharacters: 2_500)),
        VideoModel(
            id: "wan-3.0", aliases: [], displayName: "Wan 3.0", status: .current,
            upstreamKeys: UpstreamKeys.china("dreamina_wan_30"), resolutions: ["720p", "1080p"], durations: [],
            defaultDuration: 5,
            benefitTypes: ["720p": ["wan_30_720p_output"], "1080p": ["wan_30_1080p_output"]],
            supportsFirstFrame: false, supportsLastFrame: false, supportsOmniReference: true,
            limits: .init(total: 20, promptCharacters: 20_000)),
    ]
}
