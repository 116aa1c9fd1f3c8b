/// The account book's line for one generation. It outlives the generation.
package struct UsageRecord: Hashable, Sendable {
    /// Where the line stands.
    package enum Stage: String, Hashable, Sendable {
        /// The generation has not ended.
        case open
        /// It has ended; ``cost`` is still to be read from the ledger.
        case pending
        case settled
        case unknown
    }

    package var generation: GenerationID
    package var owner: String
    package var kind: MediaKind
    /// Canonical model id, or the tool's name.
    package var model: String
    /// Nil on lines of generations older than the book.
    package var priceKey: PriceKey?
    package var createdAt: Timestamp
    /// The estimate before the purchase.
    package var quoted: Int?
    /// What budgets set aside for it when that is not ``quoted``, because its price is not known. Never shown.
    package var reservation: Int?
    /// The account it ended on.
    package var account: AccountID?
    package var region: Region?
    /// What the ledger calls it.
    package var submitID: SubmitID?
    package var submittedAt: Timestamp?
    package var completedAt: Timestamp?
    /// How it ended; nil while it has not.
    package var outcome: JobState?
    package var stage: Stage
    /// By the ledger; 0 until it says something.
    package var charged: Int
    package var refunded: Int
    /// When ``charged`` and ``refunded`` last changed, or the search was given up.
    package var settledAt: Timestamp?
    /// When the ledger is worth a look for this line; nil when it is not.
    package var checkAt: Timestamp?

    package init(
        generation: GenerationID, owner: String, kind: MediaKind, model: String, priceKey: PriceKey?,
        createdAt: Timestamp, quoted: Int?, account: AccountID? = nil, region: Region? = nil,
        submitID: SubmitID? = nil, submittedAt: Timestamp? = nil, completedAt: Timestamp? = nil,
        outcome: JobState? = nil, stage: Stage = .open, charged: Int = 0, refunded: Int = 0,
        settledAt: Timestamp? = nil, checkAt: Timestamp? = nil, reservation: Int? = nil
    ) {
        self.generation = generation
        self.owner = owner
        self.kind = kind
        self.model = model
        self.priceKey = priceKey
        self.createdAt = createdAt
        self.quoted = quoted
        self.account = account
        self.region = region
        self.submitID = submitID
        self.submittedAt = submittedAt
        self.completedAt = completedAt
        self.outcome = outcome
        self.stage = stage
        self.charged = charged
        self.refunded = refunded
        self.settledAt = settledAt
        self.checkAt = checkAt
        self.reservation = reservation
    }

    /// The line of a generation that was just accepted. `reservation`: see ``reservation``.
    package init(opening job: Job, reserving reservation: Int? = nil) {
        self.init(
            generation: job.id, owner: job.owner, kind: job.task.kind, model: job.task.model,
            priceKey: job.task.priceKey, createdAt: job.createdAt, quoted: job.quotedCredits,
            reservation: reservation)
    }

    /// Takes the end of the generation over: a job that was never submitted has bought nothing, everything else is
    /// looked for in the ledger.
    package mutating func close(with job: Job) {
        account = job.account
        region = job.region
        submitID = job.submitID
        submittedAt = job.submittedAt
        completedAt = job.completedAt ?? job.createdAt
        outcome = job.state
        if job.submissions == 0 || job.submitID == nil || job.account == nil {
            stage = .settled
            settledAt = completedAt
        } else {
            stage = .pending
            checkAt = completedAt
        }
    }

    /// No entry of the generation can be older.
    var start: Timestamp { submittedAt ?? createdAt }
}

/// What one look at the ledger means for one line. ``cost`` also goes to the generation itself, if it is still there.
package struct UsageChange: Hashable, Sendable {
    package var generation: GenerationID
    /// Nil leaves stage and numbers alone.
    package var cost: CreditCost?
    package var checkAt: Timestamp?

    package init(generation: GenerationID, cost: CreditCost?, checkAt: Timestamp?) {
        self.generation = generation
        self.cost = cost
        self.checkAt = checkAt
    }
}
