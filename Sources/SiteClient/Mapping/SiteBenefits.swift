import GatewayCore
import SiteWire

/// What the site charges a generation to: by its own lists where they were read, else by the built-in tables. Joins a
/// task with the site's price book.
struct SiteBenefits {
    let catalogue: ModelCatalogue
    let images: LiveModels<LiveImageModel>
    let videos: LiveModels<LiveVideoModel>

    /// Nil where nothing tells, as for the tools.
    func benefitType(of task: GenerationTask, in market: PriceMarket) -> String? {
        switch task {
        case .textToImage(let task), .imageToImage(let task, _): benefitType(of: task, in: market)
        case .video(let task): benefitType(of: task, in: market)
        case .postEdit: nil
        }
    }

    private func benefitType(of task: TextToImage, in market: PriceMarket) -> String? {
        guard let resolution = ImageResolution(rawValue: task.resolution),
            let key = catalogue.siteKey(of: task.model, in: market.region)
        else { return nil }
        return images.model(key: key, in: market)?.benefitType(resolution: resolution)
            ?? SiteCatalogue.imageModel(named: task.model)?.benefitTypes[resolution]
    }

    func benefitType(of task: VideoTask, in market: PriceMarket) -> String? {
        guard let key = catalogue.siteKey(of: task.model, in: market.region) else { return nil }
        let hasInputVideo =
            if case .omni(let materials, _) = task.mode { materials.contains { $0.kind == .video } } else { false }
        let known = SiteCatalogue.videoModel(named: task.model)
        let live = videos.model(key: key, in: market)?.benefitType(resolution: task.resolution)
        // The list tells one name per resolution, not the one for requests with a video.
        if let live, !hasInputVideo || known?.benefitTypeWithVideo == nil { return live }
        return known?.benefitType(resolution: task.resolution, hasInputVideo: hasInputVideo) ?? live
    }
}

extension ModelCatalogue {
    /// The site's key of a model; nil where the region lacks it.
    func siteKey(of model: String, in region: Region) -> String? {
        // Beyond the built-in catalogue there are only the models of the site's own list, named by the site's key.
        guard let known = self.model(named: model) else { return model }
        if let key = known.upstreamKeys[region] { return key }
        // A region that has taken over a model has it under the key of the others.
        let keys = Set(known.upstreamKeys.values)
        return keys.count == 1 ? keys.first : nil
    }
}
