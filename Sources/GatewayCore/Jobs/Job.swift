/// One generation: what was asked, where it stands and what came of it. A plain value; ``JobMachine`` decides its
/// transitions and the store writes them.
package struct Job: Hashable, Sendable {
    // What was asked. Written once.

    package let id: GenerationID
    /// Who asked: a key's id or the keyed hash of a session list. Only the same owner may see the job.
    package let owner: String
    package let task: GenerationTask
    /// The model name as the client wrote it.
    package let requestedModel: String
    /// How the request was honoured with changes (endpoints.md section 1.1).
    package let notices: [String]
    /// The client's own labels, kept with the job, never sent to the site.
    package let user: String?
    package let metadata: [String: String]
    package let idempotencyKey: String?
    /// SHA-256 over method, path and canonical body, in lower-case hexadecimal.
    package let fingerprint: String
    /// Accounts that may run it, in the order of the request.
    package let candidates: [AccountID]
    /// Where its end is announced: a ``WebhookTarget``, sealed by ``SecretVault``; opaque to the store.
    package let sealedWebhook: [UInt8]?
    /// What ``PriceBook`` expected it to cost, in whole credits; nil when nothing was known.
    package let quotedCredits: Int?
    package let createdAt: Timestamp

    // Where it stands.

    package var state: JobState
    /// Counts the writes; a write must name the revision it read.
    package var revision: Int
    /// The account it runs on or last ran on.
    package var account: AccountID?
    package var region: Region?
    /// The current (or last) submission. Present from ``JobState/submitting`` on.
    package var submitID: SubmitID?
    /// The site's `history_record_id`, up to 19 digits.
    package var historyID: String?
    /// How many submissions the site may know of: 0 or 1. One that was refused conclusively or never left does not
    /// count, so a failed job with 0 has bought nothing and a repeat of its request may be a new one.
    package var submissions: Int
    /// Accounts that refused it, with the reasons, oldest first.
    package var refusals: [AccountRefusal]
    /// Not before this instant is it tried again; used while queued after a refusal.
    package var notBefore: Timestamp?
    package var cancelRequested: Bool
    package var startedAt: Timestamp?
    /// When the request that costs credits was first allowed to leave.
    package var submittedAt: Timestamp?
    package var completedAt: Timestamp?
    package var outputs: [GenerationOutput]
    package var fault: GenerationFault?
    /// What the ledger says; nil until it says something. Written by ``UsageStore/settle(_:)`` only.
    package var cost: CreditCost?

    // Seen, not stored: rebuilt by the next look at the site.

    package var progress: JobProgress

    package init(
        id: GenerationID, owner: String, task: GenerationTask, requestedModel: String, notices: [String] = [],
        user: String? = nil, metadata: [String: String] = [:], idempotencyKey: String? = nil, fingerprint: String,
        candidates: [AccountID], sealedWebhook: [UInt8]? = nil, quotedCredits: Int? = nil, createdAt: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.task = task
        self.requestedModel = requestedModel
        self.notices = notices
        self.user = user
        self.metadata = metadata
        self.idempotencyKey = idempotencyKey
        self.fingerprint = fingerprint
        self.candidates = candidates
        self.sealedWebhook = sealedWebhook
        self.quotedCredits = quotedCredits
        self.createdAt = createdAt
        state = .queued
        revision = 0
        account = nil
        region = nil
        submitID = nil
        historyID = nil
        submissions = 0
        refusals = []
        notBefore = nil
        cancelRequested = false
        startedAt = nil
        submittedAt = nil
        completedAt = nil
        outputs = []
        fault = nil
        cost = nil
        progress = JobProgress()
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
