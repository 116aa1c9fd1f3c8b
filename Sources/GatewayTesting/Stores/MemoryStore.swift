package import GatewayCore
import Synchronization

/// Jobs and accounts in memory, with the laws of ``JobStore`` and ``AccountStore``.
package final class MemoryStore: JobStore {
    struct State {
        var jobs: [GenerationID: Job] = [:]
        var runTimes: [RunTimeKey: RunTimeEstimate] = [:]
        var accounts: [AccountID: StoredAccount] = [:]
        var leases: [AccountID: Lease] = [:]
        var lastLease: Int64 = 0
        var uploads: [Upload: (UploadedMaterial, Timestamp)] = [:]
        var webhooks: [GenerationID: Webhook] = [:]
        var usage: [GenerationID: UsageRecord] = [:]
        var prices: [PricePlace: LearntPrice] = [:]
        var media: [MediaID: Media] = [:]
        var keys: [KeyID: GatewayKey] = [:]
        var jobReads = 0
        var fault: StoreFault?
        var failingSave: (state: JobState, fault: StoreFault)?
    }

    struct Media {
        var fileExtension: String
        var byteCount: Int64
        var madeBytes: Int64 = 0
        var keptAt: Timestamp
        var isFavourite = false
        var condemnedAt: Timestamp?
    }

    struct Webhook {
        var record: WebhookRecord
        var settledAt: Timestamp?
    }

    struct PricePlace: Hashable {
        var account: AccountID
        var key: PriceKey
    }

    struct Lease {
        var holder: String
        var number: Int64
        var expiry: Timestamp
    }

    struct Upload: Hashable {
        var account: AccountID
        var sum: String
    }

    private let state = Mutex(State())

    package init() {}

    /// From now on every call throws this; nil = works again.
    package func fail(with fault: StoreFault?) {
        state.withLock { $0.fault = fault }
    }

    /// The next write that would take a job into this state throws; after it everything works again.
    package func failNextSave(to next: JobState, with fault: StoreFault) {
        state.withLock { $0.failingSave = (next, fault) }
    }

    func access<Output: Sendable>(
        _ body: (inout State) throws(StoreFault) -> Output
    ) throws(StoreFault) -> Output {
        let result: Result<Output, StoreFault> = state.withLock { state in
            if let fault = state.fault { return .failure(fault) }
            do throws(StoreFault) {
                return .success(try body(&state))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    package func insert(
        _ job: Job, joining rule: JoinRule, reserving reservation: Int?
    ) async throws(StoreFault) -> InsertOutcome {
        try access { state throws(StoreFault) in
            guard job.state == .queued else { throw StoreFault(.conflict, detail: "a new job must be queued") }
            let earlier = state.earlierJob(
                owner: job.owner, idempotencyKey: job.idempotencyKey, fingerprint: job.fingerprint, by: rule)
            if let earlier { return earlier }
            guard state.jobs[job.id] == nil else { throw StoreFault(.conflict, detail: "the job exists") }
            state.jobs[job.id] = job.withoutProgress
            state.usage[job.id] = UsageRecord(opening: job, reserving: reservation)
            return .inserted(job)
        }
    }

    package func earlierJob(
        owner: String, idempotencyKey: String?, fingerprint: String, joining rule: JoinRule
    ) async throws(StoreFault) -> InsertOutcome? {
        try access {
            $0.earlierJob(owner: owner, idempotencyKey: idempotencyKey, fingerprint: fingerprint, by: rule)
        }
    }

    package func save(
        _ job: Job, expecting expected: JobState, lease: LeaseToken?
    ) async throws(StoreFault) -> Job {
        try access { state throws(StoreFault) in
            if let (next, fault) = state.failingSave, next == job.state {
                state.failingSave = nil
                throw fault
            }
            guard expected.mayBecome(job.state) else {
                throw StoreFault(.conflict, detail: "a \(expected) job can't become \(job.state)")
            }
            guard let stored = state.jobs[job.id] else { throw StoreFault(.conflict, detail: "there is no such job") }
            guard stored.state == expected, stored.revision == job.revision else {
                throw StoreFault(.conflict, detail: "the job has moved on")
            }
            if let lease, state.leases[lease.account]?.number != lease.number {
                throw StoreFault(.conflict, detail: "the account lease was lost")
            }
            state.jobs[job.id] = stored.with { stored in
                stored.takePosition(of: job)
                stored.revision += 1
            }
            if job.state.isTerminal, !expected.isTerminal { state.usage[job.id]?.close(with: job) }
            if job.state.isTerminal, !expected.isTerminal, stored.sealedWebhook != nil {
                state.webhooks[job.id] = Webhook(
                    record: WebhookRecord(
                        state: .open, attempts: 0, dueAt: job.completedAt ?? job.createdAt, lastStatus: nil))
            }
            return job.with { $0.revision += 1 }
        }
    }

    package func saveOutputs(
        _ outputs: [GenerationOutput], of id: GenerationID, at revision: Int
    ) async throws(StoreFault) -> Bool {
        try access { state throws(StoreFault) in
            for file in outputs.compactMap(\.stored) where state.jobs[id] == nil { state.enter(file) }
            guard var job = state.jobs[id] else { return false }
            guard job.state.isTerminal else { throw StoreFault(.conflict, detail: "the job has not ended") }
            guard job.revision == revision else { throw StoreFault(.conflict, detail: "the job has moved on") }
            job.outputs = outputs
            job.revision += 1
            state.jobs[id] = job
            for file in outputs.compactMap(\.stored) { state.enter(file) }
            return true
        }
    }

    package func job(_ id: GenerationID) async throws(StoreFault) -> Job? {
        try access { state in
            state.jobReads += 1
            return state.jobs[id]
        }
    }

    /// How often ``job(_:)`` was asked.
    package var jobReads: Int { state.withLock { $0.jobReads } }

    package func unfinishedJobs(
        after cursor: GenerationID?, limit: Int
    ) async throws(StoreFault) -> [Job] {
        try access { state in
            let jobs = state.jobs.values.filter { job in
                !job.state.isTerminal && cursor.map { $0.rawValue < job.id.rawValue } ?? true
            }
            return Array(jobs.sorted { $0.id.rawValue < $1.id.rawValue }.prefix(max(0, limit)))
        }
    }

    package func jobs(matching filter: JobFilter) async throws(StoreFault) -> JobPage {
        try access { state in
            var start: Job?
            if let cursor = filter.after {
                start = state.jobs[cursor]
                guard let start, filter.owner == nil || start.owner == filter.owner else {
                    return JobPage(jobs: [], hasMore: false, cursorFound: false)
                }
            }
            var jobs = state.jobs.values.filter(filter.matches)
            jobs.sort { filter.newestFirst ? $1.place < $0.place : $0.place < $1.place }
            if let start {
                jobs.removeAll { filter.newestFirst ? $0.place >= start.place : $0.place <= start.place }
            }
            let limit = max(0, filter.limit)
            return JobPage(jobs: Array(jobs.prefix(limit)), hasMore: jobs.count > limit)
        }
    }

    package func removeJob(_ id: GenerationID) async throws(StoreFault) -> Bool {
        try access { state in
            guard let job = state.jobs[id], job.state.isTerminal else { return false }
            state.jobs[id] = nil
            state.webhooks[id] = nil
            return true
        }
    }

    package func runTimes() async throws(StoreFault) -> [RunTimeKey: RunTimeEstimate] {
        try access { $0.runTimes }
    }

    package func saveRunTimes(_ estimates: [RunTimeKey: RunTimeEstimate]) async throws(StoreFault) {
        try access { state in
            for (key, estimate) in estimates where estimate.mean.isFinite && estimate.deviation.isFinite {
                state.runTimes[key] = estimate
            }
        }
    }
}

extension MemoryStore.State {
    /// The newest job that the rule lets a new one join.
    fileprivate func earlierJob(
        owner: String, idempotencyKey: String?, fingerprint: String, by rule: JoinRule
    ) -> InsertOutcome? {
        let matches: [Job]
        switch rule {
        case .never:
            return nil
        case .idempotencyKey(let since):
            guard let key = idempotencyKey else { return nil }
            matches = jobs.values.filter { job in
                job.owner == owner && job.idempotencyKey == key && job.createdAt >= since
                    && !(job.submissions == 0 && (job.state == .failed || job.state == .canceled))
            }
        case .fingerprint(let since):
            matches = jobs.values.filter { job in
                job.owner == owner && job.fingerprint == fingerprint && job.createdAt >= since
                    && !(job.submissions == 0 && job.state == .failed)
            }
        }
        guard let newest = matches.max(by: { $0.place < $1.place }) else { return nil }
        return newest.fingerprint == fingerprint ? .joined(newest) : .keyReused
    }
}

extension JobFilter {
    fileprivate func matches(_ job: Job) -> Bool {
        (owner == nil || job.owner == owner) && (states?.contains(job.state) ?? true)
            && (kind == nil || job.task.kind == kind) && (model == nil || job.task.model == model)
    }
}

extension Job {
    /// What lists are sorted by.
    fileprivate var place: (Timestamp, String) { (createdAt, id.rawValue) }

    fileprivate var withoutProgress: Job { with { $0.progress = JobProgress() } }

    /// Takes over everything that may change after the insertion.
    fileprivate mutating func takePosition(of job: Job) {
        state = job.state
        account = job.account
        region = job.region
        submitID = job.submitID
        historyID = job.historyID
        submissions = job.submissions
        refusals = job.refusals
        notBefore = job.notBefore
        cancelRequested = job.cancelRequested
        startedAt = job.startedAt
        submittedAt = job.submittedAt
        completedAt = job.completedAt
        outputs = job.outputs
        fault = job.fault
    }
}
