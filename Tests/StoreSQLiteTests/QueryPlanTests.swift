import GRDB
import GatewayCore
import Logging
import Testing

@testable import StoreSQLite

/// A statement that reads every row of a large file instead of using its index gives right answers, late.
@Suite("The plans of statements", .timeLimit(.minutes(10)))
struct QueryPlanTests {
    struct Expectation: Sendable, CustomTestStringConvertible {
        let name: String
        let sql: String
        let index: String
        var testDescription: String { name }
    }

    @Test(
        "the search uses its index and sorts nothing",
        arguments: [
            Expectation(name: "by id", sql: JobSQL.byID, index: "sqlite_autoindex_job_1"),
            Expectation(name: "save", sql: JobSQL.save, index: "sqlite_autoindex_job_1"),
            Expectation(name: "save under a lease", sql: JobSQL.saveUnderLease, index: "sqlite_autoindex_job_1"),
            Expectation(name: "by key", sql: JobSQL.byIdempotencyKey, index: "job_by_idempotency_key"),
            Expectation(name: "by fingerprint", sql: JobSQL.byFingerprint, index: "job_by_fingerprint"),
            Expectation(name: "unfinished", sql: JobSQL.unfinished, index: "job_unfinished"),
            Expectation(name: "everybody's list", sql: JobSQL.list(JobFilter(), after: nil).sql, index: "job_by_time"),
            Expectation(
                name: "everybody's next page",
                sql: JobSQL.list(JobFilter(states: [.running], after: GenerationID(rawValue: "x")), after: 1).sql,
                index: "job_by_time"),
            Expectation(
                name: "an owner's list", sql: JobSQL.list(JobFilter(owner: "x"), after: nil).sql,
                index: "job_by_owner"),
            Expectation(
                name: "an owner's next page, oldest first",
                sql: JobSQL.list(
                    JobFilter(owner: "x", after: GenerationID(rawValue: "x"), newestFirst: false), after: 1
                ).sql,
                index: "job_by_owner"),
            Expectation(name: "webhooks that are due", sql: WebhookSQL.claim, index: "webhook_due"),
            Expectation(name: "the earliest webhook", sql: WebhookSQL.earliest, index: "webhook_due"),
            Expectation(name: "accounts to be checked", sql: UsageSQL.uncheckedAccounts, index: "usage_unchecked"),
            Expectation(name: "lines to be checked", sql: UsageSQL.unchecked, index: "usage_unchecked"),
            Expectation(name: "lines by account", sql: UsageSQL.submittedSince, index: "usage_by_account"),
            Expectation(name: "what an owner has spent", sql: UsageSQL.spent, index: "usage_by_owner"),
            Expectation(
                name: "an owner's total",
                sql: UsageSQL.sums(UsageQuery(owner: "x", from: .init(seconds: 0), to: .init(seconds: 1), groups: []))
                    .sql, index: "usage_by_owner"),
            Expectation(
                name: "everybody's total",
                sql: UsageSQL.sums(UsageQuery(from: .init(seconds: 0), to: .init(seconds: 1), groups: [])).sql,
                index: "usage_by_time"),
            Expectation(name: "settled webhooks", sql: WebhookSQL.removeSettled, index: "webhook_settled"),
        ])
    func plan(_ expectation: Expectation) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file("jimeng.sqlite"), logger: LogRecorder().logger)
        let steps = try await store.write { db in
            let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN " + expectation.sql)
            let count = expectation.sql.count { $0 == "?" }
            statement.setUncheckedArguments(StatementArguments(Array(repeating: 1, count: count)))
            return try Row.fetchAll(statement).map { try $0.decode(String.self, atIndex: 3) }
        }
        let uses = ["USING INDEX \(expectation.index)", "USING COVERING INDEX \(expectation.index)"]
        #expect(steps.contains { step in uses.contains { step.contains($0) } }, "\(steps)")
        #expect(!steps.contains { $0.contains("TEMP B-TREE") }, "\(steps)")
        try await store.close()
    }
}
