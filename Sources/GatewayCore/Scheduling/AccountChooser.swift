/// Picks the account a job runs on (endpoints.md section 2.3): among those that may and of which nothing speaks against
/// it, the one with the fewest generations here, then the one used longest ago, then by chance. Pure.
package enum AccountChooser {
    package struct Candidate: Sendable {
        package var id: AccountID
        package var load: Int
        package var lastUsedAt: Timestamp?
        package var health: AccountHealth
        /// The site refused the model to it, or its last known credits do not suffice: it is tried when no other is left.
        package var isDoubtful: Bool

        package init(
            id: AccountID, load: Int, lastUsedAt: Timestamp?, health: AccountHealth, isDoubtful: Bool = false
        ) {
            self.isDoubtful = isDoubtful
            self.id = id
            self.load = load
            self.lastUsedAt = lastUsedAt
            self.health = health
        }
    }

    /// How one of several accounts that could all serve is picked.
    package enum Pick: String, Sendable, CaseIterable {
        /// The fewest generations here, then the one used longest ago, then by chance.
        case fewest
        /// By chance alone, as earlier gateways did.
        case random
    }

    /// `candidates`: accounts that have not refused the job.
    /// Returns: the choice, or the fault to report when no candidate can serve now.
    package static func choose(
        among candidates: [Candidate], picking pick: Pick = .fewest, at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> Result<AccountID, GenerationFault> {
        var open = candidates.filter {
            switch $0.health.gate(at: now) {
            case .open, .trial: true
            case .opens, .lastResort, .closed: false
            }
        }
        if open.isEmpty { open = candidates.filter { $0.health.gate(at: now) != .closed } }
        let promising = open.filter { !$0.isDoubtful }
        if !promising.isEmpty { open = promising }
        if pick == .random, let any = open.randomElement(using: &generator) { return .success(any.id) }
        if let best = open.shuffled(using: &generator).min(by: isBetter) { return .success(best.id) }
        let faults = candidates.compactMap { $0.health.fault(at: now) }
        guard let first = faults.min(by: { $0.retryAfter ?? .zero < $1.retryAfter ?? .zero }) else {
            return .failure(GenerationFault(.noAvailableAccount))
        }
        return .failure(first)
    }

    private static func isBetter(_ left: Candidate, _ right: Candidate) -> Bool {
        if left.load != right.load { return left.load < right.load }
        return (left.lastUsedAt?.milliseconds ?? 0) < (right.lastUsedAt?.milliseconds ?? 0)
    }
}
