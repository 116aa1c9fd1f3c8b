/// What the site offers one account right now, as far as it told. Half of it may be missing.
package struct LiveCatalogue: Hashable, Sendable {
    /// In the site's order; nil = could not be read.
    package var images: [LiveModel]?
    package var videos: [LiveModel]?
    /// The site's key of the image model it starts with.
    package var defaultImageKey: String?

    package init(images: [LiveModel]?, videos: [LiveModel]?, defaultImageKey: String? = nil) {
        self.images = images
        self.videos = videos
        self.defaultImageKey = defaultImageKey
    }
}

/// One model of a live catalogue. What the site does not say is nil or empty, which is not the same as no.
package struct LiveModel: Hashable, Sendable {
    /// The site's own key (`model_req_key`); case matters.
    package var key: String
    package var name: String?
    package var details: String?
    package var resolutions: [String]
    package var defaultResolution: String?
    /// Exact pixels by resolution and ratio.
    package var sizes: [String: [AspectRatio: PixelSize]]
    /// Image counts that can be asked for, ascending.
    package var counts: [Int]
    package var defaultCount: Int?
    package var maximumInputImages: Int?
    package var ratios: [AspectRatio]
    /// Whole seconds, ascending.
    package var durations: [Int]
    package var defaultDuration: Int?
    package var takesReferences: Bool
    package var maximumReferenceImages: Int?
    package var maximumReferenceVideos: Int?
    package var maximumReferenceAudios: Int?

    package init(
        key: String, name: String? = nil, details: String? = nil, resolutions: [String] = [],
        defaultResolution: String? = nil, sizes: [String: [AspectRatio: PixelSize]] = [:], counts: [Int] = [],
        defaultCount: Int? = nil, maximumInputImages: Int? = nil, ratios: [AspectRatio] = [], durations: [Int] = [],
        defaultDuration: Int? = nil, takesReferences: Bool = false, maximumReferenceImages: Int? = nil,
        maximumReferenceVideos: Int? = nil, maximumReferenceAudios: Int? = nil
    ) {
        self.key = key
        self.name = name
        self.details = details
        self.resolutions = resolutions
        self.defaultResolution = defaultResolution
        self.sizes = sizes
        self.counts = counts
        self.defaultCount = defaultCount
        self.maximumInputImages = maximumInputImages
        self.ratios = ratios
        self.durations = durations
        self.defaultDuration = defaultDuration
        self.takesReferences = takesReferences
        self.maximumReferenceImages = maximumReferenceImages
        self.maximumReferenceVideos = maximumReferenceVideos
        self.maximumReferenceAudios = maximumReferenceAudios
    }
}
