import GRDB
import GatewayCore

/// The statements over the account book and over prices. The order of columns is that of ``UsageRecord/init(row:)``.
enum UsageSQL {
    private static let columns = """
        generation, owner, kind, model, price_key, created_at, quoted, account, region, submit_id, submitted_at, \
        completed_at, outcome, stage, charged, refunded, settled_at, check_at, reservation
        """

    static let open = """
        INSERT OR IGNORE INTO usage (generation, owner, kind, model, price_key, created_at, quoted, reservation, \
        stage) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open')
        """

    static let close = """
        UPDATE usage SET account = ?, region = ?, submit_id = ?, submitted_at = ?, completed_at = ?, outcome = ?, \
        stage = ?, settled_at = ?, check_at = ? WHERE generation = ? AND stage = 'open'
        """

    static let settle = """
        UPDATE usage SET stage = ?, charged = ?, refunded = ?, settled_at = ?, check_at = ? \
        WHERE generation = ? AND stage <> 'open'
        """

    static let postpone = "UPDATE usage SET check_at = ? WHERE generation = ? AND stage <> 'open'"

    static let settleJob = "UPDATE job SET cost = ? WHERE id = ?"

    static let byGeneration = "SELECT \(columns) FROM usage WHERE generation = ?"

    static let uncheckedAccounts = """
        SELECT account, min(check_at) FROM usage WHERE check_at IS NOT NULL GROUP BY account
        """

    static let unchecked = """
        SELECT \(columns) FROM usage WHERE account = ? AND check_at IS NOT NULL ORDER BY check_at LIMIT ?
        """

    static let submittedSince = """
        SELECT \(columns) FROM usage WHERE account = ? AND submitted_at >= ? AND stage <> 'open' \
        ORDER BY submitted_at DESC LIMIT ?
        """

    static let spent = """
        SELECT coalesce(sum(charged - refunded), 0), \
        coalesce(sum(CASE WHEN stage IN ('open', 'pending') THEN coalesce(reservation, quoted) END), 0) FROM usage \
        WHERE owner = ? AND created_at >= ?
        """

    /// The statement and arguments for sums. The text depends only on what is grouped by and whether an owner is named.
    static func sums(_ query: UsageQuery) -> (sql: String, arguments: StatementArguments) {
        var arguments: StatementArguments = []
        let groups = UsageQuery.Dimension.allCases.map { dimension -> String in
            guard query.groups.contains(dimension) else { return "NULL" }
            switch dimension {
            case .day:
                arguments += [query.dayOffset.wholeMilliseconds]
                return "(created_at + ?) / 86400000"
            case .model: return "model"
            case .kind: return "kind"
            case .key: return "owner"
            case .account: return "account"
            }
        }
        let numbers = UsageQuery.Dimension.allCases.enumerated()
            .filter { query.groups.contains($0.element) }.map { "\($0.offset + 1)" }.joined(separator: ", ")
        let grouping = numbers.isEmpty ? "" : " GROUP BY \(numbers) ORDER BY \(numbers)"
        var conditions = "created_at >= ? AND created_at < ?"
        if query.owner != nil { conditions = "owner = ? AND " + conditions }
        if let owner = query.owner { arguments += [owner] }
        arguments += [query.from.milliseconds, query.to.milliseconds, max(0, query.limit)]
        let sql = """
            SELECT \(groups.joined(separator: ", ")), count(*), \
            coalesce(sum(outcome IN ('succeeded', 'partial')), 0), coalesce(sum(outcome = 'failed'), 0), \
            coalesce(sum(outcome = 'canceled'), 0), coalesce(sum(stage IN ('open', 'pending')), 0), \
            coalesce(sum(CASE WHEN stage IN ('open', 'pending') THEN quoted END), 0), \
            coalesce(sum(stage = 'unknown'), 0), coalesce(sum(charged), 0), coalesce(sum(refunded), 0) FROM usage WHERE \(conditions)\(grouping) LIMIT ?
            """
        return (sql, arguments)
    }

    static let prices = """
        SELECT account, price_key, region, is_sandbox, credits, learnt_at FROM learnt_price \
        ORDER BY learnt_at DESC LIMIT \(priceLimit)
        """

    static let putPrice = """
        INSERT OR REPLACE INTO learnt_price (account, price_key, region, is_sandbox, credits, learnt_at) \
        VALUES (?, ?, ?, ?, ?, ?)
        """

    static let removeOldPrices = """
        DELETE FROM learnt_price WHERE learnt_at < \
        (SELECT learnt_at FROM learnt_price ORDER BY learnt_at DESC LIMIT 1 OFFSET \(priceLimit - 1))
        """

    private static let priceLimit = 20_000
}
