/// Picks the account a job runs on (endpoints.md section 2.3): among those that may and of which nothing speaks against
/// it, one with a free place, of these the one with the fewest generations here, then the one used longest ago, then by
/// chance. Pure.
package enum AccountChooser {
    package struct Candidate: Sendable {
        package var id: AccountID
        package var load: Int
        package var lastUsedAt: Timestamp?
        package var health: AccountHealth
        /// The site refused the model to it or does not list it there, or its last known credits do not suffice: it is
        /// tried when no other is left.
        package var isDoubtful: Bool
        /// Whether it could send the job at once.
        package var hasPlace: Bool

        package init(
            id: AccountID, load: Int, lastUsedAt: Timestamp?, health: AccountHealth, isDoubtful: Bool = false,
            hasPlace: Bool = true
        ) {
            self.isDoubtful = isDoubtful
            self.hasPlace = hasPlace
            self.id = id
            self.load = load
            self.lastUsedAt = lastUsedAt
            self.health = health
        }
    }

    /// How one of several accounts that could all serve is picked.
    package enum Pick: String, Sendable, CaseIterable {
        /// A free place, the fewest generations here, then the one used longest ago, then by chance.
        case fewest
        /// By chance alone, as earlier gateways did.
        case random
    }

    /// `candidates`: accounts that have not refused the job.
    /// Returns: the choice, which has no free place only when none worth choosing has one; or the fault to report when no
    /// candidate can serve now.
    package static func choose(
        among candidates: [Candidate], picking pick: Pick = .fewest, at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> Result<Candidate, GenerationFault> {
        var worthy = worthy(candidates, at: now)
        let free = worthy.filter(\.hasPlace)
        if !free.isEmpty { worthy = free }
        if pick == .random, let any = worthy.randomElement(using: &generator) { return .success(any) }
        if let best = worthy.shuffled(using: &generator).min(by: isBetter) { return .success(best) }
        let faults = candidates.compactMap { $0.health.fault(at: now) }
        guard let first = faults.min(by: { $0.retryAfter ?? .zero < $1.retryAfter ?? .zero }) else {
            return .failure(GenerationFault(.noAvailableAccount))
        }
        return .failure(first)
    }

    /// The candidates that the job is worth waiting for: no other one speaks less against, free place or not. Empty when
    /// nobody can serve.
    package static func worthy(_ candidates: [Candidate], at now: Timestamp) -> [Candidate] {
        var open = candidates.filter { $0.health.gate(at: now).isPassable }
        if open.isEmpty { open = candidates.filter { $0.health.gate(at: now) != .closed } }
        let promising = open.filter { !$0.isDoubtful }
        return promising.isEmpty ? open : promising
    }

    private static func isBetter(_ left: Candidate, _ right: Candidate) -> Bool {
        if left.load != right.load { return left.load < right.load }
        return (left.lastUsedAt?.milliseconds ?? 0) < (right.lastUsedAt?.milliseconds ?? 0)
    }
}
