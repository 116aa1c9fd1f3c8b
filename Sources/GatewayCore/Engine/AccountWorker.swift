import Logging
import Synchronization

/// Everything that happens at the site for one account: submissions in order, and one poller for all its running jobs.
///
/// A worker exists while its account has work. It holds the account's lease; when the lease is lost it stops touching
/// the jobs, because another process has them now.
actor AccountWorker {
    nonisolated let account: AccountID
    private let context: EngineContext
    private let credential: AccountCredential

    /// What other tasks may touch without waiting for the actor.
    private struct Mailbox {
        var arrivals: [JobMachine] = []
        var cancellations: [GenerationID] = []
        /// Jobs that this worker has, in any state; decides load and retirement.
        var load = 0
        var isDraining = false
        var isRetired = false
    }

    private nonisolated let mailbox = Mutex(Mailbox())
    private nonisolated let submissionSignal = WakeSignal()
    private nonisolated let pollSignal = WakeSignal()

    private struct Watched {
        var machine: JobMachine
        var knowledge: PollPlan.Knowledge
        var due: Timestamp
    }

    private var queue: [JobMachine] = []
    private var watched: [SubmitID: Watched] = [:]
    /// Jobs to be cancelled whose submission has not ended yet.
    private var laterCancellations: Set<GenerationID> = []
    private var limiter: SubmissionLimiter
    private var lease: LeaseToken?

    init(credential: AccountCredential, context: EngineContext) {
        account = credential.id
        self.credential = credential
        self.context = context
        limiter = SubmissionLimiter(maximum: context.configuration.maximumInFlight)
    }

    // MARK: - Mailbox

    /// Hands a job over. False when the worker has retired meanwhile; then a new one is needed.
    nonisolated func accept(_ machine: JobMachine) -> Bool {
        let isTaken = mailbox.withLock { mailbox in
            guard !mailbox.isRetired else { return false }
            mailbox.arrivals.append(machine)
            mailbox.load += 1
            return true
        }
        if isTaken {
            if machine.job.state == .queued { submissionSignal.notify() } else { pollSignal.notify() }
        }
        return isTaken
    }

    nonisolated func cancel(_ id: GenerationID) {
        mailbox.withLock { $0.cancellations.append(id) }
        submissionSignal.notify()
    }

    nonisolated var load: Int { mailbox.withLock { $0.load } }

    /// Stops claiming queued jobs; what is at the site is watched until the worker is cancelled.
    nonisolated func drain() {
        mailbox.withLock { $0.isDraining = true }
        submissionSignal.notify()
        pollSignal.notify()
    }

    private nonisolated func released() {
        mailbox.withLock { $0.load -= 1 }
    }

    // MARK: - Life

    /// Works until nothing is left to do, the lease is lost, or the task is cancelled.
    func run() async {
        guard await takeLease() else { return abandon() }
        await withTaskGroup(of: Void.self) { loops in
            loops.addTask { await self.submissionLoop() }
            loops.addTask { await self.pollLoop() }
            loops.addTask { await self.leaseLoop() }
            // Whichever ends first (nothing left to do, or the lease lost) ends the others.
            await loops.next()
            loops.cancelAll()
        }
        if let lease {
            do {
                try await context.accounts.releaseLease(lease)
            } catch {
                context.logger.warning(
                    "lease not released", metadata: ["account.id": "\(account)", "error": "\(error)"])
            }
        }
        abandon()
    }

    private func takeLease() async -> Bool {
        while !Task.isCancelled {
            do {
                let now = context.time.now
                lease = try await context.accounts.acquireLease(
                    of: account, holder: context.holder, now: now, until: now + context.configuration.lease)
                if lease != nil { return true }
            } catch {
                context.logger.error("lease not acquired", metadata: ["account.id": "\(account)", "error": "\(error)"])
            }
            do {
                try await context.time.sleep(until: context.time.now + .seconds(2))
            } catch {
                return false
            }
        }
        return false
    }

    /// Renews the lease; returns when it is lost.
    private func leaseLoop() async {
        while !Task.isCancelled, let lease {
            let now = context.time.now
            do {
                try await context.time.sleep(until: now + context.configuration.lease / 3)
            } catch {
                return
            }
            do {
                let until = context.time.now + context.configuration.lease
                guard try await context.accounts.renewLease(lease, until: until) else {
                    context.logger.error("lease lost", metadata: ["account.id": "\(account)"])
                    self.lease = nil
                    return
                }
            } catch {
                context.logger.error("lease not renewed", metadata: ["account.id": "\(account)", "error": "\(error)"])
            }
        }
    }

    /// Leaves what is still here to the store, where the next start or another process finds it.
    private func abandon() {
        let left = mailbox.withLock { mailbox in
            mailbox.isRetired = true
            defer { mailbox.arrivals = [] }
            return mailbox.arrivals.count
        }
        let count = left + queue.count + watched.count
        if count > 0 {
            context.logger.info("jobs left to the store", metadata: ["account.id": "\(account)", "jobs": "\(count)"])
        }
    }

    /// Moves arrivals to where they belong.
    private func takeArrivals() async {
        let arrivals = mailbox.withLock { mailbox in
            defer { mailbox.arrivals = [] }
            return mailbox.arrivals
        }
        var interrupted: [JobMachine] = []
        for machine in arrivals {
            switch machine.job.state {
            case .queued, .preparing:
                queue.append(machine)
            case .submitting:
                limiter.takeOver(machine.job.task.kind)
                interrupted.append(machine)
            case .running, .unknown:
                limiter.takeOver(machine.job.task.kind)
                watch(machine, after: nil)
            case .succeeded, .partial, .failed, .canceled:
                released()
            }
        }
        guard !interrupted.isEmpty else { return }
        let now = context.time.now
        await withTaskGroup(of: JobMachine?.self) { group in
            for var machine in interrupted {
                machine.interrupted(at: now)
                group.addTask { [machine] in await self.storeOutcome(machine, from: .submitting) }
            }
            for await machine in group {
                if let machine { watch(machine, after: nil) } else { released() }
            }
        }
    }

    // MARK: - Submitting

    private func submissionLoop() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                await takeArrivals()
                await performCancellations()
                if !isDraining {
                    while let machine = takeSubmittable() { group.addTask { await self.submit(machine) } }
                }
                if retireIfIdle() { return }
                await submissionSignal.wait(until: isDraining ? nil : nextWake(), on: context.time)
            }
        }
    }

    private var isDraining: Bool { mailbox.withLock { $0.isDraining } }

    /// The first job in order that may go now.
    private func takeSubmittable() -> JobMachine? {
        let now = context.time.now
        var blocked: Set<MediaKind> = []
        for index in queue.indices {
            let job = queue[index].job
            if blocked.contains(job.task.kind) { continue }
            if let notBefore = job.notBefore, notBefore > now { continue }
            guard limiter.take(job.task.kind, at: now) else {
                blocked.insert(job.task.kind)
                continue
            }
            return queue.remove(at: index)
        }
        return nil
    }

    /// When a waiting job becomes due by itself; everything else comes with a signal.
    private func nextWake() -> Timestamp? {
        queue.lazy.compactMap(\.job.notBefore).filter { $0 > self.context.time.now }.min()
    }

    private func retireIfIdle() -> Bool {
        mailbox.withLock { mailbox in
            guard mailbox.load == 0 else { return false }
            mailbox.isRetired = true
            return true
        }
    }

    private func submit(_ machine: JobMachine) async {
        let kind = machine.job.task.kind
        let waiting = machine
        var machine = machine
        defer { submissionSignal.notify() }
        let queuedState = machine.job.state
        let submitID = context.newSubmitID()
        machine.submit(as: credential, with: submitID, at: context.time.now)
        do {
            machine = try await store(machine, from: queuedState)
        } catch {
            // Not on disk, so nothing may leave.
            limiter.giveBack(kind)
            notStored(waiting, error)
            return
        }
        context.hub.publish(machine.job)
        context.directory.chosen(account, at: context.time.now)

        let outcome = await context.upstream.submit(machine.job.task, id: submitID, as: credential)
        let now = context.time.now
        let action: JobAction
        switch outcome {
        case .accepted, .unknown:
            if case .accepted = outcome { context.directory.used(account, at: now) }
            action = machine.submitEnded(outcome, at: now)
        case .refused(let fault), .notSent(let fault):
            limiter.giveBack(kind)
            if fault.kind == .upstreamConcurrencyLimit { limiter.refused(kind, at: now) }
            if fault.kind == .insufficientCredits, await claimCredits() {
                action = machine.refusalCured()
            } else {
                await restrict(after: fault.kind, at: now)
                action = machine.submitEnded(outcome, at: now)
            }
        }
        log(outcome, of: machine.job)
        guard let saved = await storeOutcome(machine, from: .submitting) else { return released() }
        var observation: Observation?
        if case .accepted(let seen) = outcome { observation = seen }
        if action == .finish, observation != nil { limiter.giveBack(kind) }
        settle(saved, action: action, observation: observation)
    }

    /// Claims the day's free credits once a day, and tells whether the account has credits now.
    private func claimCredits() async -> Bool {
        guard context.configuration.claimsDailyCredits, context.directory.takeDailyClaim(account, at: context.time.now)
        else { return false }
        do {
            guard try await context.upstream.claimDailyCredits(for: credential) else { return false }
            let balance = try await context.upstream.credits(of: credential)
            context.logger.info(
                "daily credits claimed", metadata: ["account.id": "\(account)", "credits": "\(balance.total)"])
            return balance.total > 0
        } catch {
            context.logger.info(
                "daily credits not claimed", metadata: ["account.id": "\(account)", "error": "\(error)"])
            return false
        }
    }

    private func restrict(after kind: GenerationFault.Kind, at now: Timestamp) async {
        guard let restriction = context.directory.refused(account, with: kind, at: now) else { return }
        do {
            try await context.accounts.setRestriction(restriction, of: account)
        } catch {
            context.logger.warning(
                "restriction not stored", metadata: ["account.id": "\(account)", "error": "\(error)"])
        }
    }

    // MARK: - Watching

    /// Puts a job under watch, with its first look planned.
    private func watch(_ machine: JobMachine, after observation: Observation?) {
        let job = machine.job
        guard let submitID = job.submitID else { return }
        let now = context.time.now
        var knowledge = PollPlan.Knowledge(submittedAt: job.submittedAt ?? now, kind: job.task.kind)
        knowledge.estimate = context.runTimes[RunTimeKey(model: job.task.model, resolution: job.task.resolution)]
        knowledge.typical = context.typicalRunTime(job.task.model)
        knowledge.isLookUp = job.state == .unknown
        if let observation { knowledge.learn(from: observation) }
        var machine = machine
        var due = context.plan.firstLook(knowledge, at: now)
        if laterCancellations.remove(job.id) != nil, machine.cancel(at: now) == .askSiteToCancel {
            context.cancelAtSite(machine.job, credential)
            due = now + .seconds(1)
        }
        watched[submitID] = Watched(machine: machine, knowledge: knowledge, due: max(due, now))
        pollSignal.notify()
    }

    private func pollLoop() async {
        var lastRound: Timestamp?
        while !Task.isCancelled {
            await takeArrivals()
            let now = context.time.now
            let earliest = watched.values.lazy.map(\.due).min()
            let allowed = lastRound.map { $0 + roundSpacing() } ?? now
            if let earliest, max(earliest, allowed) <= now {
                lastRound = now
                await round(at: now)
                submissionSignal.notify()
            } else {
                await pollSignal.wait(until: earliest.map { max($0, allowed) }, on: context.time)
            }
        }
    }

    /// Least wait between two rounds: the floor, longer when a round needs more queries than may run side by side.
    private func roundSpacing() -> Duration {
        let limits = context.plan.limits
        let queries = (watched.count + limits.batch - 1) / max(1, limits.batch)
        return limits.floor * max(1, (queries + limits.parallel - 1) / max(1, limits.parallel))
    }

    /// Asks for every job that is due, and for others as long as they ride along free in the same query.
    private func round(at now: Timestamp) async {
        let limits = context.plan.limits
        let ordered = watched.sorted { $0.value.due < $1.value.due }
        let dueCount = ordered.prefix { $0.value.due <= now }.count
        let count = min(ordered.count, (dueCount + limits.batch - 1) / limits.batch * limits.batch)
        let jobs = ordered.prefix(count).map { submitID, watched in
            WatchedJob(
                submitID: submitID, historyID: watched.machine.job.historyID, kind: watched.machine.job.task.kind)
        }
        let batches = stride(from: 0, to: jobs.count, by: limits.batch).map {
            Array(jobs[$0..<min($0 + limits.batch, jobs.count)])
        }
        if batches.count == 1 {
            await query(batches[0])
        } else {
            await withTaskGroup(of: Void.self) { group in
                for (index, batch) in batches.enumerated() {
                    if index >= limits.parallel { await group.next() }
                    group.addTask { await self.query(batch) }
                }
            }
        }
    }

    private func query(_ batch: [WatchedJob]) async {
        do {
            let observations = try await context.upstream.observe(batch, as: credential)
            await apply(batch.map { ($0.submitID, observations[$0.submitID].map(Look.seen) ?? .missing) })
        } catch {
            context.logger.debug("poll failed", metadata: ["account.id": "\(account)", "error": "\(error)"])
            if error.kind == .invalidSession || error.kind == .accountBlocked {
                await restrict(after: error.kind, at: context.time.now)
            }
            await apply(batch.map { ($0.submitID, .failed(error)) })
        }
    }

    /// What one look gave for one job.
    private enum Look {
        case seen(Observation)
        case missing
        case failed(GenerationFault)
    }

    private func apply(_ looks: [(SubmitID, Look)]) async {
        let now = context.time.now
        var writes: [(SubmitID, JobMachine, JobState, JobAction, Observation?)] = []
        for (submitID, look) in looks {
            guard var entry = watched[submitID] else { continue }
            let before = entry.machine.job
            var observation: Observation?
            let action: JobAction
            switch look {
            case .seen(let seen):
                observation = seen
                entry.knowledge.learn(from: seen)
                action = entry.machine.observed(seen, at: now)
                entry.machine.updateProgress(
                    from: seen, expectedEnd: context.plan.expectedEnd(entry.knowledge), at: now)
            case .missing:
                entry.knowledge.misses += 1
                action = entry.machine.missing(at: now)
            case .failed(let fault):
                action = entry.machine.unreadable(fault, at: now)
            }
            let job = entry.machine.job
            entry.knowledge.isLookUp = job.state == .unknown
            if job.state != before.state || job.historyID != before.historyID {
                writes.append((submitID, entry.machine, before.state, action, observation))
                // A second look at the same job must not overtake this write.
                watched[submitID] = nil
            } else {
                entry.due = nextLook(entry.knowledge, look, at: now)
                watched[submitID] = entry
                if job.progress != before.progress { context.hub.publish(job) }
            }
        }
        guard !writes.isEmpty else { return }
        // Side by side, so that the store can put them into one commit.
        await withTaskGroup(of: (JobMachine?, JobMachine, JobAction, Observation?).self) { group in
            for (_, machine, state, action, observation) in writes {
                group.addTask { (await self.storeOutcome(machine, from: state), machine, action, observation) }
            }
            for await (saved, machine, action, observation) in group {
                guard let saved else {
                    limiter.giveBack(machine.job.task.kind)
                    released()
                    continue
                }
                if action == .finish { limiter.giveBack(machine.job.task.kind) }
                settle(saved, action: action, observation: observation)
            }
        }
    }

    private func nextLook(_ knowledge: PollPlan.Knowledge, _ look: Look, at now: Timestamp) -> Timestamp {
        guard case .failed(let fault) = look else { return context.plan.nextLook(knowledge, at: now) }
        let wait: Duration = fault.kind == .invalidSession || fault.kind == .accountBlocked ? .seconds(30) : .seconds(2)
        return max(now + wait, context.plan.nextLook(knowledge, at: now))
    }

    // MARK: - After a write

    /// Performs an action whose state is on disk.
    private func settle(_ machine: JobMachine, action: JobAction, observation: Observation?) {
        context.hub.publish(machine.job)
        switch action {
        case .none:
            break
        case .watch, .askSiteToCancel:
            watch(machine, after: observation)
        case .requeueHere:
            queue.insert(machine, at: 0)
        case .requeueElsewhere:
            released()
            context.dispatch(machine)
        case .finish:
            laterCancellations.remove(machine.job.id)
            learn(from: machine.job, observation)
            released()
            context.finished(machine.job)
        }
        submissionSignal.notify()
    }

    private func learn(from job: Job, _ observation: Observation?) {
        guard job.state == .succeeded, let submittedAt = job.submittedAt, let completedAt = job.completedAt else {
            return
        }
        var seconds = (completedAt - submittedAt).inSeconds
        if let start = observation?.createdAt, let end = observation?.finishedAt, end >= start {
            seconds = min(seconds, (end - start).inSeconds)
        }
        context.runTimes.add(seconds, for: RunTimeKey(model: job.task.model, resolution: job.task.resolution))
    }

    /// Writes a transition.
    private func store(_ machine: JobMachine, from state: JobState) async throws(StoreFault) -> JobMachine {
        guard let lease else { throw StoreFault(.conflict, detail: "the account's lease is lost") }
        var machine = machine
        let saved = try await context.jobs.save(machine.job, expecting: state, lease: lease)
        machine.stored(revision: saved.revision)
        return machine
    }

    /// A waiting job could not be moved: it waits on here while the store recovers, or belongs to somebody else now.
    private func notStored(_ machine: JobMachine, _ fault: StoreFault) {
        context.logger.error(
            "job not stored", metadata: ["generation.id": "\(machine.job.id)", "error": "\(fault)"])
        guard fault.kind == .unavailable else { return released() }
        var machine = machine
        machine.postpone(until: context.time.now + .seconds(5))
        queue.append(machine)
    }

    /// Writes what the site said. It must not be lost: a store that is unavailable is tried again until the write
    /// succeeds or somebody else owns the job. The submit id is on disk already, so a crash meanwhile costs a look-up.
    private func storeOutcome(_ machine: JobMachine, from state: JobState) async -> JobMachine? {
        var wait = Duration.milliseconds(100)
        while true {
            do {
                return try await store(machine, from: state)
            } catch {
                context.logger.error(
                    "outcome not stored",
                    metadata: ["generation.id": "\(machine.job.id)", "error": "\(error)"])
                guard error.kind == .unavailable else { return nil }
            }
            do {
                try await context.time.sleep(until: context.time.now + wait)
            } catch {
                return nil
            }
            wait = min(wait * 2, .seconds(10))
        }
    }

    // MARK: - Cancelling

    private func performCancellations() async {
        var ids = mailbox.withLock { mailbox in
            defer { mailbox.cancellations = [] }
            return Set(mailbox.cancellations)
        }
        guard !ids.isEmpty else { return }
        let now = context.time.now
        let waiting = queue.filter { ids.contains($0.job.id) }
        queue.removeAll { ids.contains($0.job.id) }
        for original in waiting {
            ids.remove(original.job.id)
            var machine = original
            let action = machine.cancel(at: now)
            do {
                settle(try await store(machine, from: original.job.state), action: action, observation: nil)
            } catch {
                notStored(original, error)
            }
        }
        for submitID in Array(watched.keys) {
            guard var entry = watched[submitID], ids.remove(entry.machine.job.id) != nil else { continue }
            guard entry.machine.cancel(at: now) == .askSiteToCancel else { continue }
            context.cancelAtSite(entry.machine.job, credential)
            entry.due = now + .seconds(1)
            watched[submitID] = entry
            pollSignal.notify()
        }
        laterCancellations.formUnion(ids)
    }

    private func log(_ outcome: SubmitOutcome, of job: Job) {
        var metadata: Logger.Metadata = [
            "generation.id": "\(job.id)", "account.id": "\(account)", "submit.id": "\(job.submitID?.rawValue ?? "")",
        ]
        switch outcome {
        case .accepted:
            metadata["history.id"] = "\(job.historyID ?? "")"
            context.logger.debug("submission accepted", metadata: metadata)
        case .refused(let fault):
            metadata["error"] = "\(fault)"
            context.logger.info("submission refused", metadata: metadata)
        case .notSent(let fault):
            metadata["error"] = "\(fault)"
            context.logger.info("submission not sent", metadata: metadata)
        case .unknown(let fault):
            metadata["error"] = "\(fault)"
            context.logger.warning("answer to submission lost", metadata: metadata)
        }
    }
}

extension PollPlan.Knowledge {
    /// Takes over what one observation tells about time.
    mutating func learn(from observation: Observation) {
        misses = 0
        forecastQueue = observation.forecastQueue ?? forecastQueue
        forecastRun = observation.forecastRun ?? forecastRun
        queuePosition = observation.queuePosition
        pollingInterval = observation.pollingInterval ?? pollingInterval
    }
}
