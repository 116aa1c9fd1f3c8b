/// What still has to be announced. ``JobStore/save(_:expecting:lease:)`` adds a delivery, due at once, in the same
/// transaction in which a job with a ``Job/sealedWebhook`` becomes terminal; ``JobStore/removeJob(_:)`` removes it with
/// the job. Same laws as ``JobStore``: one transaction a call, time passed in.
package protocol WebhookStore: Sendable {
    /// Takes deliveries that are due at `now`, earliest first, at most `limit`. Each counts one more attempt and is not
    /// due again before `until`, when whoever took it is presumed dead.
    func claimWebhooks(dueAt now: Timestamp, until: Timestamp, limit: Int) async throws(StoreFault) -> [WebhookDelivery]

    /// When the earliest open delivery is due; nil when there is none.
    func earliestWebhook() async throws(StoreFault) -> Timestamp?

    /// Records how a claimed attempt ended.
    /// Returns: false, and changes nothing, when the delivery is gone, settled, or was claimed again meanwhile.
    func recordWebhook(
        _ result: WebhookResult, of delivery: WebhookDelivery, at now: Timestamp
    ) async throws(StoreFault) -> Bool

    /// Where the announcement of a job stands; nil when there is none.
    func webhook(of id: GenerationID) async throws(StoreFault) -> WebhookRecord?

    /// Forgets deliveries that were settled before `instant`. Returns how many went.
    func removeSettledWebhooks(before instant: Timestamp) async throws(StoreFault) -> Int
}

/// A claimed attempt to announce the end of a job.
package struct WebhookDelivery: Hashable, Sendable {
    package var generation: GenerationID
    /// From 1.
    package var attempt: Int

    package init(generation: GenerationID, attempt: Int) {
        self.generation = generation
        self.attempt = attempt
    }
}

/// How an attempt ended.
package enum WebhookResult: Hashable, Sendable {
    case delivered(status: Int)
    /// Is tried again. `status` is nil when the receiver did not answer.
    case failed(status: Int?, next: Timestamp)
    /// Is not tried again.
    case abandoned(status: Int?)
}

/// The announcement of a job, for lists.
package struct WebhookRecord: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        case open, delivered, abandoned
    }

    package var state: State
    package var attempts: Int
    /// When it is due; nil once it is settled.
    package var dueAt: Timestamp?
    /// The receiver's last HTTP status.
    package var lastStatus: Int?

    package init(state: State, attempts: Int, dueAt: Timestamp?, lastStatus: Int?) {
        self.state = state
        self.attempts = attempts
        self.dueAt = dueAt
        self.lastStatus = lastStatus
    }
}
