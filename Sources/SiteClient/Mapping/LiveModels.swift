import GatewayCore
import SiteWire
import Synchronization

/// The newest word of the site about its models of one kind: what they are charged to stands only there.
final class LiveModels<Model: Sendable>: Sendable {
    private struct Place: Hashable {
        var market: PriceMarket
        var key: String
    }

    private let models = Mutex<[Place: Model]>([:])

    /// Of all markets together.
    private let most = 1000

    func keep(_ entries: [Model], in market: PriceMarket, key: (Model) -> String) {
        models.withLock { models in
            for entry in entries {
                let place = Place(market: market, key: key(entry))
                if models[place] != nil || models.count < most { models[place] = entry }
            }
        }
    }

    func model(key: String, in market: PriceMarket) -> Model? {
        models.withLock { $0[Place(market: market, key: key)] }
    }
}

extension AccountCredential {
    /// Where its prices hold.
    var market: PriceMarket { PriceMarket(region: region, isSandbox: isSandbox) }
}
