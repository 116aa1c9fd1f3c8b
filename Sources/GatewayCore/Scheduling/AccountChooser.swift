/// Picks the account a job runs on (endpoints.md section 2.3): among those that may, the one with the fewest
/// generations here, then the one used longest ago, then by chance. Pure.
package enum AccountChooser {
    package struct Candidate: Sendable {
        package var id: AccountID
        package var load: Int
        package var lastUsedAt: Timestamp?
        package var restriction: AccountRestriction?

        package init(id: AccountID, load: Int, lastUsedAt: Timestamp?, restriction: AccountRestriction?) {
            self.id = id
            self.load = load
            self.lastUsedAt = lastUsedAt
            self.restriction = restriction
        }
    }

    /// `candidates`: accounts that have not refused the job.
    /// Returns: the choice, or the fault to report when every candidate is stopped by the site's risk control or a
    ///   ban. Softer restrictions (no credits, a dead session) only lower the preference: the site's answer to one
    ///   more try is free and may have changed.
    package static func choose(
        among candidates: [Candidate], at now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> Result<AccountID, GenerationFault> {
        let active = candidates.map { candidate in
            var candidate = candidate
            if let restriction = candidate.restriction, restriction.until <= now { candidate.restriction = nil }
            return candidate
        }
        var open = active.filter { $0.restriction == nil }
        if open.isEmpty { open = active.filter { $0.restriction.map { !$0.reason.isHard } ?? true } }
        if let best = open.shuffled(using: &generator).min(by: isBetter) { return .success(best.id) }
        guard let first = active.compactMap(\.restriction).min(by: { $0.until < $1.until }) else {
            return .failure(GenerationFault(.noAvailableAccount))
        }
        let wait = first.until - now
        return .failure(GenerationFault(first.reason == .blocked ? .accountBlocked : .riskControl, retryAfter: wait))
    }

    private static func isBetter(_ left: Candidate, _ right: Candidate) -> Bool {
        if left.load != right.load { return left.load < right.load }
        return (left.lastUsedAt?.milliseconds ?? 0) < (right.lastUsedAt?.milliseconds ?? 0)
    }
}

extension AccountRestriction.Reason {
    /// Whether trying again before the end of the pause would do harm.
    package var isHard: Bool {
        switch self {
        case .riskControl, .blocked: true
        case .sessionExpired, .noCredits, .dailyLimit, .busy: false
        }
    }
}
