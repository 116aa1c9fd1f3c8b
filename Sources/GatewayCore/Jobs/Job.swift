/// One generation: what was asked, where it stands and what came of it. A plain value; ``JobMachine`` decides its
/// transitions and the store writes them.
package struct Job: Hashable, Sendable {
    /// On the heap, as a job is large and many requests keep one while they wait. Copies share it; a change makes a new
    /// one, so that nobody sees another's changes.
    private var contents: Shared<Fields>

    // What was asked. Written once.

    package var id: GenerationID { contents.value.id }
    /// Who asked: a key's id or the keyed hash of a session list. Only the same owner may see the job.
    package var owner: String { contents.value.owner }
    package var task: GenerationTask { contents.value.task }
    /// The model name as the client wrote it.
    package var requestedModel: String { contents.value.requestedModel }
    /// How the request was honoured with changes (endpoints.md section 1.1).
    package var notices: [String] { contents.value.notices }
    /// The client's own labels, kept with the job, never sent to the site.
    package var user: String? { contents.value.user }
    package var metadata: [String: String] { contents.value.metadata }
    package var idempotencyKey: String? { contents.value.idempotencyKey }
    /// SHA-256 over method, path and canonical body, in lower-case hexadecimal.
    package var fingerprint: String { contents.value.fingerprint }
    /// Accounts that may run it, in the order of the request.
    package var candidates: [AccountID] { contents.value.candidates }
    /// Where its end is announced: a ``WebhookTarget``, sealed by ``SecretVault``; opaque to the store.
    package var sealedWebhook: [UInt8]? { contents.value.sealedWebhook }
    /// What ``PriceBook`` expected it to cost, in whole credits; nil when nothing was known.
    package var quotedCredits: Int? { contents.value.quotedCredits }
    package var createdAt: Timestamp { contents.value.createdAt }

    // Where it stands.

    package var state: JobState {
        get { contents.value.state }
        set { contents.change { $0.state = newValue } }
    }
    /// Counts the writes; a write must name the revision it read.
    package var revision: Int {
        get { contents.value.revision }
        set { contents.change { $0.revision = newValue } }
    }
    /// The account it runs on or last ran on.
    package var account: AccountID? {
        get { contents.value.account }
        set { contents.change { $0.account = newValue } }
    }
    package var region: Region? {
        get { contents.value.region }
        set { contents.change { $0.region = newValue } }
    }
    /// The current (or last) submission. Present from ``JobState/submitting`` on.
    package var submitID: SubmitID? {
        get { contents.value.submitID }
        set { contents.change { $0.submitID = newValue } }
    }
    /// The site's `history_record_id`, up to 19 digits.
    package var historyID: String? {
        get { contents.value.historyID }
        set { contents.change { $0.historyID = newValue } }
    }
    /// How many submissions the site may know of: 0 or 1. One that was refused conclusively or never left does not
    /// count, so a failed job with 0 has bought nothing and a repeat of its request may be a new one.
    package var submissions: Int {
        get { contents.value.submissions }
        set { contents.change { $0.submissions = newValue } }
    }
    /// Accounts that refused it, with the reasons, oldest first.
    package var refusals: [AccountRefusal] {
        get { contents.value.refusals }
        set { contents.change { $0.refusals = newValue } }
    }
    /// Not before this instant is it tried again; used while queued after a refusal.
    package var notBefore: Timestamp? {
        get { contents.value.notBefore }
        set { contents.change { $0.notBefore = newValue } }
    }
    package var cancelRequested: Bool {
        get { contents.value.cancelRequested }
        set { contents.change { $0.cancelRequested = newValue } }
    }
    package var startedAt: Timestamp? {
        get { contents.value.startedAt }
        set { contents.change { $0.startedAt = newValue } }
    }
    /// When the request that costs credits was first allowed to leave.
    package var submittedAt: Timestamp? {
        get { contents.value.submittedAt }
        set { contents.change { $0.submittedAt = newValue } }
    }
    package var completedAt: Timestamp? {
        get { contents.value.completedAt }
        set { contents.change { $0.completedAt = newValue } }
    }
    package var outputs: [GenerationOutput] {
        get { contents.value.outputs }
        set { contents.change { $0.outputs = newValue } }
    }
    package var fault: GenerationFault? {
        get { contents.value.fault }
        set { contents.change { $0.fault = newValue } }
    }
    /// What the ledger says; nil until it says something. Written by ``UsageStore/settle(_:)`` only.
    package var cost: CreditCost? {
        get { contents.value.cost }
        set { contents.change { $0.cost = newValue } }
    }

    // Seen, not stored: rebuilt by the next look at the site.

    package var progress: JobProgress {
        get { contents.value.progress }
        set { contents.change { $0.progress = newValue } }
    }

    package init(
        id: GenerationID, owner: String, task: GenerationTask, requestedModel: String, notices: [String] = [],
        user: String? = nil, metadata: [String: String] = [:], idempotencyKey: String? = nil, fingerprint: String,
        candidates: [AccountID], sealedWebhook: [UInt8]? = nil, quotedCredits: Int? = nil, createdAt: Timestamp
    ) {
        contents = Shared(
            Fields(
                id: id, owner: owner, task: task, requestedModel: requestedModel, notices: notices, user: user,
                metadata: metadata, idempotencyKey: idempotencyKey, fingerprint: fingerprint, candidates: candidates,
                sealedWebhook: sealedWebhook, quotedCredits: quotedCredits, createdAt: createdAt))
    }

    private struct Fields: Hashable, Sendable {
        let id: GenerationID
        let owner: String
        let task: GenerationTask
        let requestedModel: String
        let notices: [String]
        let user: String?
        let metadata: [String: String]
        let idempotencyKey: String?
        let fingerprint: String
        let candidates: [AccountID]
        let sealedWebhook: [UInt8]?
        let quotedCredits: Int?
        let createdAt: Timestamp
        var state = JobState.queued
        var revision = 0
        var account: AccountID?
        var region: Region?
        var submitID: SubmitID?
        var historyID: String?
        var submissions = 0
        var refusals: [AccountRefusal] = []
        var notBefore: Timestamp?
        var cancelRequested = false
        var startedAt: Timestamp?
        var submittedAt: Timestamp?
        var completedAt: Timestamp?
        var outputs: [GenerationOutput] = []
        var fault: GenerationFault?
        var cost: CreditCost?
        var progress = JobProgress()
    }
}

extension Job {
    /// Whether some of its results exist at the site only.
    package var lacksCopies: Bool { outputs.contains(where: \.wantsCopy) }
}

/// Why one account did not take a job.
package struct AccountRefusal: Hashable, Sendable, Codable {
    package var account: AccountID
    package var fault: GenerationFault

    package init(account: AccountID, fault: GenerationFault) {
        self.account = account
        self.fault = fault
    }
}

/// How far a job is, as far as the site tells.
package struct JobProgress: Hashable, Sendable {
    /// 0...100, never falls.
    package var percent = 0
    /// Place in the site's queue, from 1; nil when it is not queued there.
    package var queuePosition: Int?
    package var queueLength: Int?
    package var finishedCount: Int?
    package var totalCount: Int?
    /// When it is expected to end; an estimate.
    package var expectedEnd: Timestamp?

    package init() {}
}
