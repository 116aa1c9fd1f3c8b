/// An image model: the names clients use, the keys the site uses, and what a request may ask of it.
package struct ImageModel: Sendable, Hashable {
    /// How the number of pictures of one submission is settled.
    package enum CountRule: Sendable, Hashable {
        /// `gen_count` 1 ... `maximum`; `normal` pictures come when none is sent.
        case upTo(maximum: Int, normal: Int)
        /// Always this many (the site may still make fewer), whatever is asked.
        case forced(Int)
        /// The site decides, normally four; a count is not sent.
        case decidedBySite
    }

    /// The canonical name.
    package var id: String
    package var aliases: [String]
    package var displayName: String?
    package var status: ModelStatus
    /// The site's key per region; a region without one lacks the model.
    package var upstreamKeys: [SiteRegion: String]
    /// What a request may name, the default first.
    package var resolutions: [ImageResolution]
    /// Tiers that a mere pixel size may be mapped to; a subset of `resolutions`, lowest first.
    package var nativeResolutions: [ImageResolution]
    /// Names whose callers expect another default resolution.
    package var defaultResolutionByName: [String: ImageResolution] = [:]
    /// The table for `.oneK`.
    package var oneKTable: ImageSizeTable = .oneK
    package var counts: CountRule
    /// 0: takes no input picture.
    package var maximumReferences: Int = 10
    package var supportsIntelligentRatio = false
    /// Whether a prompt can ask for a series of pictures (`ImageMultiGenerate`).
    package var supportsSeries = false
    package var sampleStrength: ClosedRange<Double> = 0.1...1
    /// Size and resolution are imposed by the site, per region (`endpoints.md`, section 6.4).
    package var hasForcedSize = false
    /// Names of the entitlement a resolution is charged to; the join key to the site's price book.
    package var benefitTypes: [ImageResolution: String] = [:]
    /// Measured run time of one submission in seconds, where somebody measured it.
    package var typicalSeconds: Int?
    /// Free daily credits are refused for this model.
    package var needsPurchasedCredits = false
    /// Nobody has recently seen it work.
    package var isUnverified = false

    package var regions: [SiteRegion] { SiteRegion.allCases.filter { upstreamKeys[$0] != nil } }
    package var ratios: [ImageRatio] { ImageRatio.allCases }

    /// The pictures that come when no count is sent.
    package var defaultCount: Int {
        switch counts {
        case .upTo(_, let normal): normal
        case .forced(let count): count
        case .decidedBySite: 4
        }
    }

    /// The counts that can be asked for; nil when none can.
    package var countRange: ClosedRange<Int>? {
        if case .upTo(let maximum, _) = counts { 1...maximum } else { nil }
    }

    /// The resolution meant by a caller who names the model as `name` and no resolution.
    package func defaultResolution(calledAs name: String) -> ImageResolution? {
        defaultResolutionByName[name.lowercased()] ?? resolutions.first
    }

    /// What to send for this ratio and resolution in `region`. A forced size ignores what was asked (all of it on the US
    /// site, the resolution elsewhere). Nil when the model lacks the resolution or its pixels are only in the live
    /// catalogue (1.5k).
    package func dimensions(
        ratio: ImageRatio, resolution: ImageResolution, region: SiteRegion
    ) -> ImageDimensions? {
        if hasForcedSize {
            guard region != .us else {
                return ImageDimensions(size: ImageSize(1_024, 1_024), resolution: .twoK, ratio: .square)
            }
            return ImageDimensions(size: oneKTable.size(for: ratio), resolution: .oneK, ratio: ratio)
        }
        guard resolutions.contains(resolution), let table = table(for: resolution) else { return nil }
        return ImageDimensions(size: table.size(for: ratio), resolution: resolution, ratio: ratio)
    }

    /// The table of a resolution; nil for 1.5k, which has no published pixels.
    package func table(for resolution: ImageResolution) -> ImageSizeTable? {
        switch resolution {
        case .oneK: oneKTable
        case .oneAndAHalfK: nil
        case .twoK: .twoK
        case .fourK: .fourK
        }
    }

    /// The cell of a native tier with exactly these pixels, former 4k sizes included.
    package func nativeCell(of size: ImageSize) -> (ratio: ImageRatio, resolution: ImageResolution)? {
        for resolution in nativeResolutions {
            if let ratio = table(for: resolution)?.ratio(of: size) { return (ratio, resolution) }
            if resolution == .fourK, let ratio = ImageSizeTable.fourKFormer.ratio(of: size) { return (ratio, .fourK) }
        }
        return nil
    }
}
