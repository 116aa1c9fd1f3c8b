import Synchronization

extension AccountKeeper {
    /// How many accounts are in each state: all of the pool, and those of clients' tokens that are in use. A state is
    /// `unreadable`, `disabled`, or the condition as long as it holds work back. Every state is there, with 0 when no
    /// account is in it.
    package func counts(at now: Timestamp) -> [String: Int] {
        var counts = Dictionary(
            uniqueKeysWithValues: (["disabled"] + AccountHealth.Condition.allCases.map(\.rawValue)).map { ($0, 0) })
        let (records, unreadable) = state.withLock { (Array($0.records.values), $0.unreadable.count) }
        counts["unreadable"] = unreadable
        for record in records {
            let condition = record.health.gate(at: now) == .open ? .healthy : record.health.condition
            counts[record.isEnabled ? condition.rawValue : "disabled", default: 0] += 1
        }
        return counts
    }
}
