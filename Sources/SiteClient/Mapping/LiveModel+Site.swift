import GatewayCore
import SiteWire

extension LiveModel {
    /// Nil for entries that make nothing from a prompt.
    init?(_ model: LiveImageModel) {
        guard model.makesFromPrompt || model.features.isEmpty else { return nil }
        var sizes: [String: [AspectRatio: PixelSize]] = [:]
        for bucket in model.buckets {
            var row: [AspectRatio: PixelSize] = [:]
            for (ratio, size) in bucket.sizes {
                guard let ratio = AspectRatio(rawValue: ratio.rawValue) else { continue }
                row[ratio] = PixelSize(width: size.width, height: size.height)
            }
            if !row.isEmpty { sizes[bucket.resolution.rawValue] = row }
        }
        self.init(
            key: model.modelKey, name: model.name, details: model.tip,
            resolutions: model.buckets.map(\.resolution.rawValue).filter { sizes[$0] != nil },
            defaultResolution: model.defaultResolution?.rawValue, sizes: sizes, counts: model.counts,
            defaultCount: model.defaultCount, maximumInputImages: model.maximumReferences)
    }

    init(_ model: LiveVideoModel) {
        self.init(
            key: model.modelKey, name: model.name, details: model.tip, resolutions: model.resolutions,
            defaultResolution: model.defaultResolution, ratios: model.ratios.compactMap { AspectRatio(rawValue: $0) },
            durations: model.durations, defaultDuration: model.defaultDuration,
            takesReferences: model.takesReferences, maximumReferenceImages: model.materialLimits.images,
            maximumReferenceVideos: model.materialLimits.videos, maximumReferenceAudios: model.materialLimits.audios)
    }
}
