package import GatewayCore
import SiteWire

extension SiteUpstream {
    var benefits: SiteBenefits { SiteBenefits(catalogue: catalogue, images: liveImages, videos: liveVideos) }

    /// What the site charges a task to in a market, as far as it told; the name of a price in ``SitePrices``.
    package func benefitType(of task: GenerationTask, in market: PriceMarket) -> String? {
        benefits.benefitType(of: task, in: market)
    }

    /// Two requests: the price book, and what the account has free of it. Neither is repeated. Without the second,
    /// nothing is taken to be free.
    package func prices(of account: AccountCredential) async throws(GenerationFault) -> SitePrices {
        let caller = try caller(for: account)
        let answer = try await transport.read(as: account, policy: Self.pricePolicy) {
            caller.priceBook(at: Self.unixSeconds)
        }
        let book: PriceBookReply
        let now: Int64
        do {
            let envelope = try Self.site(answer, context: .check)
            book = try PriceBookReply(envelope)
            now = envelope.serverTime ?? Self.unixSeconds
        } catch {
            throw GenerationFault(error)
        }
        var left: [String: Int] = [:]
        if book.strategies.contains(where: { $0.hasFreeUnits(at: now) }) {
            left = await freeUnits(of: account, caller)
        }
        return SitePrices(book, left: left, at: now)
    }

    private static let pricePolicy = SiteTransport.Policy(deadline: .seconds(15), pauses: [], limit: 8 << 20)

    private func freeUnits(of account: AccountCredential, _ caller: SiteCaller) async -> [String: Int] {
        do {
            let answer = try await transport.read(as: account, policy: Self.pricePolicy) {
                caller.benefits(at: Self.unixSeconds)
            }
            return try BenefitReply(try Self.site(answer, context: .check)).left
        } catch {
            // The prices are good without it.
            return [:]
        }
    }
}

extension SitePrices {
    /// Of several prices for one thing the dearest counts: which one applies depends on roles that nobody knows. What is
    /// counted in two ways has no price.
    init(_ book: PriceBookReply, left: [String: Int], at unixSeconds: Int64) {
        self.init()
        var doubtful: Set<String> = []
        var free: Set<String> = []
        for strategy in book.strategies {
            let name = strategy.benefitType
            if strategy.hasFreeUnits(at: unixSeconds) { free.insert(name) }
            let unit: Price.Unit
            switch strategy.unit {
            case "count", "page": unit = .result
            case "second": unit = .second
            default:
                doubtful.insert(name)
                continue
            }
            guard let credits = strategy.unitPrice else { continue }
            let price = Price(unit: unit, credits: credits, minimumUnits: strategy.minimumUnits ?? 1)
            guard let known = prices[name] else {
                prices[name] = price
                continue
            }
            if known.unit != unit { doubtful.insert(name) }
            if known.credits < credits { prices[name] = price }
        }
        for name in doubtful { prices[name] = nil }
        for name in free { prices[name]?.freeUnits = left[name] ?? 0 }
    }
}
