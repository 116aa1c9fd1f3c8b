import GatewayCore

/// A small catalogue with the API's published pixels.
enum SampleModels {
    private static func table(_ sides: [(Int, Int)]) -> [AspectRatio: PixelSize] {
        Dictionary(
            uniqueKeysWithValues: zip(AspectRatio.allCases, sides).map { ($0, PixelSize(width: $1.0, height: $1.1)) })
    }

    static let small = table([
        (1024, 1024), (1024, 768), (768, 1024), (1024, 576), (576, 1024), (1024, 682), (682, 1024), (1195, 512),
    ])
    static let middle = table([
        (2048, 2048), (2304, 1728), (1728, 2304), (2560, 1440), (1440, 2560), (2496, 1664), (1664, 2496), (3024, 1296),
    ])
    static let large = table([
        (4096, 4096), (4693, 3520), (3520, 4693), (5404, 3040), (3040, 5404), (4992, 3328), (3328, 4992), (6197, 2656),
    ])
    static let older = table([
        (1328, 1328), (1472, 1104), (1104, 1472), (1664, 936), (936, 1664), (1584, 1056), (1056, 1584), (2016, 864),
    ])
    private static let everywhere = Dictionary(uniqueKeysWithValues: Region.allCases.map { ($0, "key") })

    static let catalogue = ModelCatalogue(
        models: [
            Model(
                id: "jimeng-4.5", kind: .image, aliases: ["jimeng", "jimeng-image-4.5"], displayName: "4.5",
                upstreamKeys: everywhere, resolutions: ["2k", "4k", "1k"], nativeResolutions: ["2k", "4k"],
                sizes: ["1k": small, "2k": middle, "4k": large], countOptions: Array(1...8), defaultCount: 4,
                maximumInputImages: 10, supportsIntelligentRatio: true, supportsMultiImage: true),
            Model(
                id: "jimeng-3.0", kind: .image, aliases: ["jimeng-image-3.0"], displayName: "3.0",
                upstreamKeys: everywhere, resolutions: ["2k", "1k", "4k"], nativeResolutions: ["1k", "2k"],
                defaultResolutionByAlias: ["jimeng-image-3.0": "1k"],
                sizes: ["1k": older, "2k": middle, "4k": large], defaultCount: 4),
            Model(
                id: "jimeng-odd", kind: .image, displayName: "odd counts", upstreamKeys: [.cn: "key"],
                resolutions: ["1k", "1.5k"], ratios: [.square, .landscape16x9], sizes: ["1k": small],
                countOptions: [1, 2, 4], minimumSampleStrength: 0.3),
            Model(
                id: "jimeng-four", kind: .image, displayName: "always four", upstreamKeys: [.cn: "key"],
                resolutions: ["1k"], sizes: ["1k": small], countOptions: [4], defaultCount: 4),
            Model(
                id: "nanobanana", kind: .image, displayName: "forced",
                upstreamKeys: [.us: "key", .hk: "key", .jp: "key", .sg: "key"], resolutions: ["2k"],
                sizes: ["1k": small],
                forcedSizes: [
                    .us: Model.ForcedSize(resolution: "2k", size: PixelSize(width: 1024, height: 1024)),
                    .hk: Model.ForcedSize(resolution: "1k", size: nil),
                    .jp: Model.ForcedSize(resolution: "1k", size: nil),
                    .sg: Model.ForcedSize(resolution: "1k", size: nil),
                ]),
            Model(
                id: "gpt-image-2", kind: .image, displayName: "real", upstreamKeys: [.us: "key", .jp: "key"],
                resolutions: ["1k"], sizes: ["1k": small]),
            Model(
                id: "jimeng-plain", kind: .image, displayName: "references, no choice of shape",
                upstreamKeys: everywhere, resolutions: ["2k"], sizes: ["2k": middle], maximumInputImages: 2),
        ] + videos, defaultImageModel: "jimeng-4.5", defaultVideoModel: "jimeng-video-3.5-pro",
        fallbackVideoModel: "seedance")

    private static let videoRatios = AspectRatio.allCases.filter { $0 != .landscape3x2 && $0 != .portrait2x3 }
    private static let videos = [
        Model(
            id: "jimeng-video-3.5-pro", kind: .video, displayName: "default", upstreamKeys: everywhere, resolutions: [],
            ratios: videoRatios, durations: [5, 10, 12], offlineRegions: [.cn]),
        Model(
            id: "jimeng-video-3.0", kind: .video, displayName: "video", upstreamKeys: everywhere,
            resolutions: ["720p", "1080p"], ratios: videoRatios, durations: [5, 10]),
        Model(
            id: "jimeng-video-2.0", kind: .video, aliases: ["jimeng-video-s2.0"], displayName: "short",
            upstreamKeys: [.cn: "key", .jp: "key"], resolutions: [], ratios: videoRatios, durations: [5],
            toleratedDurations: [10]),
        Model(
            id: "jimeng-video-veo3", kind: .video, displayName: "eight", upstreamKeys: [.jp: "key"], resolutions: [],
            ratios: videoRatios, durations: [8]),
        Model(
            id: "jimeng-video-sora2", kind: .video, displayName: "namesake", upstreamKeys: [.jp: "key"],
            resolutions: [], ratios: videoRatios, durations: [4, 8, 12]),
        Model(
            id: "seedance", kind: .video, displayName: "omni", upstreamKeys: [.cn: "key"], resolutions: ["720p"],
            ratios: videoRatios, supportsOmniReference: true, durations: [5] + (4...15).filter { $0 != 5 }),
        Model(
            id: "draft", kind: .video, displayName: "text only", upstreamKeys: [.cn: "key"], resolutions: ["480p"],
            ratios: videoRatios, durations: [5], maximumFrames: 0),
    ]
}
