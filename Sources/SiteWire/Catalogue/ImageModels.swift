/// The built-in image catalogue (`endpoints.md`, section 5.2, with the figures of `models.json` and
/// `models-newest.json`), newest first. The live catalogue of an account, where one is at hand, knows better.
enum ImageModels {
    static let all: [ImageModel] = newest + fourthGeneration + thirdGeneration + legacy + others

    private static let upToEight = ImageModel.CountRule.upTo(maximum: 8, normal: 4)

    private static let newest: [ImageModel] = [
        ImageModel(
            id: "jimeng-5.0-pro", aliases: ["seedream-5.0-pro"], displayName: "Seedream 5.0 Pro", status: .current,
            upstreamKeys: UpstreamKeys.china("high_aes_general_v50p_large"),
            resolutions: [.twoK, .oneAndAHalfK, .fourK], nativeResolutions: [.twoK, .fourK],
            counts: .upTo(maximum: 4, normal: 2),
            benefitTypes: [
                .oneK: "image_basic_v50_pro_1k", .oneAndAHalfK: "image_basic_v50_pro_15k",
                .twoK: "image_basic_v50_pro_2k", .fourK: "image_basic_v50_pro_4k",
            ]),
        ImageModel(
            id: "jimeng-5.0-flash", aliases: ["seedream-5.0-flash"], displayName: "Seedream 5.0 Flash",
            status: .current, upstreamKeys: UpstreamKeys.china("high_aes_general_v50_flash"),
            resolutions: [.twoK, .oneAndAHalfK], nativeResolutions: [.twoK], counts: .upTo(maximum: 4, normal: 4),
            benefitTypes: [.oneAndAHalfK: "image_basic_v50_flash_15k", .twoK: "image_basic_v50_flash_2k"],
            typicalSeconds: 21),
        ImageModel(
            id: "jimeng-5.0",
            aliases: [
                "jimeng-5.0-lite", "jimeng-5.0-preview", "jimeng-image-5.0", "jimeng-image-5.0-lite", "seedream-5.0",
                "seedream-5.0-lite",
            ],
            displayName: "Seedream 5.0 Lite", status: .current,
            upstreamKeys: UpstreamKeys.chinaAndAsia("high_aes_general_v50"), resolutions: [.twoK, .fourK, .oneK],
            nativeResolutions: [.twoK, .fourK], counts: upToEight, supportsIntelligentRatio: true,
            supportsSeries: true, benefitTypes: [.twoK: "image_basic_v5_2k", .fourK: "image_basic_v5_4k"],
            typicalSeconds: 19),
    ]

    private static let fourthGeneration: [ImageModel] = [
        ImageModel(
            id: "jimeng-4.7", aliases: ["jimeng-image-4.7", "seedream-4.7"], displayName: "Seedream 4.7",
            status: .current, upstreamKeys: UpstreamKeys.china("high_aes_general_v43"), resolutions: [.twoK, .fourK],
            nativeResolutions: [.twoK, .fourK], counts: upToEight,
            benefitTypes: [.twoK: "image_basic_v43_2k", .fourK: "image_basic_v43_4k"]),
        ImageModel(
            id: "jimeng-4.6", aliases: ["jimeng-image-4.6", "seedream-4.6"], displayName: "Seedream 4.6",
            status: .current, upstreamKeys: UpstreamKeys.chinaAndAsia("high_aes_general_v42"),
            resolutions: [.twoK, .fourK, .oneK], nativeResolutions: [.twoK, .fourK], counts: upToEight,
            supportsIntelligentRatio: true, supportsSeries: true,
            benefitTypes: [.twoK: "image_basic_v46_2k", .fourK: "image_basic_v46_4k"]),
        ImageModel(
            id: "jimeng-4.5", aliases: ["jimeng", "jimeng-image-4.5", "seedream-4.5"], displayName: "Seedream 4.5",
            status: .current, upstreamKeys: UpstreamKeys.everywhere("high_aes_general_v40l"),
            resolutions: [.twoK, .fourK, .oneK], nativeResolutions: [.twoK, .fourK], counts: upToEight,
            supportsIntelligentRatio: true, supportsSeries: true,
            benefitTypes: [.twoK: "image_basic_v4_pro_2k", .fourK: "image_basic_v4_pro_4k"], typicalSeconds: 31),
        ImageModel(
            id: "jimeng-4.1", aliases: ["jimeng-image-4.1", "seedream-4.1"], displayName: "Seedream 4.1",
            status: .current, upstreamKeys: UpstreamKeys.everywhere("high_aes_general_v41"),
            resolutions: [.twoK, .fourK, .oneK], nativeResolutions: [.twoK, .fourK], counts: upToEight,
            supportsIntelligentRatio: true, supportsSeries: true,
            benefitTypes: [.twoK: "image_basic_v41_2k", .fourK: "image_basic_v41_4k"]),
        ImageModel(
            id: "jimeng-4.0", aliases: ["jimeng-image-4.0", "seedream-4.0"], displayName: "Seedream 4.0",
            status: .current, upstreamKeys: UpstreamKeys.everywhere("high_aes_general_v40"),
            resolutions: [.twoK, .fourK, .oneK], nativeResolutions: [.twoK, .fourK], counts: upToEight,
            supportsIntelligentRatio: true, supportsSeries: true,
            benefitTypes: [.twoK: "image_basic_generate_piece", .fourK: "image_uhd_4k"]),
    ]

    private static let thirdGeneration: [ImageModel] = [
        ImageModel(
            id: "jimeng-3.1", aliases: ["jimeng-image-3.1", "seedream-3.1"], displayName: "Seedream 3.1",
            status: .older, upstreamKeys: UpstreamKeys.china("high_aes_general_v30l_art_fangzhou:general_v3.0_18b"),
            resolutions: [.twoK, .oneK, .fourK], nativeResolutions: [.oneK, .twoK],
            defaultResolutionByName: ["jimeng-image-3.1": .oneK], oneKTable: .oneKOlder, counts: .decidedBySite,
            sampleStrength: 0.1...0.8, benefitTypes: thirdGenerationBenefits, needsPurchasedCredits: true),
        ImageModel(
            id: "jimeng-3.0", aliases: ["jimeng-image-3.0", "seedream-3.0"], displayName: "Seedream 3.0",
            status: .older, upstreamKeys: UpstreamKeys.everywhere("high_aes_general_v30l:general_v3.0_18b"),
            resolutions: [.twoK, .oneK, .fourK], nativeResolutions: [.oneK, .twoK],
            defaultResolutionByName: ["jimeng-image-3.0": .oneK], oneKTable: .oneKOlder, counts: .decidedBySite,
            sampleStrength: 0.1...0.8, benefitTypes: thirdGenerationBenefits, needsPurchasedCredits: true),
    ]

    private static let thirdGenerationBenefits: [ImageResolution: String] = [
        .oneK: "image_basic_generate_plus", .twoK: "image_basic_generate_plus",
    ]

    private static let legacy: [ImageModel] = [
        old("jimeng-2.1", "high_aes_general_v21_L:general_v2.1_L", strength: 0.7),
        old("jimeng-2.0-pro", "high_aes_general_v20_L:general_v2.0_L", strength: 0.7, ["jimeng-image-2.0-pro"]),
        old("jimeng-2.0", "high_aes_general_v20:general_v2.0", strength: 0.7),
        old("jimeng-1.4", "high_aes_general_v14:general_v1.4", strength: 0.6),
        old("jimeng-xl-pro", "text2img_xl_sft", strength: 0.8),
    ]

    private static func old(
        _ id: String, _ key: String, strength: Double, _ aliases: [String] = []
    ) -> ImageModel {
        ImageModel(
            id: id, aliases: aliases, displayName: nil, status: .legacy, upstreamKeys: UpstreamKeys.china(key),
            resolutions: [.oneK], nativeResolutions: [.oneK], oneKTable: .oneKOlder, counts: .decidedBySite,
            maximumReferences: 0, sampleStrength: 0.1...strength, needsPurchasedCredits: true)
    }

    private static let others: [ImageModel] = [
        ImageModel(
            id: "jimeng-mj82", aliases: ["mj82", "mj-v8.2"], displayName: "图片美学模型 V8.2", status: .current,
            upstreamKeys: UpstreamKeys.china("jm_image_model_yc_mj82"), resolutions: [.oneK, .twoK],
            nativeResolutions: [.oneK, .twoK], counts: .forced(4), maximumReferences: 20, typicalSeconds: 200),
        ImageModel(
            id: "nanobanana", aliases: ["nano-banana"], displayName: "Nano Banana", status: .current,
            upstreamKeys: UpstreamKeys.international("external_model_gemini_flash_image_v25"), resolutions: [.oneK],
            nativeResolutions: [.oneK], counts: .decidedBySite, hasForcedSize: true, isUnverified: true),
        ImageModel(
            id: "nanobananapro", aliases: ["nanobanapro", "nano-banana-pro"], displayName: "Nano Banana Pro",
            status: .current, upstreamKeys: UpstreamKeys.international("dreamina_image_lib_1"),
            resolutions: [.twoK, .oneK, .fourK], nativeResolutions: [.oneK, .twoK, .fourK], counts: .decidedBySite,
            isUnverified: true),
        ImageModel(
            id: "gpt-image-2", aliases: [], displayName: "GPT Image 2", status: .current,
            upstreamKeys: UpstreamKeys.international("dreamina_lib_img_20260423"), resolutions: [.oneK],
            nativeResolutions: [.oneK], counts: .decidedBySite, benefitTypes: [.oneK: "gpt_image_v2"],
            isUnverified: true),
    ]
}
