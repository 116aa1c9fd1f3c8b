import GatewayCore
import Testing

@Suite("The catalogue after the site's own word")
struct LiveCatalogueTests {
    private static let builtIn = ModelCatalogue(
        models: [
            Model(
                id: "jimeng-4.5", kind: .image, aliases: ["jimeng"], displayName: "4.5",
                upstreamKeys: [.cn: "key_45", .us: "key_45"], resolutions: ["2k", "1k"], nativeResolutions: ["2k"],
                ratios: [.square],
                sizes: [
                    "2k": [.square: PixelSize(width: 2048, height: 2048)],
                    "1k": [.square: PixelSize(width: 1024, height: 1024)],
                ], countOptions: [1, 2, 3, 4], defaultCount: 4, maximumInputImages: 10),
            Model(
                id: "jimeng-3.0", kind: .image, displayName: "3.0", upstreamKeys: [.cn: "key_30"], resolutions: ["1k"]),
            Model(
                id: "jimeng-video-3.0", kind: .video, displayName: "Video", upstreamKeys: [.cn: "video_30"],
                resolutions: ["720p"], durations: [5, 10], toleratedDurations: [12]),
            Model(
                id: "jimeng-video-2.0", kind: .video, displayName: "Old", upstreamKeys: [.cn: "video_20"],
                resolutions: [], durations: [5]),
        ], defaultImageModel: "jimeng-4.5", defaultVideoModel: "jimeng-video-3.0")

    private static let row = [
        "1.5k": [AspectRatio.square: PixelSize(width: 1536, height: 1536)],
        "2k": [
            AspectRatio.square: PixelSize(width: 2000, height: 2000),
            .landscape16x9: PixelSize(width: 2560, height: 1440),
        ],
    ]

    private func applying(
        images: [LiveModel]? = nil, videos: [LiveModel]? = nil, start: String? = nil, in region: Region = .cn
    ) -> ModelCatalogue {
        Self.builtIn.applying([
            (region, LiveCatalogue(images: images, videos: videos, defaultImageKey: start))
        ])
    }

    @Test("the site's pixels, counts and limits take the place of the built-in ones")
    func figures() throws {
        let catalogue = applying(images: [
            LiveModel(
                key: "key_45", name: "Seedream 4.5", resolutions: ["1.5k", "2k"], defaultResolution: "1.5k",
                sizes: Self.row, counts: [1, 2], maximumInputImages: 6)
        ])
        let model = try #require(catalogue.model(named: "jimeng"))
        #expect(model.displayName == "Seedream 4.5")
        #expect(model.sizes["1.5k"]?[.square] == PixelSize(width: 1536, height: 1536))
        #expect(model.sizes["2k"]?[.square] == PixelSize(width: 2000, height: 2000))
        #expect(model.ratios == [.square, .landscape16x9])
        // The usual default stays in front; what the site does not list can still be asked for.
        #expect(model.resolutions == ["2k", "1.5k", "1k"])
        #expect(model.nativeResolutions == ["1.5k", "2k"])
        #expect(model.countOptions == [1, 2])
        #expect(model.defaultCount == nil)
        #expect(model.maximumInputImages == 6)
    }

    @Test("where the site is silent, what is known stays")
    func silence() throws {
        let before = try #require(Self.builtIn.model(named: "jimeng-4.5"))
        let after = try #require(applying(images: [LiveModel(key: "key_45")]).model(named: "jimeng-4.5"))
        #expect(before == after)
    }

    @Test("models that the site lacks are unavailable, and can still be named")
    func missing() throws {
        let catalogue = applying(images: [LiveModel(key: "key_45")])
        let missing = try #require(catalogue.model(named: "jimeng-3.0"))
        #expect(missing.status == .unavailable)
        #expect(missing.offlineRegions == [.cn])
        #expect(missing.upstreamKeys[.cn] == "key_30")
        #expect(catalogue.model(named: "jimeng-video-3.0")?.status == .current)
    }

    @Test("a new model is offered under the site's key, if the site says enough")
    func new() throws {
        let catalogue = applying(
            images: [
                LiveModel(key: "Fresh_50", name: "Fresh", resolutions: ["1.5k", "2k"], sizes: Self.row, counts: [1]),
                LiveModel(key: "without_sizes"),
            ],
            videos: [
                LiveModel(
                    key: "video_new", resolutions: ["480p", "720p"], defaultResolution: "720p", durations: [4, 8]),
                LiveModel(key: "without_durations", resolutions: ["720p"]),
            ])
        let image = try #require(catalogue.model(named: "fresh_50"))
        #expect(image.id == "Fresh_50")
        #expect(image.upstreamKeys == [.cn: "Fresh_50"])
        #expect(image.resolutions == ["1.5k", "2k"])
        #expect(image.ratios == [.square, .landscape16x9])
        let video = try #require(catalogue.model(named: "video_new"))
        #expect(video.resolutions == ["720p", "480p"])
        #expect(video.durations == [4, 8])
        #expect(catalogue.model(named: "without_sizes") == nil)
        #expect(catalogue.model(named: "without_durations") == nil)
        #expect(catalogue.models.map(\.kind) == [.image, .image, .image, .video, .video, .video])
    }

    @Test("a region that lists a model under the key of the others has it too")
    func newRegion() throws {
        let catalogue = applying(images: [LiveModel(key: "key_45")], in: .jp)
        #expect(catalogue.model(named: "jimeng")?.upstreamKeys[.jp] == "key_45")
        #expect(catalogue.models.count == Self.builtIn.models.count)
    }

    @Test(
        "lengths and resolutions of videos are the site's, the usual length stays the default; no resolutions stay none"
    )
    func videos() throws {
        let catalogue = applying(videos: [
            LiveModel(key: "video_30", resolutions: ["480p", "1080p"], durations: [5, 12], defaultDuration: 12),
            LiveModel(key: "video_20", resolutions: ["720p"], takesReferences: true, maximumReferenceImages: 4),
        ])
        let model = try #require(catalogue.model(named: "jimeng-video-3.0"))
        #expect(model.resolutions == ["480p", "1080p"])
        #expect(model.durations == [5, 12])
        #expect(model.toleratedDurations.isEmpty)
        let old = try #require(catalogue.model(named: "jimeng-video-2.0"))
        #expect(old.resolutions.isEmpty)
        #expect(old.supportsOmniReference)
        #expect(old.omniLimits.images == 4)
    }

    @Test("of two accounts the first decides about figures, and both about what there is")
    func twoAccounts() throws {
        let catalogue = Self.builtIn.applying([
            (.cn, LiveCatalogue(images: [LiveModel(key: "key_45", counts: [1])], videos: nil)),
            (
                .us,
                LiveCatalogue(images: [LiveModel(key: "key_45", counts: [9]), LiveModel(key: "key_30")], videos: nil)
            ),
        ])
        #expect(catalogue.model(named: "jimeng-4.5")?.countOptions == [1])
        let other = try #require(catalogue.model(named: "jimeng-3.0"))
        #expect(other.status == .current)
        #expect(other.offlineRegions == [.cn])
        #expect(other.upstreamKeys[.us] == "key_30")
    }

    @Test("a default that the site has given up is replaced by its own, then by the first there is")
    func defaults() {
        let other = LiveModel(key: "key_30")
        let new = LiveModel(key: "new", resolutions: ["2k"], sizes: Self.row)
        #expect(applying(images: [LiveModel(key: "key_45"), other]).fallbackImageModel == nil)
        #expect(applying(images: [other, new], start: "new").fallbackImageModel == "new")
        #expect(applying(images: [other, new]).fallbackImageModel == "jimeng-3.0")
        #expect(applying(videos: [LiveModel(key: "video_20")]).fallbackVideoModel == "jimeng-video-2.0")
    }

    @Test("at most a hundred models are added")
    func bound() {
        let many = (0..<150).map { LiveModel(key: "new_\($0)", resolutions: ["2k"], sizes: Self.row) }
        #expect(applying(images: many).models.count == Self.builtIn.models.count + 100)
    }
}
