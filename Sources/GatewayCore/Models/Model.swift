/// A model as clients see it: names, where it runs, what it can do. The catalogue adapter fills it from the site's
/// tables (endpoints.md section 5; protocol `models.json`, `models-newest.json`).
package struct Model: Hashable, Sendable {
    /// On the heap, as a model is large and every waiting request keeps one.
    private var contents: Shared<Fields>

    package enum Status: String, Hashable, Sendable {
        case current, older, legacy, unavailable
    }

    /// Canonical id, e.g. `jimeng-4.5`.
    package var id: String {
        get { contents.value.id }
        set { contents.change { $0.id = newValue } }
    }
    package var kind: MediaKind {
        get { contents.value.kind }
        set { contents.change { $0.kind = newValue } }
    }
    package var aliases: [String] {
        get { contents.value.aliases }
        set { contents.change { $0.aliases = newValue } }
    }
    /// Aliases that `GET /v1/models` lists beside the canonical id.
    package var listedAliases: [String] {
        get { contents.value.listedAliases }
        set { contents.change { $0.listedAliases = newValue } }
    }
    package var displayName: String {
        get { contents.value.displayName }
        set { contents.change { $0.displayName = newValue } }
    }
    package var details: String {
        get { contents.value.details }
        set { contents.change { $0.details = newValue } }
    }
    package var status: Status {
        get { contents.value.status }
        set { contents.change { $0.status = newValue } }
    }
    /// Where it runs, with the site's own key there (`model_req_key`).
    package var upstreamKeys: [Region: String] {
        get { contents.value.upstreamKeys }
        set { contents.change { $0.upstreamKeys = newValue } }
    }
    /// `1k`, `1.5k`, `2k`, `4k` or `720p` ...; the first one is the default.
    package var resolutions: [String] {
        get { contents.value.resolutions }
        set { contents.change { $0.resolutions = newValue } }
    }
    /// Resolutions the site itself lists; `size` is mapped only onto these (endpoints.md section 6.5).
    package var nativeResolutions: [String] {
        get { contents.value.nativeResolutions }
        set { contents.change { $0.nativeResolutions = newValue } }
    }
    /// Default resolution when called by one of these names instead of by the canonical id.
    package var defaultResolutionByAlias: [String: String] {
        get { contents.value.defaultResolutionByAlias }
        set { contents.change { $0.defaultResolutionByAlias = newValue } }
    }
    package var ratios: [AspectRatio] {
        get { contents.value.ratios }
        set { contents.change { $0.ratios = newValue } }
    }
    /// Pixels by resolution and ratio.
    package var sizes: [String: [AspectRatio: PixelSize]] {
        get { contents.value.sizes }
        set { contents.change { $0.sizes = newValue } }
    }
    /// A size that a region forces whatever was asked (nanobanana).
    package var forcedSizes: [Region: ForcedSize] {
        get { contents.value.forcedSizes }
        set { contents.change { $0.forcedSizes = newValue } }
    }
    /// Image counts that may be asked for; empty = the site decides.
    package var countOptions: [Int] {
        get { contents.value.countOptions }
        set { contents.change { $0.countOptions = newValue } }
    }
    /// How many images come without a count; nil = unknown.
    package var defaultCount: Int? {
        get { contents.value.defaultCount }
        set { contents.change { $0.defaultCount = newValue } }
    }
    package var maximumInputImages: Int {
        get { contents.value.maximumInputImages }
        set { contents.change { $0.maximumInputImages = newValue } }
    }
    package var supportsIntelligentRatio: Bool {
        get { contents.value.supportsIntelligentRatio }
        set { contents.change { $0.supportsIntelligentRatio = newValue } }
    }
    package var supportsMultiImage: Bool {
        get { contents.value.supportsMultiImage }
        set { contents.change { $0.supportsMultiImage = newValue } }
    }
    package var supportsOmniReference: Bool {
        get { contents.value.supportsOmniReference }
        set { contents.change { $0.supportsOmniReference = newValue } }
    }
    package var minimumSampleStrength: Double {
        get { contents.value.minimumSampleStrength }
        set { contents.change { $0.minimumSampleStrength = newValue } }
    }
    package var maximumSampleStrength: Double {
        get { contents.value.maximumSampleStrength }
        set { contents.change { $0.maximumSampleStrength = newValue } }
    }
    /// Video lengths in seconds; the first one is the default.
    package var durations: [Int] {
        get { contents.value.durations }
        set { contents.change { $0.durations = newValue } }
    }
    /// Lengths that are accepted and made as the default length.
    package var toleratedDurations: [Int] {
        get { contents.value.toleratedDurations }
        set { contents.change { $0.toleratedDurations = newValue } }
    }
    /// How many pictures a video can begin and end with: 0, 1 or 2.
    package var maximumFrames: Int {
        get { contents.value.maximumFrames }
        set { contents.change { $0.maximumFrames = newValue } }
    }
    /// What a request that refers to materials from its prompt may bring.
    package var omniLimits: OmniLimits {
        get { contents.value.omniLimits }
        set { contents.change { $0.omniLimits = newValue } }
    }
    /// Regions whose site lists the model no longer.
    package var offlineRegions: Set<Region> {
        get { contents.value.offlineRegions }
        set { contents.change { $0.offlineRegions = newValue } }
    }
    /// Run time seen by others, a first guess until this gateway has learnt its own.
    package var typicalRunTime: Duration? {
        get { contents.value.typicalRunTime }
        set { contents.change { $0.typicalRunTime = newValue } }
    }
    package var acceptsGiftCredits: Bool {
        get { contents.value.acceptsGiftCredits }
        set { contents.change { $0.acceptsGiftCredits = newValue } }
    }

    package init(
        id: String, kind: MediaKind, aliases: [String] = [], listedAliases: [String] = [], displayName: String,
        details: String = "", status: Status = .current, upstreamKeys: [Region: String], resolutions: [String],
        nativeResolutions: [String]? = nil, defaultResolutionByAlias: [String: String] = [:],
        ratios: [AspectRatio] = AspectRatio.allCases, sizes: [String: [AspectRatio: PixelSize]] = [:],
        forcedSizes: [Region: ForcedSize] = [:], countOptions: [Int] = [], defaultCount: Int? = nil,
        maximumInputImages: Int = 0, supportsIntelligentRatio: Bool = false, supportsMultiImage: Bool = false,
        supportsOmniReference: Bool = false, minimumSampleStrength: Double = 0.1, maximumSampleStrength: Double = 1,
        durations: [Int] = [], toleratedDurations: [Int] = [], maximumFrames: Int = 2,
        omniLimits: OmniLimits = OmniLimits(), offlineRegions: Set<Region> = [], typicalRunTime: Duration? = nil,
        acceptsGiftCredits: Bool = true
    ) {
        contents = Shared(
            Fields(
                id: id, kind: kind, aliases: aliases, listedAliases: listedAliases, displayName: displayName,
                details: details, status: status, upstreamKeys: upstreamKeys, resolutions: resolutions,
                nativeResolutions: nativeResolutions ?? resolutions, defaultResolutionByAlias: defaultResolutionByAlias,
                ratios: ratios, sizes: sizes, forcedSizes: forcedSizes, countOptions: countOptions,
                defaultCount: defaultCount, maximumInputImages: maximumInputImages,
                supportsIntelligentRatio: supportsIntelligentRatio, supportsMultiImage: supportsMultiImage,
                supportsOmniReference: supportsOmniReference, minimumSampleStrength: minimumSampleStrength,
                maximumSampleStrength: maximumSampleStrength, durations: durations,
                toleratedDurations: toleratedDurations, maximumFrames: maximumFrames, omniLimits: omniLimits,
                offlineRegions: offlineRegions, typicalRunTime: typicalRunTime, acceptsGiftCredits: acceptsGiftCredits))
    }

    private struct Fields: Hashable, Sendable {
        var id: String
        var kind: MediaKind
        var aliases: [String]
        var listedAliases: [String]
        var displayName: String
        var details: String
        var status: Status
        var upstreamKeys: [Region: String]
        var resolutions: [String]
        var nativeResolutions: [String]
        var defaultResolutionByAlias: [String: String]
        var ratios: [AspectRatio]
        var sizes: [String: [AspectRatio: PixelSize]]
        var forcedSizes: [Region: ForcedSize]
        var countOptions: [Int]
        var defaultCount: Int?
        var maximumInputImages: Int
        var supportsIntelligentRatio: Bool
        var supportsMultiImage: Bool
        var supportsOmniReference: Bool
        var minimumSampleStrength: Double
        var maximumSampleStrength: Double
        var durations: [Int]
        var toleratedDurations: [Int]
        var maximumFrames: Int
        var omniLimits: OmniLimits
        var offlineRegions: Set<Region>
        var typicalRunTime: Duration?
        var acceptsGiftCredits: Bool
    }

    package var regions: [Region] { Region.allCases.filter { upstreamKeys[$0] != nil } }

    /// The most of each kind in one request with materials (endpoints.md section 11.2).
    package struct OmniLimits: Hashable, Sendable {
        package var total = 12
        package var images = 9
        package var videos = 3
        package var audios = 3
        /// Of all videos together.
        package var videoSeconds = 15.0

        package init() {}
    }

    /// A size that a region imposes. `size` nil: the ratio still decides within `resolution`.
    package struct ForcedSize: Hashable, Sendable {
        package var resolution: String
        package var size: PixelSize?

        package init(resolution: String, size: PixelSize?) {
            self.resolution = resolution
            self.size = size
        }
    }
}
