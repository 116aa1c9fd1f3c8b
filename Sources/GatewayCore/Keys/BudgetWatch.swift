import Logging
import Synchronization

/// Warns once in a period that a budget is nearly used up; after a restart, and when the limit was changed, once more.
/// Remembers as much as there are keys with budgets.
final class BudgetWatch: Sendable {
    private struct Place: Hashable {
        var owner: String
        var period: CreditBudget.Period
    }

    private struct Warning: Hashable {
        var limit: Int?
        var resetsAt: Timestamp
    }

    private let warnings = Mutex<[Place: Warning]>([:])

    func look(at standing: CreditStanding, of owner: String, named name: String?, logger: Logger) {
        guard standing.isNearlyUsed, let limit = standing.limit else { return }
        let warning = Warning(limit: limit, resetsAt: standing.resetsAt)
        let isNews = warnings.withLock { warnings in
            warnings.updateValue(warning, forKey: Place(owner: owner, period: standing.period)) != warning
        }
        guard isNews else { return }
        logger.warning(
            "a budget is nearly used up",
            metadata: [
                "key.id": "\(owner)", "key.name": "\(name ?? "")", "budget.period": "\(standing.period)",
                "budget.limit": "\(limit)", "budget.used": "\(standing.spent.settled)",
                "budget.reserved": "\(standing.spent.reserved)", "budget.resets_at": "\(standing.resetsAt.iso8601)",
            ])
    }
}
