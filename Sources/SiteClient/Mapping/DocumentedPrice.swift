package import GatewayCore
import SiteWire

extension GenerationTask {
    /// What documents tell about the price in a region, in whole credits; nil when nothing.
    /// `defaultCount`: pictures that come when none are asked for, by canonical model id.
    package func documentedPrice(in region: Region, defaultCount: (String) -> Int?) -> Int? {
        let form: MeasuredPrice.Form
        var seconds: Int?
        switch self {
        case .textToImage: form = .text
        case .imageToImage: form = .references
        case .postEdit: form = .edit
        case .video(let task):
            form = .video
            if case .omni(let materials, _) = task.mode, materials.contains(where: { $0.kind == .video }) { return nil }
            seconds = task.seconds
        }
        return MeasuredPrice.credits(
            model: model, form: form, region: SiteRegion(region), resolution: resolution, seconds: seconds,
            count: expectedCount ?? defaultCount(model))
    }
}

extension GenerationTask {
    /// What one picture or second of it costs at most in a region, as far as anybody knows.
    package func dearestPrice(in region: Region) -> Int {
        switch self {
        case .textToImage, .imageToImage, .postEdit:
            return CautiousPrice.perPicture(region: SiteRegion(region), resolution: resolution)
        case .video(let task):
            var takesVideos = false
            if case .omni(let materials, _) = task.mode { takesVideos = materials.contains { $0.kind == .video } }
            return CautiousPrice.perSecond(
                region: SiteRegion(region), resolution: task.resolution, takesVideos: takesVideos)
        }
    }
}
