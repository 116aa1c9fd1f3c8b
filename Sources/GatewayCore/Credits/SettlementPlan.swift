/// When the ledger is worth a look and what a look means, as pure rules. Entries come minutes after the generation, at
/// times hours; whether a failure is charged is the ledger's to say (field-notes.md (f), conflicts.md rows 56 and 57).
package struct SettlementPlan: Hashable, Sendable {
    /// How long after the end of a generation the first look is; later looks come at twice the age of the one before.
    package var firstLook: Duration = .seconds(180)
    /// Least time between two looks at the ledger of one account.
    package var gap: Duration = .seconds(300)
    /// The age at which the last look is.
    package var window: Duration = .seconds(86_400)
    /// How long beyond the window a look is still tried when the site or the account does not answer.
    package var grace: Duration = .seconds(7_200)
    /// The longest wait after looks that failed.
    package var longestGap: Duration = .seconds(3_600)
    /// Accounts whose ledgers are read at the same time.
    package var parallel = 4

    package init() {}

    /// What the ledger says about one generation, summed.
    package struct Sum: Hashable, Sendable {
        package var charges = 0
        package var charged = 0
        package var refunded = 0

        package init() {}

        package mutating func add(_ entry: AccountLedger.Entry) {
            if entry.isRefund {
                refunded = saturated(refunded, entry.credits)
            } else {
                charges += 1
                charged = saturated(charged, entry.credits)
            }
        }

        private func saturated(_ left: Int, _ right: Int) -> Int {
            let (sum, overflows) = left.addingReportingOverflow(max(0, right))
            return overflows ? .max : sum
        }
    }

    /// The sums by generation.
    package static func sums(of entries: [AccountLedger.Entry]) -> [SubmitID: Sum] {
        entries.reduce(into: [:]) { $0[$1.submitID, default: Sum()].add($1) }
    }

    /// When a line that ended at `completedAt` is looked at after a look at `now`.
    package func nextLook(completedAt: Timestamp, after now: Timestamp) -> Timestamp {
        let age = max(now - completedAt, .zero)
        let next = max(firstLook, age * 2)
        return completedAt + (age < window ? min(next, window) : window + grace)
    }

    /// Whether the search is over although no look could be had.
    package func isOver(_ record: UsageRecord, at now: Timestamp) -> Bool {
        guard let completedAt = record.completedAt else { return false }
        return now - completedAt >= window + grace
    }

    /// What a line becomes after a look at the ledger.
    /// `sum`: what the ledger has about it, nil for nothing.
    /// `isCovered`: whether the look went back to the line's submission.
    /// - Returns: nil when nothing changes.
    package func judge(_ record: UsageRecord, _ sum: Sum?, isCovered: Bool, at now: Timestamp) -> UsageChange? {
        guard let completedAt = record.completedAt, record.outcome != nil else { return nil }
        let isLast = now - completedAt >= window
        // Sums only grow; a ledger that shows less has only been cut off.
        let charged = max(record.charged, sum?.charged ?? 0)
        let refunded = max(record.refunded, sum?.refunded ?? 0)
        let isCharged = record.stage == .settled || (sum?.charges ?? 0) > 0
        if isCharged {
            // A success is what was paid for. Anything else may yet be given back, in full or in part.
            let isFinal = record.outcome == .succeeded || refunded >= charged || isLast || record.checkAt == nil
            let checkAt = isFinal ? nil : nextLook(completedAt: completedAt, after: now)
            let isChanged = record.stage != .settled || charged != record.charged || refunded != record.refunded
            guard isChanged || checkAt != record.checkAt else { return nil }
            let cost =
                isChanged ? CreditCost(.settled, charged: charged, refunded: refunded, updatedAt: now) : nil
            return UsageChange(generation: record.generation, cost: cost, checkAt: checkAt)
        }
        guard record.checkAt != nil else { return nil }
        if isLast, isCovered {
            return UsageChange(
                generation: record.generation, cost: CreditCost(.unknown, updatedAt: now), checkAt: nil)
        }
        return UsageChange(
            generation: record.generation, cost: nil, checkAt: nextLook(completedAt: completedAt, after: now))
    }

    /// What becomes of a line for which ``isOver(_:at:)`` holds.
    package func giveUp(_ record: UsageRecord, at now: Timestamp) -> UsageChange {
        UsageChange(
            generation: record.generation,
            cost: record.stage == .settled ? nil : CreditCost(.unknown, updatedAt: now), checkAt: nil)
    }

    /// How long to wait after looks that failed.
    package func wait(afterFailures count: Int) -> Duration {
        min(gap * (1 << min(max(0, count - 1), 10)), max(gap, longestGap))
    }
}
