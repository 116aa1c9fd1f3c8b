import Synchronization

/// Says what a generation will probably cost, before it is bought: what the same account paid for the same last time,
/// else what another account of the same market paid, else what documents know. Never the site's forecasts, which are
/// times (conflicts.md row 12). What none of them knows is guessed on the high side, for budgets only.
package final class PriceBook: Sendable {
    private struct Place: Hashable {
        var key: PriceKey
        var account: AccountID
    }

    private struct Shelf: Hashable {
        var key: PriceKey
        var market: PriceMarket
    }

    private struct Family: Hashable {
        var name: String
        var market: PriceMarket
    }

    private struct State {
        var byAccount: [Place: LearntPrice] = [:]
        /// The newest of each market.
        var byMarket: [Shelf: LearntPrice] = [:]
        /// The most that a picture or a second ever cost.
        var dearest: [Family: Int] = [:]
    }

    /// More prices are not remembered; the older half makes room.
    private static let capacity = 20_000
    /// Guesses are summed.
    private static let dearestGuess = KeyRules.creditRange.upperBound

    private let documented: @Sendable (GenerationTask, Region) -> Int?
    private let dearest: @Sendable (GenerationTask, Region) -> Int
    private let defaultCount: @Sendable (String) -> Int?
    private let state = Mutex(State())

    /// `documented`: what the site's documents tell about a task in a region; nil when nothing.
    /// `dearest`: what a picture or a second of such a task costs at most, as far as anybody knows.
    /// `defaultCount`: pictures that come when none are asked for, by canonical model id.
    package init(
        documented: @escaping @Sendable (GenerationTask, Region) -> Int? = { _, _ in nil },
        dearest: @escaping @Sendable (GenerationTask, Region) -> Int = { _, _ in 1 },
        defaultCount: @escaping @Sendable (String) -> Int? = { _ in nil }
    ) {
        self.documented = documented
        self.dearest = dearest
        self.defaultCount = defaultCount
    }

    /// The estimate for a task that any of these accounts may run: the highest of what they would pay.
    package func estimate(for task: GenerationTask, accounts: [AccountCredential]) -> PriceEstimate {
        let key = task.priceKey
        var seen: Set<PriceMarket> = []
        var estimate = PriceEstimate()
        for account in accounts {
            let market = PriceMarket(region: account.region, isSandbox: account.isSandbox)
            let learnt = state.withLock { state in
                (state.byAccount[Place(key: key, account: account.id)]
                    ?? state.byMarket[Shelf(key: key, market: market)])?
                    .credits
            }
            if let learnt {
                estimate.quote = max(estimate.quote ?? 0, learnt)
            } else if seen.insert(market).inserted {
                if !account.isSandbox, let credits = documented(task, account.region) {
                    estimate.quote = max(estimate.quote ?? 0, credits)
                } else {
                    estimate.caution = max(estimate.caution ?? 1, guess(task, in: market))
                }
            }
        }
        estimate.caution = estimate.caution.map { max($0, estimate.quote ?? 0) }
        return estimate
    }

    /// No less than the dearest picture or second of this kind that was paid for in the market, or that is documented.
    private func guess(_ task: GenerationTask, in market: PriceMarket) -> Int {
        let paid = state.withLock { $0.dearest[Family(name: task.priceKey.family, market: market)] ?? 0 }
        let (credits, overflows) = max(paid, dearest(task, market.region))
            .multipliedReportingOverflow(by: task.units(defaultCount: defaultCount))
        return overflows ? Self.dearestGuess : min(credits, Self.dearestGuess)
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
            let family = Family(name: price.key.family, market: price.market)
            let units = price.key.units ?? 1
            state.dearest[family] = max(
                state.dearest[family] ?? 0, price.credits / units + (price.credits % units == 0 ? 0 : 1))
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
