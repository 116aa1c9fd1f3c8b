package import GatewayCore
import SiteWire

extension ModelCatalogue {
    /// The site's built-in catalogue in the gateway's words.
    package static func site() -> ModelCatalogue {
        ModelCatalogue(
            models: SiteCatalogue.imageModels.map { Model($0) } + SiteCatalogue.videoModels.map { Model($0) },
            defaultImageModel: SiteCatalogue.defaultImageModelID, defaultVideoModel: SiteCatalogue.defaultVideoModelID,
            fallbackVideoModel: "jimeng-video-seedance-2.0-mini")
    }
}

extension Model {
    init(_ model: ImageModel) {
        var sizes: [String: [AspectRatio: PixelSize]] = [:]
        for resolution in model.resolutions {
            guard let table = model.table(for: resolution) else { continue }
            sizes[resolution.rawValue] = Dictionary(
                uniqueKeysWithValues: model.ratios.compactMap { ratio in
                    let size = table.size(for: ratio)
                    return AspectRatio(rawValue: ratio.rawValue).map {
                        ($0, PixelSize(width: size.width, height: size.height))
                    }
                })
        }
        var forced: [Region: ForcedSize] = [:]
        if model.hasForcedSize {
            for region in Region.allCases where model.upstreamKeys[SiteRegion(region)] != nil {
                forced[region] =
                    region == .us
                    ? ForcedSize(resolution: "2k", size: PixelSize(width: 1024, height: 1024))
                    : ForcedSize(resolution: "1k", size: nil)
            }
        }
        self.init(
            id: model.id, kind: .image, aliases: model.aliases, listedAliases: model.aliases.filter(Self.isListed),
            displayName: model.displayName ?? model.id, status: Status(model.status),
            upstreamKeys: Self.keys(model.upstreamKeys), resolutions: model.resolutions.map(\.rawValue),
            nativeResolutions: model.nativeResolutions.map(\.rawValue),
            defaultResolutionByAlias: model.defaultResolutionByName.mapValues(\.rawValue),
            ratios: model.ratios.compactMap { AspectRatio(rawValue: $0.rawValue) }, sizes: sizes, forcedSizes: forced,
            countOptions: model.counts.options, defaultCount: model.counts.normal,
            maximumInputImages: model.maximumReferences, supportsIntelligentRatio: model.supportsIntelligentRatio,
            supportsMultiImage: model.supportsSeries, minimumSampleStrength: model.sampleStrength.lowerBound,
            maximumSampleStrength: model.sampleStrength.upperBound,
            typicalRunTime: model.typicalSeconds.map { .seconds($0) }, acceptsGiftCredits: !model.needsPurchasedCredits)
    }

    init(_ model: VideoModel) {
        self.init(
            id: model.id, kind: .video, aliases: model.aliases, listedAliases: model.aliases.filter(Self.isListed),
            displayName: model.displayName ?? model.id, status: Status(model.status),
            upstreamKeys: Self.keys(model.upstreamKeys), resolutions: model.resolutions,
            ratios: model.ratios.compactMap { AspectRatio(rawValue: $0.rawValue) },
            maximumInputImages: model.limits.images ?? (model.supportsLastFrame ? 2 : 1),
            supportsOmniReference: model.supportsOmniReference,
            durations: [model.defaultDuration] + model.durations.filter { $0 != model.defaultDuration },
            toleratedDurations: model.toleratedDurations,
            maximumFrames: model.supportsFirstFrame ? (model.supportsLastFrame ? 2 : 1) : 0,
            omniLimits: OmniLimits(model.limits),
            offlineRegions: Set(Region.allCases.filter { model.offlineRegions.contains(SiteRegion($0)) }),
            typicalRunTime: model.typicalSeconds.map { .seconds($0) })
    }

    /// The aliases that documents of the field use, and that listings therefore show (endpoints.md section 16).
    private static func isListed(_ alias: String) -> Bool {
        alias == "jimeng" || alias.hasPrefix("jimeng-image-") || alias == "jimeng-video-s2.0"
    }

    private static func keys(_ keys: [SiteRegion: String]) -> [Region: String] {
        var result: [Region: String] = [:]
        for region in Region.allCases { result[region] = keys[SiteRegion(region)] }
        return result
    }
}

extension Model.Status {
    init(_ status: ModelStatus) {
        self =
            switch status {
            case .current: .current
            case .older: .older
            case .legacy: .legacy
            }
    }
}

extension Model.OmniLimits {
    /// Where nobody knows a limit of the model's own, the usual one counts.
    init(_ limits: VideoModel.Limits) {
        self.init()
        total = limits.total ?? total
        images = min(limits.images ?? images, total)
        videos = min(limits.videos ?? videos, total)
        audios = min(limits.audios ?? audios, total)
        videoSeconds = limits.videoSeconds ?? videoSeconds
    }
}

extension ImageModel.CountRule {
    fileprivate var options: [Int] {
        switch self {
        case .upTo(let maximum, _): Array(1...maximum)
        case .forced(let count): [count]
        case .decidedBySite: []
        }
    }

    fileprivate var normal: Int? {
        switch self {
        case .upTo(_, let normal): normal
        case .forced(let count): count
        case .decidedBySite: nil
        }
    }
}
