import Synchronization

/// What the site's price book told of accounts, and what of their free units is promised to jobs that wait.
final class SitePriceShelf: Sendable {
    private struct Page {
        var prices: SitePrices
        var readAt: Timestamp
        /// By the name of the price.
        var promised: [String: Int] = [:]
    }

    private struct Promise {
        var account: AccountID
        var name: String
        var units: Int
    }

    private struct State {
        var pages: [AccountID: Page] = [:]
        /// Of jobs that the site has not taken yet.
        var promises: [GenerationID: [Promise]] = [:]
    }

    /// What the site told counts for so long.
    private static let life = Duration.seconds(86_400)
    /// Accounts that are remembered, each with some hundred prices; the one that was read first makes room.
    private static let capacity = 500

    private let state = Mutex(State())

    func keep(_ prices: SitePrices, of account: AccountID, at now: Timestamp) {
        state.withLock { state in
            if state.pages[account] == nil, state.pages.count >= Self.capacity,
                let oldest = state.pages.min(by: { $0.value.readAt < $1.value.readAt })
            {
                state.pages[oldest.key] = nil
            }
            state.pages[account] = Page(
                prices: prices, readAt: now, promised: state.pages[account]?.promised ?? [:])
        }
    }

    func knows(_ account: AccountID, at now: Timestamp) -> Bool {
        state.withLock { $0.pages[account].map { now - $0.readAt < Self.life } ?? false }
    }

    /// With the free units that are not promised.
    func price(_ name: String, of account: AccountID) -> SitePrices.Price? {
        state.withLock { state in
            guard let page = state.pages[account], var price = page.prices.prices[name] else { return nil }
            price.freeUnits = max(0, price.freeUnits - (page.promised[name] ?? 0))
            return price
        }
    }

    /// Nothing is remembered where nothing is free.
    func promise(_ units: Int, of name: String, by account: AccountID, to job: GenerationID) {
        state.withLock { state in
            guard state.pages[account]?.prices.prices[name]?.freeUnits ?? 0 > 0 else { return }
            state.pages[account]?.promised[name, default: 0] += units
            state.promises[job, default: []].append(Promise(account: account, name: name, units: units))
        }
    }

    /// Takes the job's promises back, and off what `taker` has.
    func settle(_ job: GenerationID, by taker: AccountID?) {
        state.withLock { state in
            for promise in state.promises.removeValue(forKey: job) ?? [] {
                let left = (state.pages[promise.account]?.promised[promise.name] ?? 0) - promise.units
                state.pages[promise.account]?.promised[promise.name] = left > 0 ? left : nil
                guard promise.account == taker else { continue }
                let free = state.pages[promise.account]?.prices.prices[promise.name]?.freeUnits ?? 0
                state.pages[promise.account]?.prices.prices[promise.name]?.freeUnits = max(0, free - promise.units)
            }
        }
    }
}
