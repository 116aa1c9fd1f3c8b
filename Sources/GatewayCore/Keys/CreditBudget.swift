/// What an owner may spend in a day and in a month, in credits. What runs counts with what was set aside for it until its
/// cost is known.
package struct CreditBudget: Hashable, Sendable {
    package enum Period: String, Hashable, Sendable, CaseIterable {
        case day, month
    }

    package var perDay: Int?
    package var perMonth: Int?
    /// Whose midnight begins days and months.
    package var region: Region
    /// What people call the owner; for logs.
    package var name: String?

    package init(perDay: Int? = nil, perMonth: Int? = nil, region: Region = .cn, name: String? = nil) {
        self.perDay = perDay
        self.perMonth = perMonth
        self.region = region
        self.name = name
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
}

extension GatewayKey {
    /// Its limits, if it has any. A key that is bound to one region counts that region's days.
    package var credits: CreditBudget {
        CreditBudget(
            perDay: rules.creditsPerDay, perMonth: rules.creditsPerMonth,
            region: rules.regions.count == 1 ? rules.regions.first ?? .cn : .cn, name: name)
    }

    /// Nil when the key may spend any number.
    package var budget: CreditBudget? {
        rules.creditsPerDay == nil && rules.creditsPerMonth == nil ? nil : credits
    }
}
