import GRDB
package import GatewayCore
import Logging

extension SQLiteStore: JobStore {
    package func insert(
        _ job: Job, joining rule: JoinRule, reserving reservation: Int?
    ) async throws(StoreFault) -> InsertOutcome {
        guard job.state == .queued else { throw StoreFault(.conflict, detail: "a new job must be queued") }
        // Encoded here, so that the only writer has less to do.
        let arguments = try encoded { try job.positionArguments() + job.requestArguments() }
        let line = UsageRecord(opening: job, reserving: reservation)
        return try await writeTogether { db in
            let earlier = try Self.earlierJob(
                owner: job.owner, idempotencyKey: job.idempotencyKey, fingerprint: job.fingerprint, by: rule, in: db)
            if let earlier { return earlier }
            try db.cachedStatement(sql: JobSQL.insert).execute(arguments: arguments)
            try db.cachedStatement(sql: UsageSQL.open).execute(arguments: line.openingArguments)
            return .inserted(job)
        }
    }

    package func earlierJob(
        owner: String, idempotencyKey: String?, fingerprint: String, joining rule: JoinRule
    ) async throws(StoreFault) -> InsertOutcome? {
        try await read { db in
            try Self.earlierJob(
                owner: owner, idempotencyKey: idempotencyKey, fingerprint: fingerprint, by: rule, in: db)
        }
    }

    package func save(
        _ job: Job, expecting expected: JobState, lease: LeaseToken?
    ) async throws(StoreFault) -> Job {
        guard expected.mayBecome(job.state) else {
            throw StoreFault(.conflict, detail: "a \(expected) job can't become \(job.state)")
        }
        let arguments = try encoded {
            try job.positionArguments() + [job.id.rawValue, expected.rawValue, job.revision]
        }
        let isEnd = job.state.isTerminal && !expected.isTerminal
        let body: @Sendable (Database) throws -> Job = { db in
            if let lease {
                try db.cachedStatement(sql: JobSQL.saveUnderLease)
                    .execute(arguments: arguments + [lease.account.rawValue, lease.number])
            } else {
                try db.cachedStatement(sql: JobSQL.save).execute(arguments: arguments)
            }
            guard db.changesCount == 1 else { throw try Self.conflict(of: job, expecting: expected, in: db) }
            if isEnd {
                var line = UsageRecord(opening: job)
                line.close(with: job)
                try db.cachedStatement(sql: UsageSQL.close).execute(arguments: line.closingArguments)
                if job.sealedWebhook != nil {
                    try db.cachedStatement(sql: WebhookSQL.insert).execute(arguments: job.webhookArguments)
                }
            }
            var saved = job
            saved.revision += 1
            return saved
        }
        return isEnd ? try await writeTogether(body) : try await write(body)
    }

    package func saveOutputs(
        _ outputs: [GenerationOutput], of id: GenerationID, at revision: Int
    ) async throws(StoreFault) -> Bool {
        let text = try encoded { try JSONColumn.textUnlessEmpty(outputs) }
        return try await writeTogether { db in
            try db.cachedStatement(sql: JobSQL.saveOutputs).execute(arguments: [text, id.rawValue, revision])
            let isSaved = db.changesCount == 1
            if !isSaved, let row = try Row.fetchOne(db, sql: JobSQL.state, arguments: [id.rawValue]) {
                let found: Int = try row.decode(atIndex: 1)
                let detail = found == revision ? "has not ended" : "has moved on to revision \(found)"
                throw StoreFault(.conflict, detail: "the job \(detail)")
            }
            try Self.enterMedia(outputs.compactMap(\.stored), of: isSaved ? id : nil, in: db)
            return isSaved
        }
    }

    package func job(_ id: GenerationID) async throws(StoreFault) -> Job? {
        try await read { db in try Self.firstJob(JobSQL.byID, [id.rawValue], in: db) }
    }

    package func unfinishedJobs(
        after cursor: GenerationID?, limit: Int
    ) async throws(StoreFault) -> [Job] {
        try await read { [self] db in
            try jobs(JobSQL.unfinished, [cursor?.rawValue ?? ""], limit: limit, in: db)
        }
    }

    package func jobs(matching filter: JobFilter) async throws(StoreFault) -> JobPage {
        try await read { [self] db in
            var start: Int64?
            if let cursor = filter.after {
                let place = try Row.fetchOne(
                    db.cachedStatement(sql: JobSQL.place), arguments: [cursor.rawValue])
                guard let place, try filter.owner == nil || filter.owner == place.decode(atIndex: 0) else {
                    return JobPage(jobs: [], hasMore: false, cursorFound: false)
                }
                start = try place.decode(atIndex: 1)
            }
            let limit = min(max(0, filter.limit), Int.max - 1)
            let (sql, arguments) = JobSQL.list(filter, after: start)
            let jobs = try jobs(sql, arguments, limit: limit + 1, in: db)
            return JobPage(jobs: Array(jobs.prefix(limit)), hasMore: jobs.count > limit)
        }
    }

    package func removeJob(_ id: GenerationID) async throws(StoreFault) -> Bool {
        try await writeTogether { db in
            try db.cachedStatement(sql: JobSQL.remove).execute(arguments: [id.rawValue])
            let isRemoved = db.changesCount == 1
            if isRemoved {
                try db.cachedStatement(sql: WebhookSQL.remove).execute(arguments: [id.rawValue])
                try db.cachedStatement(sql: MediaSQL.dropUses).execute(arguments: [id.rawValue])
            }
            return isRemoved
        }
    }

    // MARK: - Steps

    private func encoded<Output>(_ body: () throws -> Output) throws(StoreFault) -> Output {
        do {
            return try body()
        } catch {
            throw StoreFault(.corrupt, detail: "a job can't be written as JSON", cause: error)
        }
    }

    private static func firstJob(_ sql: String, _ arguments: StatementArguments, in db: Database) throws -> Job? {
        let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
        return try rows.next().map(Job.init(row:))
    }

    /// The first `limit` readable jobs. A row that can't be read is reported and left out, so that one bad row does not
    /// hide the others.
    private func jobs(
        _ sql: String, _ arguments: StatementArguments, limit: Int, in db: Database
    ) throws -> [Job] {
        let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
        var jobs: [Job] = []
        while jobs.count < limit, let row = try rows.next() {
            do {
                jobs.append(try Job(row: row))
            } catch {
                let id = try? row.decode(String.self, atIndex: 0)
                logger.error(
                    "a stored job can't be read and is left out",
                    metadata: ["job.id": "\(id ?? "unreadable")", "error.type": "\(type(of: error))"])
            }
        }
        return jobs
    }

    /// The newest job that the rule lets a new one join.
    private static func earlierJob(
        owner: String, idempotencyKey: String?, fingerprint: String, by rule: JoinRule, in db: Database
    ) throws -> InsertOutcome? {
        let earlier: Job?
        switch rule {
        case .never:
            return nil
        case .idempotencyKey(let since):
            guard let key = idempotencyKey else { return nil }
            earlier = try firstJob(JobSQL.byIdempotencyKey, [owner, key, since.milliseconds], in: db)
        case .fingerprint(let since):
            earlier = try firstJob(JobSQL.byFingerprint, [owner, fingerprint, since.milliseconds], in: db)
        }
        return earlier.map { $0.fingerprint == fingerprint ? .joined($0) : .keyReused }
    }

    /// Why a guarded write changed nothing.
    private static func conflict(of job: Job, expecting expected: JobState, in db: Database) throws -> StoreFault {
        guard let row = try Row.fetchOne(db, sql: JobSQL.state, arguments: [job.id.rawValue]) else {
            return StoreFault(.conflict, detail: "there is no such job")
        }
        let (state, revision): (String, Int) = (try row.decode(atIndex: 0), try row.decode(atIndex: 1))
        if state == expected.rawValue, revision == job.revision {
            return StoreFault(.conflict, detail: "the account lease was lost")
        }
        return StoreFault(
            .conflict,
            detail: "expected \(expected) at revision \(job.revision), found \(state) at revision \(revision)")
    }
}
