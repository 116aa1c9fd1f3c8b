import GatewayCore
import SiteWire
import Synchronization

/// The newest word of the site about its video models: what a video is charged to stands only there.
final class LiveVideos: Sendable {
    private struct Place: Hashable {
        var region: Region
        var key: String
    }

    private let models = Mutex<[Place: LiveVideoModel]>([:])
    /// Models of all regions together.
    private static let most = 1000

    func keep(_ entries: [LiveVideoModel], in region: Region) {
        models.withLock { models in
            for entry in entries {
                let place = Place(region: region, key: entry.modelKey)
                if models[place] != nil || models.count < Self.most { models[place] = entry }
            }
        }
    }

    func model(key: String, in region: Region) -> LiveVideoModel? {
        models.withLock { $0[Place(region: region, key: key)] }
    }
}
