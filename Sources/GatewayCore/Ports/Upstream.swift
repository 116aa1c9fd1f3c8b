/// The site, as the engine needs it. One implementation speaks the web protocol; tests have another.
///
/// Laws: no call is retried by its caller for transport reasons, the implementation does that where it is safe;
/// ``submit(_:inputs:id:as:)`` sends at most once; every call ends within its own deadline; cancellation ends it early.
package protocol Upstream: Sendable {
    /// Brings an input file to the site for one account. Several may run at once; the implementation shares what the
    /// account needs for it.
    /// `body`: gives the file's bytes from the beginning; called again for every attempt.
    /// Throws: ``GenerationFault`` `uploadTimeout`, `uploadFailed`, `uploadTokenFailed`, `inputImageRejected` or one
    ///   that concerns the account.
    func upload(
        _ input: InputMaterial, from body: @escaping @Sendable () -> MediaBody, as account: AccountCredential
    ) async throws(GenerationFault) -> UploadedMaterial

    /// Lets the site's own content check look at uploaded inputs, which costs nothing. A check that can't be made
    /// passes.
    /// Throws: ``GenerationFault`` `inputImageRejected` only.
    func review(
        _ inputs: [UploadedMaterial], of task: GenerationTask, as account: AccountCredential
    ) async throws(GenerationFault)

    /// Sends the one request that costs credits. Returns, never throws: every end is one of four outcomes.
    /// `inputs`: where the task's inputs are, by their id.
    func submit(
        _ task: GenerationTask, inputs: [String: UploadedMaterial], id: SubmitID, as account: AccountCredential
    ) async -> SubmitOutcome

    /// Asks for several jobs of one account in one request (protocol field-notes.md (c)).
    /// Returns: an observation for every job the site answered for; a missing one is not registered (yet).
    func observe(_ jobs: [WatchedJob], as account: AccountCredential) async throws(GenerationFault) -> [SubmitID:
        Observation]

    /// Asks the site to stop a job. Success only means that the site took the request; a later observation tells.
    /// `kind`: what the job makes; the site wants the request to come from the page of that kind.
    func cancel(historyID: String, kind: MediaKind, as account: AccountCredential) async throws(GenerationFault)

    /// The account's balance.
    func credits(of account: AccountCredential) async throws(GenerationFault) -> CreditBalance

    /// What the account's ledger says since an instant (field-notes.md (f)). Reads pages until it is there, but only so
    /// many.
    /// `includesReceived`: also what was given back, which is a list of its own.
    func ledger(
        of account: AccountCredential, since instant: Timestamp, includesReceived: Bool
    ) async throws(GenerationFault) -> AccountLedger

    /// Claims the day's free credits, the day being that of the account's region.
    /// Throws: ``GenerationFault`` when the site refuses for another reason than that they were claimed before.
    func claimDailyCredits(for account: AccountCredential) async throws(GenerationFault) -> DailyClaim

    /// What the site offers the account right now. Succeeds when at least one kind of models could be read.
    func catalogue(of account: AccountCredential) async throws(GenerationFault) -> LiveCatalogue

    /// What the site's own price book asks of the account, and what it has free.
    func prices(of account: AccountCredential) async throws(GenerationFault) -> SitePrices

    /// Whether the session is alive; nil when the site's answer does not tell.
    func isSessionAlive(_ account: AccountCredential) async throws(GenerationFault) -> Bool?

    /// A fresh link for an image whose link has died, by its `uri`; nil when the site does not know it.
    func freshLink(for output: RemoteOutput, as account: AccountCredential) async throws(GenerationFault) -> String?

    /// A link to the best rendition of a finished video, where the site offers a better one than its preview; nil =
    /// keep the link at hand.
    func bestLink(for output: RemoteOutput, as account: AccountCredential) async throws(GenerationFault) -> String?

    /// Opens a result for reading. No cookies are sent.
    func download(_ url: String, as account: AccountCredential) async throws(GenerationFault) -> RemoteFile
}

/// How the one submission ended.
package enum SubmitOutcome: Sendable {
    /// The site took it; what it said about the new record.
    case accepted(Observation)
    /// A conclusive refusal: nothing was created or charged.
    case refused(GenerationFault)
    /// Not a byte of the request reached the site: may be sent again.
    case notSent(GenerationFault)
    /// The request may have arrived. Only looking the submit id up can tell.
    case unknown(GenerationFault)
}

/// What identifies a running job to the site.
package struct WatchedJob: Hashable, Sendable {
    package var submitID: SubmitID
    package var historyID: String?
    package var kind: MediaKind

    package init(submitID: SubmitID, historyID: String?, kind: MediaKind) {
        self.submitID = submitID
        self.historyID = historyID
        self.kind = kind
    }
}

/// One look at a job: what one record of the site says by itself. What needs several looks (grace periods, stalls) is
/// decided by ``JobMachine`` (protocol field-notes.md (b), the 13-row rule).
package struct Observation: Hashable, Sendable {
    package enum Reading: Hashable, Sendable {
        case running
        /// At "partial success" with these results; ends the job only when nothing changes for minutes (row 11).
        case stalling([RemoteOutput])
        case succeeded([RemoteOutput])
        /// "Success" without a readable result: look a few times more (row 3). `isWithheld`: the record names its
        /// results as failed, which is how the site's review keeps them back.
        case emptySuccess(isWithheld: Bool)
        /// Refused before generation, not yet confirmed: a grace period decides (row 7).
        case rejectedUnconfirmed
        case failed(GenerationFault, [RemoteOutput])
        case canceled
        case gone
    }

    package var reading: Reading
    package var historyID: String?
    package var queuePosition: Int?
    package var queueLength: Int?
    package var finishedCount: Int?
    package var totalCount: Int?
    /// The site's estimates; estimates of time, never a price.
    package var forecastQueue: Duration?
    package var forecastRun: Duration?
    /// The longest wait between two looks that the site asks for.
    package var pollingInterval: Duration?
    /// The site's own clock: when the record was made and when it ended.
    package var createdAt: Timestamp?
    package var finishedAt: Timestamp?

    package init(reading: Reading, historyID: String? = nil) {
        self.reading = reading
        self.historyID = historyID
    }
}

/// What a claim of the day's free credits brought.
package struct DailyClaim: Hashable, Sendable {
    /// 0 when they had been claimed before.
    package var received: Int
    /// How many days in a row something was claimed, when the site says so.
    package var streakDays: Int?

    package init(received: Int, streakDays: Int? = nil) {
        self.received = received
        self.streakDays = streakDays
    }
}

package struct CreditBalance: Hashable, Sendable {
    package var gift: Int
    package var purchase: Int
    package var vip: Int
    /// The part that ends on a known day, soonest first; empty when the site lists none.
    package var expiring: [Expiry]

    /// Credits that end together.
    package struct Expiry: Hashable, Sendable {
        package var amount: Int
        package var at: Timestamp

        package init(amount: Int, at: Timestamp) {
            self.amount = amount
            self.at = at
        }
    }

    package init(gift: Int, purchase: Int, vip: Int, expiring: [Expiry] = []) {
        self.gift = gift
        self.purchase = purchase
        self.vip = vip
        self.expiring = expiring
    }

    package var total: Int { gift + purchase + vip }
}

/// A part of an account's ledger.
package struct AccountLedger: Hashable, Sendable {
    /// One entry that names a generation. Gifts and expiries name none and are left out.
    package struct Entry: Hashable, Sendable {
        package var submitID: SubmitID
        /// At least 0.
        package var credits: Int
        /// Given back rather than taken.
        package var isRefund: Bool

        package init(submitID: SubmitID, credits: Int, isRefund: Bool) {
            self.submitID = submitID
            self.credits = credits
            self.isRefund = isRefund
        }
    }

    package var entries: [Entry]
    /// Older entries were not read; at or before the instant that was asked for unless there were too many.
    package var readSince: Timestamp
    /// The account's balance, when the site told it along.
    package var balance: Int?

    package init(entries: [Entry], readSince: Timestamp, balance: Int? = nil) {
        self.entries = entries
        self.readSince = readSince
        self.balance = balance
    }
}

/// A result being read from the site.
package struct RemoteFile: Sendable {
    package var byteCount: Int64?
    package var mimeType: String?
    package var body: MediaBody

    package init(byteCount: Int64?, mimeType: String?, body: MediaBody) {
        self.byteCount = byteCount
        self.mimeType = mimeType
        self.body = body
    }
}
