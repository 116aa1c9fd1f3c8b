import SiteWire

/// One account of the sandbox: a session id in a region.
struct SandboxAccount: Sendable {
    struct LedgerEntry: Sendable {
        /// Positive; what it means is said by `isSpending`.
        var amount: Int
        var isSpending: Bool
        var title: String
        var submitID: String
        var historyID: String
        var createdAt: Int64
        /// From when on the ledger shows it.
        var visibleAt: Int64
    }

    static let ledgerLimit = 2_000
    static let submitIDLimit = 20_000
    static let violationLimit = 100

    let sessionID: String
    let region: SiteRegion
    let script: SandboxScript
    let number: Int
    var credits: Int
    var ledger: [LedgerEntry] = []
    /// The day (China time, days since 1970) of the last claim.
    var claimedDay: Int64?

    var submits = 0
    var jobs = 0
    /// Calls of `get_history_by_ids`, and ids asked for in them.
    var polls = 0
    var polledIDs = 0
    var creditReads = 0
    var requests = 0
    /// Calls of `get_upload_token`.
    var uploadTokens = 0
    /// Signed calls of the storage services whose signature was right.
    var storageCalls = 0
    /// Raw uploads, counted for the script that breaks the first one.
    var rawUploads = 0
    /// Files sent up whole and committed, and the bytes taken.
    var uploads = 0
    var uploadedBytes = 0
    /// Checks of materials asked for.
    var audits = 0
    /// What a correct client would not have done, oldest first; bounded, the count goes on.
    var violations: [String] = []
    var violationCount = 0
    /// Every `submit_id` seen, refused ones included.
    private var submitIDs: Set<String> = []
    /// The running jobs whose end means something to the account: a refund, or room for another one.
    var watchedJobs: [Int] = []

    init(sessionID: String, region: SiteRegion, script: SandboxScript, number: Int, credits: Int) {
        self.sessionID = sessionID
        self.region = region
        self.script = script
        self.number = number
        self.credits = credits
    }

    mutating func note(violation: String) {
        violationCount += 1
        if violations.count < Self.violationLimit { violations.append(violation) }
    }

    /// Whether this `submit_id` is new to the account.
    mutating func isNew(submitID: String) -> Bool {
        if submitIDs.count >= Self.submitIDLimit { submitIDs.removeAll(keepingCapacity: true) }
        return submitIDs.insert(submitID).inserted
    }

    mutating func watch(_ job: Int) {
        if !watchedJobs.contains(job) { watchedJobs.append(job) }
    }

    mutating func book(_ entry: LedgerEntry) {
        ledger.append(entry)
        if ledger.count > Self.ledgerLimit { ledger.removeFirst(ledger.count - Self.ledgerLimit) }
    }
}
