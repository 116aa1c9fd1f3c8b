import Synchronization

/// Says what a generation will probably cost, before it is bought: what the same account paid for the same last time,
/// else what another account of the same market paid, else what documents know. Never the site's forecasts, which are
/// times (conflicts.md row 12).
package final class PriceBook: Sendable {
    private struct Place: Hashable {
        var key: PriceKey
        var account: AccountID
    }

    private struct Shelf: Hashable {
        var key: PriceKey
        var market: PriceMarket
    }

    private struct State {
        var byAccount: [Place: LearntPrice] = [:]
        /// The newest of each market.
        var byMarket: [Shelf: LearntPrice] = [:]
    }

    /// More prices are not remembered; the older half makes room.
    private static let capacity = 20_000

    private let documented: @Sendable (GenerationTask, Region) -> Int?
    private let state = Mutex(State())

    /// `documented`: what the site's documents tell about a task in a region; nil when nothing.
    package init(documented: @escaping @Sendable (GenerationTask, Region) -> Int? = { _, _ in nil }) {
        self.documented = documented
    }

    /// The estimate in whole credits for a task that any of these accounts may run: the highest of what they would pay.
    /// - Returns: nil when nothing is known for any of them.
    package func quote(for task: GenerationTask, accounts: [AccountCredential]) -> Int? {
        let key = task.priceKey
        var seen: Set<PriceMarket> = []
        var highest: Int?
        func consider(_ credits: Int?) {
            if let credits { highest = max(highest ?? 0, credits) }
        }
        for account in accounts {
            let market = PriceMarket(region: account.region, isSandbox: account.isSandbox)
            let (own, usual) = state.withLock { state in
                (
                    state.byAccount[Place(key: key, account: account.id)]?.credits,
                    state.byMarket[Shelf(key: key, market: market)]?.credits
                )
            }
            if let own {
                consider(own)
            } else if let usual {
                consider(usual)
            } else if !account.isSandbox, seen.insert(market).inserted {
                consider(documented(task, account.region))
            }
        }
        return highest
    }

    /// Takes over what the store remembers.
    package func load(_ prices: [LearntPrice]) {
        for price in prices { learn(price) }
    }

    /// Takes a price over unless a newer one is known.
    /// - Returns: whether it has to be written to the store: it is new, or differs from what was known.
    @discardableResult
    package func learn(_ price: LearntPrice) -> Bool {
        state.withLock { state in
            let place = Place(key: price.key, account: price.account)
            let known = state.byAccount[place]
            if let known, known.learntAt > price.learntAt { return false }
            if known == nil, state.byAccount.count >= Self.capacity { Self.forgetHalf(&state) }
            state.byAccount[place] = price
            let shelf = Shelf(key: price.key, market: price.market)
            if state.byMarket[shelf].map({ $0.learntAt <= price.learntAt }) ?? true { state.byMarket[shelf] = price }
            return known?.credits != price.credits
        }
    }

    private static func forgetHalf(_ state: inout State) {
        let newest = state.byAccount.sorted { $0.value.learntAt > $1.value.learntAt }.prefix(capacity / 2)
        state.byAccount = Dictionary(uniqueKeysWithValues: newest.map { ($0.key, $0.value) })
        let left = Set(newest.map { Shelf(key: $0.value.key, market: $0.value.market) })
        state.byMarket = state.byMarket.filter { left.contains($0.key) }
    }
}
