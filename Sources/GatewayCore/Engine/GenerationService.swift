/// What the surfaces (HTTP, console, command line, agents) may ask of the engine. None of them owns a job.
package protocol GenerationService: Sendable {
    /// Puts the job on disk, or finds the one that the same request already made, and lets it run. Returns at once.
    /// Throws: ``GenerationFault`` of kind `queueFull`, `shuttingDown`, `noAvailableAccount`, `storageUnavailable`,
    ///   `internalError`.
    func start(_ request: NewGeneration) async throws(GenerationFault) -> StartOutcome

    /// The newest known state of a job; nil when there is none.
    func job(_ id: GenerationID) async throws(GenerationFault) -> Job?

    /// Waits until the job is terminal, `deadline` has come or `interruption` was fired, whichever is first, and gives its
    /// newest state. Never asks the site. Cancellation ends the wait, not the job.
    /// Throws: `CancellationError`, or ``GenerationFault`` when the job does not exist, the store fails or the process is
    ///   stopping (`shuttingDown`).
    func wait(for id: GenerationID, until deadline: Timestamp, unless interruption: Interruption) async throws -> Job

    /// The terminal job with the copies of its results, once they are made or given up, at the latest at `deadline`.
    /// At once when none is being made. Cancellation ends the wait.
    func kept(_ job: Job, until deadline: Timestamp) async -> Job

    /// Every change of the job from now on, beginning with its newest state, ending after the terminal one. A slow
    /// reader misses intermediate states, never the last.
    func changes(of id: GenerationID) -> AsyncStream<Job>

    /// Stops the job: at once while it is only here; otherwise the site is asked and the answer of a later look counts.
    /// Returns: the job after the attempt; its state tells whether it is canceled.
    func cancel(_ id: GenerationID) async throws(GenerationFault) -> Job?

    /// Stops the job only if nothing of it has left this machine; otherwise it goes on untouched. Returns at once.
    func cancelIfWaiting(_ id: GenerationID) async

    func jobs(matching filter: JobFilter) async throws(GenerationFault) -> JobPage

    /// Reads a result: from the media store when it is there, else from the site, which is asked for a fresh link when
    /// the stored one has died.
    func content(of job: Job, output index: Int) async throws(GenerationFault) -> RemoteFile

    /// Reads the small picture that the site offers for a result, while its link lives.
    func cover(of job: Job, output index: Int) async throws(GenerationFault) -> RemoteFile

    var status: EngineStatus { get async }
}

extension GenerationService {
    /// ``wait(for:until:unless:)`` that nobody interrupts.
    package func wait(for id: GenerationID, until deadline: Timestamp) async throws -> Job {
        try await wait(for: id, until: deadline, unless: Interruption())
    }
}

/// A request that has passed validation.
package struct NewGeneration: Sendable {
    package var task: GenerationTask
    package var requestedModel: String
    package var notices: [String]
    package var user: String?
    package var metadata: [String: String]
    package var owner: String
    package var idempotencyKey: String?
    package var fingerprint: String
    package var join: JoinRule
    /// Accounts that fit the model's regions, in the order of the request; at least one.
    package var accounts: [AccountCredential]
    /// Where its end is announced. A request that joins another job announces nothing of its own.
    package var webhook: WebhookTarget?
    /// Most jobs of its owner that have not ended, this one included; nil = any number. A request that joins another job
    /// is never refused for it.
    package var ownerLimit: Int?
    /// What its owner may spend; nil = any number. A request that joins another job is never refused for it.
    package var budget: CreditBudget?

    package init(
        task: GenerationTask, requestedModel: String, notices: [String] = [], user: String? = nil,
        metadata: [String: String] = [:], owner: String, idempotencyKey: String? = nil, fingerprint: String,
        join: JoinRule = .never, accounts: [AccountCredential], webhook: WebhookTarget? = nil
    ) {
        self.task = task
        self.requestedModel = requestedModel
        self.notices = notices
        self.user = user
        self.metadata = metadata
        self.owner = owner
        self.idempotencyKey = idempotencyKey
        self.fingerprint = fingerprint
        self.join = join
        self.accounts = accounts
        self.webhook = webhook
    }
}

package enum StartOutcome: Sendable {
    case started(Job)
    /// The same request made this job before.
    case joined(Job)
    case keyReused
    /// The owner has as many unfinished jobs as ``NewGeneration/ownerLimit`` says. Nothing was stored.
    case ownerLimitReached
    /// ``NewGeneration/budget`` does not cover it. Nothing was stored.
    case budgetUsed(CreditStanding)
}
