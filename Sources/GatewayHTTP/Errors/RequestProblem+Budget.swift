import GatewayCore

extension RequestProblem {
    /// Which budget is used up, and when it begins anew.
    static func budgetUsed(_ excess: CreditBudget.Excess, at now: Timestamp) -> RequestProblem {
        let period =
            excess.period == .day
            ? PlaceholderText(english: "day", chinese: "日") : PlaceholderText(english: "month", chinese: "月")
        return RequestProblem(
            .insufficientQuota,
            values: [
                .used: PlaceholderText("\(excess.used)"), .limit: PlaceholderText("\(excess.limit)"), .period: period,
                .time: PlaceholderText(excess.resetsAt.iso8601),
            ], retryAfter: excess.resetsAt - now)
    }
}
