import GRDB
import GatewayCore

/// The statements over jobs. Their order of columns and arguments is that of ``Job/init(row:)`` and
/// ``Job/positionArguments()``.
enum JobSQL {
    private static let columns = """
        id, owner, created_at, fingerprint, idempotency_key, candidates, request, state, revision, account, region, \
        submit_id, history_id, submissions, not_before, cancel_requested, started_at, submitted_at, completed_at, \
        refusals, outputs, fault, quoted, cost
        """

    static let insert = """
        INSERT INTO job (state, account, region, submit_id, history_id, submissions, not_before, cancel_requested, \
        started_at, submitted_at, completed_at, refusals, outputs, fault, \
        id, owner, kind, model, created_at, fingerprint, idempotency_key, candidates, request, revision, quoted)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let save = """
        UPDATE job SET state = ?, account = ?, region = ?, submit_id = ?, history_id = ?, submissions = ?, \
        not_before = ?, cancel_requested = ?, started_at = ?, submitted_at = ?, completed_at = ?, refusals = ?, \
        outputs = ?, fault = ?, revision = revision + 1
        WHERE id = ? AND state = ? AND revision = ?
        """

    static let saveUnderLease = save + " AND EXISTS (SELECT 1 FROM lease WHERE account = ? AND number = ?)"

    /// Under the revision that was read.
    static let saveOutputs = changeOutputs + " AND revision = ?"

    /// Within the transaction that has read the outputs.
    static let changeOutputs = "UPDATE job SET outputs = ?, revision = revision + 1 WHERE id = ? AND \(isTerminal)"

    static let remove = "DELETE FROM job WHERE id = ? AND \(isTerminal)"

    static let state = "SELECT state, revision FROM job WHERE id = ?"

    static let byID = "SELECT \(columns) FROM job WHERE id = ?"

    static let byIdempotencyKey = """
        SELECT \(columns) FROM job
        WHERE owner = ? AND idempotency_key = ? AND created_at >= ? \
        AND NOT (submissions = 0 AND state IN ('failed', 'canceled'))
        ORDER BY created_at DESC, id DESC LIMIT 1
        """

    static let byFingerprint = """
        SELECT \(columns) FROM job
        WHERE owner = ? AND fingerprint = ? AND created_at >= ? AND NOT (submissions = 0 AND state = 'failed')
        ORDER BY created_at DESC, id DESC LIMIT 1
        """

    static let unfinished = "SELECT \(columns) FROM job WHERE \(isUnfinished) AND id > ? ORDER BY id"

    /// Spelled as in the index `job_unfinished`, which is used only then.
    static let isUnfinished = "state IN ('queued', 'preparing', 'submitting', 'unknown', 'running')"

    private static let isTerminal = "state IN ('succeeded', 'partial', 'failed', 'canceled')"

    static let place = "SELECT owner, created_at FROM job WHERE id = ?"

    /// The statement and arguments for one page. The text depends only on which members the filter has.
    /// `start` is the creation time of the job named by the filter's cursor.
    static func list(_ filter: JobFilter, after start: Int64?) -> (sql: String, arguments: StatementArguments) {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        func add(_ condition: String, _ values: StatementArguments) {
            conditions.append(condition)
            arguments += values
        }
        if let owner = filter.owner { add("owner = ?", [owner]) }
        if let states = filter.states {
            let marks = Array(repeating: "?", count: states.count).joined(separator: ", ")
            add("state IN (\(marks))", StatementArguments(states.map(\.rawValue).sorted()))
        }
        if let kind = filter.kind { add("kind = ?", [kind.rawValue]) }
        if let model = filter.model { add("model = ?", [model]) }
        if let start, let cursor = filter.after {
            add("(created_at, id) \(filter.newestFirst ? "<" : ">") (?, ?)", [start, cursor.rawValue])
        }
        let direction = filter.newestFirst ? "DESC" : "ASC"
        let selection = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return ("SELECT \(columns) FROM job\(selection) ORDER BY created_at \(direction), id \(direction)", arguments)
    }
}
