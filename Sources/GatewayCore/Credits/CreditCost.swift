/// What the site's ledger says about one generation.
package struct CreditCost: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable {
        /// The generation has ended; its entry in the ledger is still to come (minutes, at times hours).
        case pending
        /// The entry is there. A refund may still follow when the generation did not succeed.
        case settled
        /// No entry came within a day: probably free, but nobody can say.
        case unknown
    }

    package var state: State
    /// Credits taken and given back, summed over all entries; 0 unless settled.
    package var charged: Int
    package var refunded: Int
    /// When this was last learnt.
    package var updatedAt: Timestamp

    package init(_ state: State, charged: Int = 0, refunded: Int = 0, updatedAt: Timestamp) {
        self.state = state
        self.charged = charged
        self.refunded = refunded
        self.updatedAt = updatedAt
    }

    /// What it cost in the end.
    package var used: Int { max(0, charged - refunded) }
}

extension Job {
    /// Nil while the job has not ended.
    package var costState: CreditCost.State? {
        guard state.isTerminal else { return nil }
        return cost?.state ?? (submissions == 0 ? .settled : .pending)
    }

    /// Credits by the site's ledger; 0 when nothing was ever bought; nil while that is not known.
    package var creditsUsed: Int? {
        guard costState == .settled else { return nil }
        return cost?.used ?? 0
    }
}
