/// What an owner may spend in a day and in a month, in credits. What runs counts with its quote until its cost is known.
package struct CreditBudget: Hashable, Sendable {
    package enum Period: String, Hashable, Sendable, CaseIterable {
        case day, month
    }

    /// A budget that does not cover one more generation.
    package struct Excess: Hashable, Sendable {
        package var period: Period
        package var used: Int
        package var limit: Int
        package var resetsAt: Timestamp

        package init(period: Period, used: Int, limit: Int, resetsAt: Timestamp) {
            self.period = period
            self.used = used
            self.limit = limit
            self.resetsAt = resetsAt
        }
    }

    package var perDay: Int?
    package var perMonth: Int?
    /// Whose midnight begins days and months.
    package var region: Region

    package init(perDay: Int? = nil, perMonth: Int? = nil, region: Region = .cn) {
        self.perDay = perDay
        self.perMonth = perMonth
        self.region = region
    }

    package func limit(_ period: Period) -> Int? { period == .day ? perDay : perMonth }

    /// When the period that it is now began, and when the next one begins.
    package func bounds(of period: Period, at now: Timestamp) -> (start: Timestamp, end: Timestamp) {
        let today = region.day(of: now)
        switch period {
        case .day: return (region.start(ofDay: today), region.start(ofDay: today + 1))
        case .month:
            let date = CivilDate(dayNumber: today)
            let first = today - Int64(date.day) + 1
            // Every month is over after 31 days, and none after 31 days is the month after the next.
            let next = CivilDate(dayNumber: first + 31)
            return (region.start(ofDay: first), region.start(ofDay: first + 32 - Int64(next.day)))
        }
    }

    /// Whether one more generation does not fit.
    /// `spent`: in this period. `estimate`: what it will probably cost; nil = unknown, then it fits while anything is left.
    package func excess(
        _ spent: SpentCredits, in period: Period, estimate: Int?, at now: Timestamp
    ) -> Excess? {
        guard let limit = limit(period) else { return nil }
        let used = spent.total
        guard used >= limit || used + (estimate ?? 0) > limit else { return nil }
        return Excess(period: period, used: used, limit: limit, resetsAt: bounds(of: period, at: now).end)
    }
}

extension GatewayKey {
    /// Nil when the key may spend any number. A key that is bound to one region counts that region's days.
    package var budget: CreditBudget? {
        guard rules.creditsPerDay != nil || rules.creditsPerMonth != nil else { return nil }
        let region = rules.regions.count == 1 ? rules.regions.first ?? .cn : .cn
        return CreditBudget(perDay: rules.creditsPerDay, perMonth: rules.creditsPerMonth, region: region)
    }
}
