/// Where jobs live. Every call is one transaction; what it reports as done is on disk.
///
/// Laws, checked by the conformance suite for every implementation:
/// - A job that `insert` returned is found by `job` and `unfinishedJobs` after a crash.
/// - `save` writes only if the stored job still has the expected state and the revision that was read, and raises the
///   revision by one; of two racing writers exactly one wins.
/// - ``MediaIndex/condemnMedia(_:at:)`` raises the revision of the jobs whose outputs it changes. Nothing else changes
///   where a stored job stands. Time is passed in, never read.
package protocol JobStore: Sendable {
    /// Stores a new job in state `queued`, or finds the one that the same request already made.
    ///
    /// The search and the insertion are one transaction, so that two equal requests at once make one job.
    /// `reservation`: what budgets set aside for it, nil = its quote; see ``UsageRecord/reservation``.
    /// Throws: ``StoreFault``.
    func insert(
        _ job: Job, joining rule: JoinRule, reserving reservation: Int?
    ) async throws(StoreFault) -> InsertOutcome

    /// What ``insert(_:joining:reserving:)`` would find for a job of this owner, key and fingerprint; nil when it would insert.
    func earlierJob(
        owner: String, idempotencyKey: String?, fingerprint: String, joining rule: JoinRule
    ) async throws(StoreFault) -> InsertOutcome?

    /// Writes where `job` stands now. Columns of "what was asked" are never rewritten.
    /// `job`: the changed job; its `revision` is the one that was read.
    /// `expected`: the state that the store must still hold.
    /// `lease`: the account lease under which the write happens, or nil for writes that belong to no account.
    /// Returns: the job with its new revision.
    /// Throws: ``StoreFault``, kind `conflict` when state, revision or lease no longer match; nothing is written then.
    func save(_ job: Job, expecting expected: JobState, lease: LeaseToken?) async throws(StoreFault) -> Job

    /// Replaces the outputs of a terminal job (its results were copied meanwhile), if it still has the revision that was
    /// read, and raises that by one. Whoever has a change to make calls ``updateOutputs(of:_:)``.
    /// Returns: false when there is no such job; the files of the outputs are known then, and named by nobody.
    /// Throws: ``StoreFault``, kind `conflict` when the job has another revision or has not ended; nothing is written then.
    func saveOutputs(
        _ outputs: [GenerationOutput], of id: GenerationID, at revision: Int
    ) async throws(StoreFault) -> Bool

    func job(_ id: GenerationID) async throws(StoreFault) -> Job?

    /// Jobs that are not terminal, by id, after `cursor`, at most `limit`.
    func unfinishedJobs(after cursor: GenerationID?, limit: Int) async throws(StoreFault) -> [Job]

    /// One page of jobs of one owner (or of everybody, with `owner` nil), newest first by (creation, id) unless the
    /// filter says otherwise.
    func jobs(matching filter: JobFilter) async throws(StoreFault) -> JobPage

    /// Removes a terminal job. Returns whether one was removed.
    func removeJob(_ id: GenerationID) async throws(StoreFault) -> Bool

    /// What has been learnt about run times, by ``RunTimeKey``.
    func runTimes() async throws(StoreFault) -> [RunTimeKey: RunTimeEstimate]

    func saveRunTimes(_ estimates: [RunTimeKey: RunTimeEstimate]) async throws(StoreFault)
}

/// Which earlier job a new request may turn out to be.
package enum JoinRule: Hashable, Sendable {
    /// Always a new job.
    case never
    /// The job's own `idempotencyKey` (same owner, created at or after `since`): same fingerprint joins, another
    /// fingerprint is refused. A job that failed or was canceled before any submission frees its key.
    case idempotencyKey(since: Timestamp)
    /// A job of the same owner with the same fingerprint created at or after `since`, unless it failed before any
    /// submission.
    case fingerprint(since: Timestamp)
}

package enum InsertOutcome: Hashable, Sendable {
    case inserted(Job)
    case joined(Job)
    /// The idempotency key belongs to a different request.
    case keyReused
}

package struct JobFilter: Hashable, Sendable {
    package var owner: String?
    package var states: Set<JobState>?
    package var kind: MediaKind?
    package var model: String?
    /// Exclusive cursor: the last id of the previous page. An unknown id gives an empty page with `cursorFound` false.
    package var after: GenerationID?
    package var limit: Int
    package var newestFirst: Bool

    package init(
        owner: String? = nil, states: Set<JobState>? = nil, kind: MediaKind? = nil, model: String? = nil,
        after: GenerationID? = nil, limit: Int = 20, newestFirst: Bool = true
    ) {
        self.owner = owner
        self.states = states
        self.kind = kind
        self.model = model
        self.after = after
        self.limit = limit
        self.newestFirst = newestFirst
    }
}

package struct JobPage: Hashable, Sendable {
    package var jobs: [Job]
    package var hasMore: Bool
    package var cursorFound: Bool

    package init(jobs: [Job], hasMore: Bool, cursorFound: Bool = true) {
        self.jobs = jobs
        self.hasMore = hasMore
        self.cursorFound = cursorFound
    }
}

/// Why a store could not do what it was asked.
package struct StoreFault: Error, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable {
        /// State, revision or lease no longer match: another worker was faster.
        case conflict
        /// The storage failed (disk full, file locked, connection lost).
        case unavailable
        /// Stored data can't be read by this version.
        case corrupt
    }

    package var kind: Kind
    /// Safe to log; no stored content.
    package var detail: String
    package var cause: (any Error)?

    package init(_ kind: Kind, detail: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.detail = detail
        self.cause = cause
    }

    package var description: String { "store \(kind.rawValue): \(detail)" }
}
