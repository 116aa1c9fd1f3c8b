import Synchronization

extension AccountKeeper {
    /// How many accounts in use are in each state: `disabled`, or their condition as long as it holds work back.
    /// Every state is there, with 0 when no account is in it.
    package func counts(at now: Timestamp) -> [String: Int] {
        var counts = Dictionary(
            uniqueKeysWithValues: (["disabled"] + AccountHealth.Condition.allCases.map(\.rawValue)).map { ($0, 0) })
        for record in state.withLock({ Array($0.records.values) }) {
            let condition = record.health.gate(at: now) == .open ? .healthy : record.health.condition
            counts[record.isEnabled ? condition.rawValue : "disabled", default: 0] += 1
        }
        return counts
    }
}
