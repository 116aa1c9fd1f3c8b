/// The models this program knows without asking the site.
package enum SiteCatalogue {
    package static let defaultImageModelID = "jimeng-4.5"
    package static let defaultVideoModelID = "jimeng-video-3.5-pro"

    /// Newest first.
    package static let imageModels: [ImageModel] = ImageModels.all
    /// Newest first.
    package static let videoModels: [VideoModel] = VideoModels.all

    /// The model with this id or alias, ignoring case; nil when no image model has it.
    package static func imageModel(named name: String) -> ImageModel? { imageIndex[name.lowercased()] }

    /// The model with this id or alias, ignoring case; nil when no video model has it.
    package static func videoModel(named name: String) -> VideoModel? { videoIndex[name.lowercased()] }

    /// The image model a region's upstream key stands for.
    package static func imageModel(upstreamKey: String, in region: SiteRegion) -> ImageModel? {
        imageModels.first { $0.upstreamKeys[region] == upstreamKey }
    }

    private static let imageIndex: [String: ImageModel] = index(imageModels) { [$0.id] + $0.aliases }
    private static let videoIndex: [String: VideoModel] = index(videoModels) { [$0.id] + $0.aliases }

    private static func index<Model>(_ models: [Model], names: (Model) -> [String]) -> [String: Model] {
        var result: [String: Model] = [:]
        for model in models {
            for name in names(model) where result[name.lowercased()] == nil { result[name.lowercased()] = model }
        }
        return result
    }
}
