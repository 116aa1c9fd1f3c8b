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

    init(sessionID: String, region: SiteRegion, script: SandboxScript, credits: Int) {
        self.sessionID = sessionID
        self.region = region
        self.script = script
        self.credits = credits
    }

    /// 16 digits, the same for an account whenever it is asked for.
    var userID: Int64 {
        var chance = Chance("\(region.rawValue):\(sessionID)")
        return 1_000_000_000_000_000 + Int64(chance.next() % 1_000_000_000_000_000)
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

    /// Shows the charge of a job in the ledger; nothing for what is free. Times in milliseconds.
    mutating func book(charge job: SandboxJob, at time: Int64, visibleAt: Int64) {
        guard job.price > 0 else { return }
        book(
            LedgerEntry(
                amount: job.price, isSpending: true, title: job.order.title, submitID: job.submitID,
                historyID: job.historyID, createdAt: time, visibleAt: visibleAt))
    }

    /// Shows that a charge was given back.
    mutating func book(refund job: SandboxJob, at time: Int64, visibleAt: Int64) {
        guard job.price > 0 else { return }
        book(
            LedgerEntry(
                amount: job.price, isSpending: false, title: "Refund", submitID: job.submitID,
                historyID: job.historyID, createdAt: time, visibleAt: visibleAt))
    }

    /// Takes the daily gift; false when today's was taken already.
    @discardableResult
    mutating func claim(_ gift: Int, at now: Int64) -> Bool {
        let today = ChinaTime.day(now / 1_000)
        guard claimedDay != today else { return false }
        claimedDay = today
        credits += gift
        book(
            LedgerEntry(
                amount: gift, isSpending: false, title: "Daily gift", submitID: "", historyID: "", createdAt: now,
                visibleAt: now))
        return true
    }
}
