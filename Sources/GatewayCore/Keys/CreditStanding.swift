/// How much of one period's budget is taken.
package struct CreditStanding: Hashable, Sendable {
    package var period: CreditBudget.Period
    /// What generations of this period cost, and what is set aside for those whose cost is not known yet.
    package var spent: SpentCredits
    /// Nil = any number.
    package var limit: Int?
    package var resetsAt: Timestamp

    package init(period: CreditBudget.Period, spent: SpentCredits, limit: Int?, resetsAt: Timestamp) {
        self.period = period
        self.spent = spent
        self.limit = limit
        self.resetsAt = resetsAt
    }

    /// Nil when there is no limit.
    package var remaining: Int? { limit.map { max(0, $0 - spent.total) } }

    /// Whether one more generation fits. A guess that is larger than the whole budget must not shut a key out for ever,
    /// so while nothing is spent or set aside, one generation of unknown price always fits; the next one waits for its
    /// cost.
    package func covers(_ estimate: PriceEstimate) -> Bool {
        guard let limit else { return true }
        guard spent.total < limit else { return false }
        if (estimate.reservation ?? 0) <= limit - spent.total { return true }
        return estimate.caution != nil && spent.total == 0
    }

    /// Whether four fifths of the budget are taken.
    var isNearlyUsed: Bool {
        guard let limit, spent.total > 0 else { return false }
        return spent.total >= limit - limit / 5
    }
}

extension UsageStore {
    /// How the owner stands in each period. `onlyLimited`: leaves periods without a limit out.
    package func standings(
        of owner: String, in budget: CreditBudget, onlyLimited: Bool = true, at now: Timestamp
    ) async throws(StoreFault) -> [CreditStanding] {
        var standings: [CreditStanding] = []
        for period in CreditBudget.Period.allCases {
            let limit = budget.limit(period)
            if onlyLimited, limit == nil { continue }
            let bounds = budget.bounds(of: period, at: now)
            standings.append(
                CreditStanding(
                    period: period, spent: try await spent(by: owner, since: bounds.start), limit: limit,
                    resetsAt: bounds.end))
        }
        return standings
    }
}
