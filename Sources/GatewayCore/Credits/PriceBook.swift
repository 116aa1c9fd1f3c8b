import Synchronization

/// Says what a generation will probably cost, before it is bought: what the same account paid for the same last time,
/// else what the site's own price book asks of it, else what another account of the same market paid, else what documents
/// know. Never the site's forecasts, which are
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

    private let benefitType: @Sendable (GenerationTask, PriceMarket) -> String?
    private let documented: @Sendable (GenerationTask, Region) -> Int?
    private let dearest: @Sendable (GenerationTask, Region) -> Int
    private let defaultCount: @Sendable (String) -> Int?
    private let site = SitePriceShelf()
    private let state = Mutex(State())

    /// `benefitType`: what the site charges a task to, the name of its price in ``SitePrices``.
    /// `documented`: what the site's documents tell about a task in a region; nil when nothing.
    /// `dearest`: what a picture or a second of such a task costs at most, as far as anybody knows.
    /// `defaultCount`: pictures that come when none are asked for, by canonical model id.
    package init(
        benefitType: @escaping @Sendable (GenerationTask, PriceMarket) -> String? = { _, _ in nil },
        documented: @escaping @Sendable (GenerationTask, Region) -> Int? = { _, _ in nil },
        dearest: @escaping @Sendable (GenerationTask, Region) -> Int = { _, _ in 1 },
        defaultCount: @escaping @Sendable (String) -> Int? = { _ in nil }
    ) {
        self.benefitType = benefitType
        self.documented = documented
        self.dearest = dearest
        self.defaultCount = defaultCount
    }

    /// The estimate for a task that any of these accounts may run: the highest of what they would pay.
    package func estimate(for task: GenerationTask, accounts: [AccountCredential], at now: Timestamp) -> PriceEstimate {
        let key = task.priceKey
        var seen: Set<PriceMarket> = []
        var estimate = PriceEstimate()
        func quote(_ credits: Int) {
            estimate.quote = max(estimate.quote ?? 0, credits)
        }
        for account in accounts {
            let market = PriceMarket(region: account.region, isSandbox: account.isSandbox)
            let (own, usual) = state.withLock { state in
                (
                    state.byAccount[Place(key: key, account: account.id)]?.credits,
                    state.byMarket[Shelf(key: key, market: market)]?.credits
                )
            }
            if let credits = own ?? asked(of: account.id, for: task, in: market, at: now) {
                quote(credits)
            } else if let usual {
                quote(usual)
            } else if seen.insert(market).inserted {
                if !account.isSandbox, let credits = documented(task, account.region) {
                    quote(credits)
                } else {
                    estimate.caution = max(estimate.caution ?? 1, guess(task, in: market))
                }
            }
        }
        estimate.caution = estimate.caution.map { max($0, estimate.quote ?? 0) }
        return estimate
    }

    /// By the site's own price book.
    private func asked(
        of account: AccountID, for task: GenerationTask, in market: PriceMarket, at now: Timestamp
    ) -> Int? {
        // The name is looked up only where it is worth something.
        guard site.knows(account, at: now), let name = benefitType(task, market),
            let price = site.price(name, of: account),
            let units = price.units(of: task, defaultCount: defaultCount)
        else { return nil }
        return price.credits(for: units)
    }

    /// Takes over what the site told an account.
    package func keep(_ prices: SitePrices, of account: AccountCredential, at now: Timestamp) {
        site.keep(prices, of: account.id, at: now)
    }

    /// A job waits for one of these accounts: what it may have for nothing is not promised to others.
    func started(_ job: Job, accounts: [AccountCredential], at now: Timestamp) {
        for account in accounts where site.knows(account.id, at: now) {
            guard let name = benefitType(job.task, PriceMarket(region: account.region, isSandbox: account.isSandbox)),
                let units = site.price(name, of: account.id)?.units(of: job.task, defaultCount: defaultCount)
            else { continue }
            site.promise(units, of: name, by: account.id, to: job.id)
        }
    }

    /// The site took a job from the account: that has less for nothing from now on, until the site tells again.
    func taken(_ job: GenerationID, by account: AccountID) {
        site.settle(job, by: account)
    }

    /// A job has ended, whether or not the site took it.
    func ended(_ job: GenerationID) {
        site.settle(job, by: nil)
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
