import GatewayCore

extension RequestProblem {
    /// Which budget is used up, and when it begins anew.
    static func budgetUsed(_ standing: CreditStanding, at now: Timestamp) -> RequestProblem {
        let period =
            standing.period == .day
            ? PlaceholderText(english: "day", chinese: "日") : PlaceholderText(english: "month", chinese: "月")
        return RequestProblem(
            .insufficientQuota,
            values: [
                .used: PlaceholderText("\(standing.spent.total)"), .limit: PlaceholderText("\(standing.limit ?? 0)"),
                .period: period,
                .time: PlaceholderText(standing.resetsAt.iso8601),
            ], retryAfter: standing.resetsAt - now)
    }
}
