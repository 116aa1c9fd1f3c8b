/// A model as clients see it: names, where it runs, what it can do. The catalogue adapter fills it from the site's
/// tables (endpoints.md section 5; protocol `models.json`, `models-newest.json`).
package struct Model: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable {
        case current, older, legacy, unavailable
    }

    /// Canonical id, e.g. `jimeng-4.5`.
    package var id: String
    package var kind: MediaKind
    package var aliases: [String]
    /// Aliases that `GET /v1/models` lists beside the canonical id.
    package var listedAliases: [String]
    package var displayName: String
    package var details: String
    package var status: Status
    /// Where it runs, with the site's own key there (`model_req_key`).
    package var upstreamKeys: [Region: String]
    /// `1k`, `1.5k`, `2k`, `4k` or `720p` ...; the first one is the default.
    package var resolutions: [String]
    /// Resolutions the site itself lists; `size` is mapped only onto these (endpoints.md section 6.5).
    package var nativeResolutions: [String]
    /// Default resolution when called by one of these names instead of by the canonical id.
    package var defaultResolutionByAlias: [String: String]
    package var ratios: [AspectRatio]
    /// Pixels by resolution and ratio.
    package var sizes: [String: [AspectRatio: PixelSize]]
    /// A size that a region forces whatever was asked (nanobanana).
    package var forcedSizes: [Region: ForcedSize]
    /// Image counts that may be asked for; empty = the site decides.
    package var countOptions: [Int]
    /// How many images come without a count; nil = unknown.
    package var defaultCount: Int?
    package var maximumInputImages: Int
    package var supportsIntelligentRatio: Bool
    package var supportsMultiImage: Bool
    package var supportsOmniReference: Bool
    package var minimumSampleStrength: Double
    package var maximumSampleStrength: Double
    /// Video lengths in seconds; the first one is the default.
    package var durations: [Int]
    /// Lengths that are accepted and made as the default length.
    package var toleratedDurations: [Int]
    /// How many pictures a video can begin and end with: 0, 1 or 2.
    package var maximumFrames: Int
    /// What a request that refers to materials from its prompt may bring.
    package var omniLimits: OmniLimits
    /// Regions whose site lists the model no longer.
    package var offlineRegions: Set<Region>
    /// Run time seen by others, a first guess until this gateway has learnt its own.
    package var typicalRunTime: Duration?
    package var acceptsGiftCredits: Bool

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
        self.id = id
        self.kind = kind
        self.aliases = aliases
        self.listedAliases = listedAliases
        self.displayName = displayName
        self.details = details
        self.status = status
        self.upstreamKeys = upstreamKeys
        self.resolutions = resolutions
        self.nativeResolutions = nativeResolutions ?? resolutions
        self.defaultResolutionByAlias = defaultResolutionByAlias
        self.ratios = ratios
        self.sizes = sizes
        self.forcedSizes = forcedSizes
        self.countOptions = countOptions
        self.defaultCount = defaultCount
        self.maximumInputImages = maximumInputImages
        self.supportsIntelligentRatio = supportsIntelligentRatio
        self.supportsMultiImage = supportsMultiImage
        self.supportsOmniReference = supportsOmniReference
        self.minimumSampleStrength = minimumSampleStrength
        self.maximumSampleStrength = maximumSampleStrength
        self.durations = durations
        self.toleratedDurations = toleratedDurations
        self.maximumFrames = maximumFrames
        self.omniLimits = omniLimits
        self.offlineRegions = offlineRegions
        self.typicalRunTime = typicalRunTime
        self.acceptsGiftCredits = acceptsGiftCredits
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
