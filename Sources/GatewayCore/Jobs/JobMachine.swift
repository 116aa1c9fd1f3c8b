/// The rules by which one generation moves, without I/O and without a clock: events in, one action out.
///
/// A driver copies the machine, feeds the event, writes ``job`` to the store naming the state it had before, and only
/// then keeps the copy and performs the action. If the write fails nothing has happened.
package struct JobMachine: Sendable {
    package private(set) var job: Job
    private var memory = WatchMemory()
    private let limits: Limits

    /// How long undecided readings are tolerated (field-notes.md (b) and (c)).
    package struct Limits: Sendable {
        /// Row 7: refused before generation, not confirmed.
        package var rejectionGrace: Duration = .seconds(30)
        /// Row 11: partial success without any change.
        package var imageStall: Duration = .seconds(300)
        package var videoStall: Duration = .seconds(900)
        /// Row 3: looks at a success without a result before it counts as empty.
        package var emptyLooks = 4
        /// A submission whose answer was lost is looked up this long.
        package var lookUpWindow: Duration = .seconds(600)
        /// An accepted job that was never visible is looked for this long.
        package var registrationWindow: Duration = .seconds(600)
        /// Looks in a row that miss a record that had been seen.
        package var vanishedLooks = 10
        /// After this an accepted job is given up.
        package var maximumAge: Duration = .seconds(86400)
        /// Polls refused for a dead session are tolerated this long.
        package var deadSession: Duration = .seconds(600)
        /// Conclusive "busy" answers in a row before the job fails.
        package var busyRefusals = 5
        /// Accounts tried for one job.
        package var accounts = 3

        package init() {}
    }

    /// What was noticed over several looks. Not stored: after a restart it begins anew, which only lengthens patience.
    private struct WatchMemory: Sendable {
        var wasSeen = false
        var misses = 0
        var missingSince: Timestamp?
        var rejectedSince: Timestamp?
        var stallSignature: StallSignature?
        var stalledSince: Timestamp?
        var emptyLooks = 0
        var unreadableSince: Timestamp?
    }

    private struct StallSignature: Hashable, Sendable {
        var items: Int
        var finished: Int?
        var total: Int?
    }

    /// `job`: as stored. A job found in `submitting` becomes `unknown`: the process that sent it has gone.
    package init(_ job: Job, limits: Limits = Limits()) {
        self.job = job
        self.limits = limits
    }

    // MARK: - Towards the site

    /// An account was chosen and the submission may leave. Valid in `queued` and `preparing`.
    package mutating func submit(
        as account: AccountCredential, with submitID: SubmitID, at now: Timestamp
    ) {
        precondition(job.state == .queued || job.state == .preparing, "submit from \(job.state)")
        job.state = .submitting
        job.account = account.id
        job.region = account.region
        job.submitID = submitID
        job.historyID = nil
        job.submissions += 1
        job.notBefore = nil
        job.startedAt = job.startedAt ?? now
        job.submittedAt = now
    }

    /// Inputs are being brought to the site. Valid in `queued`.
    package mutating func prepare(as account: AccountCredential, at now: Timestamp) {
        precondition(job.state == .queued, "prepare in \(job.state)")
        job.state = .preparing
        job.account = account.id
        job.region = account.region
        job.startedAt = job.startedAt ?? now
    }

    /// The inputs could not be brought to the site: another account, a later try, or the end. Nothing was bought.
    /// Valid in `preparing`.
    package mutating func preparationFailed(_ fault: GenerationFault, at now: Timestamp) -> JobAction {
        precondition(job.state == .preparing, "preparation failed in \(job.state)")
        return refused(fault, at: now)
    }

    /// The submission ended. Valid in `submitting`.
    package mutating func submitEnded(_ outcome: SubmitOutcome, at now: Timestamp) -> JobAction {
        precondition(job.state == .submitting, "submission ended in \(job.state)")
        switch outcome {
        case .accepted(let observation):
            job.state = .running
            return observed(observation, at: now)
        case .refused(let fault), .notSent(let fault):
            // Nothing was created, so nothing was bought.
            job.submissions -= 1
            return refused(fault, at: now)
        case .unknown:
            job.state = .unknown
            memory.missingSince = now
            return .watch
        }
    }

    /// The submission came to nothing for a reason that is gone (free credits were claimed) or not the site's (this
    /// process is stopping): it waits for its turn again, under a new submit id. Valid in `submitting`.
    package mutating func refusalCured() -> JobAction {
        precondition(job.state == .submitting, "cured in \(job.state)")
        job.submissions -= 1
        return requeue(.requeueHere, notBefore: nil)
    }

    /// The process that was submitting has gone; only a look can tell what became of it. Valid in `submitting`.
    package mutating func interrupted(at now: Timestamp) {
        precondition(job.state == .submitting, "interrupted in \(job.state)")
        job.state = .unknown
        memory.missingSince = now
    }

    /// Holds a waiting job back. Valid before submission.
    package mutating func postpone(until instant: Timestamp) {
        precondition(job.state == .queued || job.state == .preparing, "postponed in \(job.state)")
        job.notBefore = instant
    }

    /// No account may take the job now. Valid before submission.
    package mutating func fail(_ fault: GenerationFault, at now: Timestamp) -> JobAction {
        precondition(!job.state.isTerminal, "failing a \(job.state) job")
        return end(.failed, at: now, fault: fault)
    }

    // MARK: - Looking

    /// The site told about the job. Valid in `running` and `unknown`.
    package mutating func observed(_ observation: Observation, at now: Timestamp) -> JobAction {
        precondition(job.state == .running || job.state == .unknown, "observed in \(job.state)")
        memory.wasSeen = true
        memory.misses = 0
        memory.missingSince = nil
        memory.unreadableSince = nil
        if job.state == .unknown { job.state = .running }
        if let historyID = observation.historyID { job.historyID = historyID }
        if observation.reading != .rejectedUnconfirmed { memory.rejectedSince = nil }
        if case .emptySuccess = observation.reading {} else { memory.emptyLooks = 0 }

        switch observation.reading {
        case .running:
            memory.stalledSince = nil
        case .stalling(let items):
            if let action = stalled(with: items, observation, at: now) { return action }
        case .succeeded(let items):
            return finish(with: items, wanted: wantedCount(observation), at: now)
        case .emptySuccess(let isWithheld):
            memory.emptyLooks += 1
            if memory.emptyLooks >= limits.emptyLooks {
                return end(.failed, at: now, fault: GenerationFault(isWithheld ? .outputFiltered : .emptyResult))
            }
        case .rejectedUnconfirmed:
            let since = memory.rejectedSince ?? now
            memory.rejectedSince = since
            if now - since >= limits.rejectionGrace {
                return end(.failed, at: now, fault: GenerationFault(.contentPolicyViolation))
            }
        case .failed(let fault, let items):
            if items.isEmpty { return end(.failed, at: now, fault: fault) }
            return finish(with: items, wanted: .max, at: now)
        case .canceled:
            return end(.canceled, at: now, fault: GenerationFault(.generationCanceled))
        case .gone:
            if job.cancelRequested { return end(.canceled, at: now, fault: GenerationFault(.generationCanceled)) }
            return end(.failed, at: now, fault: GenerationFault(.historyNotFound))
        }
        return keepWatching(at: now)
    }

    /// A look that the site answered did not mention the job. Valid in `running` and `unknown`.
    package mutating func missing(at now: Timestamp) -> JobAction {
        precondition(job.state == .running || job.state == .unknown, "missing in \(job.state)")
        memory.misses += 1
        memory.unreadableSince = nil
        let since = memory.missingSince ?? now
        memory.missingSince = since
        if job.state == .unknown {
            guard now - since >= limits.lookUpWindow else { return .watch }
            return end(.failed, at: now, fault: GenerationFault(.interrupted))
        }
        let isLost =
            memory.wasSeen ? memory.misses >= limits.vanishedLooks : now - since >= limits.registrationWindow
        if isLost { return end(.failed, at: now, fault: GenerationFault(.historyNotFound)) }
        return keepWatching(at: now)
    }

    /// A look failed as a whole. Only a session that stays dead ends the job; everything else is waited out.
    package mutating func unreadable(_ fault: GenerationFault, at now: Timestamp) -> JobAction {
        precondition(job.state == .running || job.state == .unknown, "unreadable in \(job.state)")
        guard fault.kind == .invalidSession || fault.kind == .accountBlocked else { return keepWatching(at: now) }
        let since = memory.unreadableSince ?? now
        memory.unreadableSince = since
        if now - since >= limits.deadSession { return end(.failed, at: now, fault: fault) }
        return .watch
    }

    // MARK: - Cancelling

    /// Somebody wants the job to stop. Valid in every state that is not terminal.
    package mutating func cancel(at now: Timestamp) -> JobAction {
        switch job.state {
        case .queued, .preparing:
            job.cancelRequested = true
            return end(.canceled, at: now, fault: GenerationFault(.generationCanceled))
        case .submitting, .unknown, .running:
            job.cancelRequested = true
            return .askSiteToCancel
        case .succeeded, .partial, .failed, .canceled:
            return .none
        }
    }

    // MARK: - Rules

    /// After a conclusive refusal: wait and repeat with a new submit id, try another account, or fail
    /// (errors.md sections 4 and 4.1).
    private mutating func refused(_ fault: GenerationFault, at now: Timestamp) -> JobAction {
        if let account = job.account { job.refusals.append(AccountRefusal(account: account, fault: fault)) }
        let tried = Set(job.refusals.map(\.account))
        if job.cancelRequested { return end(.canceled, at: now, fault: GenerationFault(.generationCanceled)) }
        if fault.kind.movesToNextAccount, tried.count < limits.accounts,
            job.candidates.contains(where: { !tried.contains($0) })
        {
            return requeue(.requeueElsewhere, notBefore: nil)
        }
        switch fault.kind {
        case .upstreamConcurrencyLimit:
            return requeue(.requeueHere, notBefore: now + .seconds(30))
        case .upstreamBusy:
            let refusals = job.refusals.count { $0.fault.kind == .upstreamBusy }
            guard refusals < limits.busyRefusals else { break }
            return requeue(.requeueHere, notBefore: now + .seconds(min(60, 5 << (refusals - 1))))
        case .upstreamProtocolChanged where fault.ret == Self.signatureRefusal:
            // Refused for its signature, so nothing was created: once more, signed by a fresh clock.
            guard job.refusals.count(where: { $0.fault.ret == Self.signatureRefusal }) == 1 else { break }
            return requeue(.requeueHere, notBefore: nil)
        default:
            break
        }
        return end(.failed, at: now, fault: mostTelling(fault))
    }

    /// The site's `ret` for a signature or a clock it does not like.
    private static let signatureRefusal = "1014"

    /// The refusal that tells most: no credits before risk control before a dead session before the last one
    /// (errors.md section 4.1); `fault` when there was none.
    package func mostTelling(_ fault: GenerationFault) -> GenerationFault {
        let faults = job.refusals.map(\.fault)
        let order: [GenerationFault.Kind] = [.insufficientCredits, .paidCreditsRequired, .riskControl, .invalidSession]
        var worst = order.lazy.compactMap { kind in faults.first { $0.kind == kind } }.first ?? faults.last ?? fault
        let tried = Set(job.refusals.map(\.account)).count
        if tried > 1, Set(faults.map(\.kind)).count > 1 { worst.accountsTried = tried }
        return worst
    }

    private mutating func requeue(_ action: JobAction, notBefore: Timestamp?) -> JobAction {
        job.state = .queued
        job.notBefore = notBefore
        job.submitID = nil
        return action
    }

    private mutating func stalled(
        with items: [RemoteOutput], _ observation: Observation, at now: Timestamp
    ) -> JobAction? {
        let signature = StallSignature(
            items: items.count, finished: observation.finishedCount, total: observation.totalCount)
        if memory.stallSignature != signature || memory.stalledSince == nil {
            memory.stallSignature = signature
            memory.stalledSince = now
        }
        guard let since = memory.stalledSince else { return nil }
        let patience = job.task.kind == .image ? limits.imageStall : limits.videoStall
        return now - since >= patience ? finish(with: items, wanted: .max, at: now) : nil
    }

    private func wantedCount(_ observation: Observation) -> Int {
        job.task.expectedCount ?? observation.totalCount ?? 1
    }

    private mutating func finish(with items: [RemoteOutput], wanted: Int, at now: Timestamp) -> JobAction {
        job.outputs = items.map { GenerationOutput(remote: $0) }
        return end(items.count < wanted ? .partial : .succeeded, at: now, fault: nil)
    }

    private mutating func keepWatching(at now: Timestamp) -> JobAction {
        let start = job.submittedAt ?? job.createdAt
        guard now - start < limits.maximumAge else {
            return end(.failed, at: now, fault: GenerationFault(.generationTimeout))
        }
        return .watch
    }

    private mutating func end(_ state: JobState, at now: Timestamp, fault: GenerationFault?) -> JobAction {
        job.state = state
        job.fault = fault
        job.completedAt = now
        if state == .succeeded || state == .partial { job.progress.percent = 100 }
        job.progress.queuePosition = nil
        job.progress.expectedEnd = nil
        return .finish
    }

    /// Better links for the results were found; nil keeps a link. Valid in a terminal state that is not stored yet.
    package mutating func improveLinks(_ links: [String?]) {
        for (index, link) in links.enumerated() where job.outputs.indices.contains(index) {
            guard let link else { continue }
            job.outputs[index].remote.url = link
            job.outputs[index].remote.expiresAt = nil
        }
    }

    // MARK: - Progress

    /// Takes over what the site and the estimates tell about how far the job is. Never falls.
    /// `expectedEnd`: when the job should end by forecast and learnt run times.
    package mutating func updateProgress(from observation: Observation, expectedEnd: Timestamp?, at now: Timestamp) {
        guard !job.state.isTerminal else { return }
        job.progress.queuePosition = observation.queuePosition
        job.progress.queueLength = observation.queueLength
        job.progress.finishedCount = observation.finishedCount
        job.progress.totalCount = observation.totalCount
        job.progress.expectedEnd = expectedEnd
        var percent = 0
        if let finished = observation.finishedCount, let total = observation.totalCount, total > 0 {
            percent = finished * 100 / total
        }
        if observation.queuePosition == nil, let start = job.submittedAt, let end = expectedEnd, end > start {
            percent = max(percent, Int((now - start).inSeconds / (end - start).inSeconds * 100))
        }
        job.progress.percent = max(job.progress.percent, min(95, percent))
    }

    /// After the store accepted a write.
    package mutating func stored(revision: Int) {
        job.revision = revision
    }
}

/// What the driver does after an event was stored.
package enum JobAction: Hashable, Sendable {
    /// Nothing; the event had no effect.
    case none
    /// Keep looking.
    case watch
    /// Back to the queue of the same account, not before `notBefore`.
    case requeueHere
    /// Back to the queue of a candidate that has not refused the job.
    case requeueElsewhere
    /// Ask the site to stop it, then keep looking.
    case askSiteToCancel
    /// The job has ended: tell everybody who waits.
    case finish
}

extension GenerationFault.Kind {
    /// Whether another account may be tried instead (errors.md section 4.1).
    package var movesToNextAccount: Bool {
        switch self {
        case .invalidSession, .insufficientCredits, .paidCreditsRequired, .riskControl, .accountBlocked,
            .upstreamConcurrencyLimit, .upstreamBusy, .upstreamPermissionDenied, .proxyError, .upstreamUnreachable,
            .dailyLimitReached, .complianceConfirmationRequired:
            true
        default:
            false
        }
    }
}
