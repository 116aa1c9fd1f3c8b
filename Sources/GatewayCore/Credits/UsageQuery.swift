/// Which lines of the account book are summed, and how they are told apart.
package struct UsageQuery: Hashable, Sendable {
    package enum Dimension: String, Hashable, Sendable, CaseIterable {
        case day, model, kind, key, account
    }

    /// Nil: everybody's.
    package var owner: String?
    /// By the time of the request, `from` inclusive, `to` exclusive.
    package var from: Timestamp
    package var to: Timestamp
    package var groups: Set<Dimension>
    /// East of UTC: where a day begins.
    package var dayOffset: Duration
    /// Most sums in the answer.
    package var limit: Int

    package init(
        owner: String? = nil, from: Timestamp, to: Timestamp, groups: Set<Dimension> = [.day],
        dayOffset: Duration = .zero, limit: Int = 10_000
    ) {
        self.owner = owner
        self.from = from
        self.to = to
        self.groups = groups
        self.dayOffset = dayOffset
        self.limit = limit
    }
}

/// One group of lines, summed.
package struct UsageSum: Hashable, Sendable {
    /// Days since 1970 by the query's offset. This and the next four are nil unless grouped by.
    package var day: Int64?
    package var model: String?
    package var kind: MediaKind?
    package var owner: String?
    /// Nil also for generations that no account ever took.
    package var account: AccountID?

    package var generations = 0
    /// Whole or in part.
    package var succeeded = 0
    package var failed = 0
    package var canceled = 0
    /// Generations whose cost is still to come, those that have not ended included, and what they were quoted at.
    package var unsettled = 0
    package var reserved = 0
    /// Generations that the ledger never mentioned.
    package var unknown = 0
    package var charged = 0
    package var refunded = 0

    package init() {}

    /// Spent in the end, as far as it is settled.
    package var used: Int { charged - refunded }

    package mutating func add(_ other: UsageSum) {
        generations += other.generations
        succeeded += other.succeeded
        failed += other.failed
        canceled += other.canceled
        unsettled += other.unsettled
        reserved += other.reserved
        unknown += other.unknown
        charged += other.charged
        refunded += other.refunded
    }
}

/// What an owner has spent, for budgets.
package struct SpentCredits: Hashable, Sendable {
    /// By the ledger, refunds taken off.
    package var settled: Int
    /// What was set aside for the generations whose cost is not known yet, those that have not ended included: the quote,
    /// or a guess on the high side.
    package var reserved: Int

    package init(settled: Int = 0, reserved: Int = 0) {
        self.settled = settled
        self.reserved = reserved
    }

    package var total: Int { settled + reserved }
}
