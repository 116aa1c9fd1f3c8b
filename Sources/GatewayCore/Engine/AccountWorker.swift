import Logging
import Synchronization

/// Everything that happens at the site for one account: submissions in order, and one poller for all its running jobs.
///
/// A worker exists while its account has work. It holds the account's lease; when the lease is lost it stops touching
/// the jobs, because another process has them now.
actor AccountWorker {
    nonisolated let account: AccountID
    let context: EngineContext
    let credential: AccountCredential

    /// What other tasks may touch without waiting for the actor.
    struct Mailbox {
        var arrivals: [JobMachine] = []
        var cancellations: [GenerationID] = []
        /// To be cancelled only while they wait in the queue.
        var abandoned: Set<GenerationID> = []
        /// Jobs that this worker has, in any state; decides load and retirement.
        var load = 0
        /// Places that were free when the worker last looked, less the jobs that came since; nil = any number.
        var free: [MediaKind: Int]
        /// Jobs on their way to the site, from their arrival to its answer.
        var underWay = 0
        var isDraining = false
        var isRetired = false
    }

    nonisolated let mailbox: Mutex<Mailbox>
    nonisolated let submissionSignal = WakeSignal()
    nonisolated let pollSignal = WakeSignal()

    struct Watched {
        var machine: JobMachine
        var knowledge: PollPlan.Knowledge
        var due: Timestamp
    }

    /// Jobs that were handed to this account and may go now, by kind; owners take turns.
    var ready: [MediaKind: FairLine] = [:]
    /// Jobs that may go now but only here, by kind: their inputs are here, or the account is to be asked again.
    var bound: [MediaKind: FairLine] = [:]
    /// Jobs held back until their `notBefore`.
    var delayed: [JobMachine] = []
    var watched: [SubmitID: Watched] = [:]
    /// What the poll loop sleeps towards; an earlier due job wakes it.
    var plannedRound: Timestamp?
    /// Uploads under way by the SHA-256 of their bytes, with who waits for them.
    var uploading: [String: [CheckedContinuation<Void, Never>]] = [:]
    /// Jobs to be cancelled whose submission has not ended yet.
    var laterCancellations: Set<GenerationID> = []
    var limiter: SubmissionLimiter
    /// Submissions under way, from the line to the site's answer.
    var submitting = 0
    var lease: LeaseToken?

    init(credential: AccountCredential, context: EngineContext) {
        account = credential.id
        self.credential = credential
        self.context = context
        limiter = SubmissionLimiter(maximum: context.configuration.maximumInFlight)
        mailbox = Mutex(Mailbox(free: context.configuration.maximumInFlight.mapValues { max(1, $0) }))
    }

    // MARK: - Mailbox

    /// Hands a job over. False when the worker has retired meanwhile; then a new one is needed.
    nonisolated func accept(_ machine: JobMachine) -> Bool {
        let isTaken = mailbox.withLock { mailbox in
            guard !mailbox.isRetired else { return false }
            mailbox.arrivals.append(machine)
            mailbox.load += 1
            mailbox.free[machine.job.task.kind]? -= 1
            if !machine.job.state.mayExistAtSite { mailbox.underWay += 1 }
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

    /// Cancels the job if it still waits in this worker's queue.
    nonisolated func cancelIfWaiting(_ id: GenerationID) {
        let isHere = mailbox.withLock { mailbox in
            guard mailbox.load > 0 else { return false }
            mailbox.abandoned.insert(id)
            return true
        }
        if isHere { submissionSignal.notify() }
    }

    nonisolated var load: Int { mailbox.withLock { $0.load } }
    nonisolated var isRetired: Bool { mailbox.withLock { $0.isRetired } }

    /// How much the worker has, and whether it could send a job of the kind at once. `oneAtATime`: its account is on
    /// trial.
    nonisolated func standing(_ kind: MediaKind, oneAtATime: Bool) -> (load: Int, hasPlace: Bool) {
        mailbox.withLock { mailbox in
            let isFree = mailbox.free[kind].map { $0 > 0 } ?? true
            return (mailbox.load, isFree && !(oneAtATime && mailbox.underWay > 0))
        }
    }

    /// Jobs that the worker takes by itself.
    nonisolated func took(_ count: Int) {
        mailbox.withLock { $0.load += count }
    }

    /// Stops claiming queued jobs; what is at the site is watched until the worker is cancelled.
    nonisolated func drain() {
        mailbox.withLock { $0.isDraining = true }
        submissionSignal.notify()
        pollSignal.notify()
    }

    nonisolated func released() {
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
        // The lease is left to expire. Given back here, it could be taken from the account's next worker, which has it
        // under the same number because it belongs to the same process.
        abandon()
    }

    func takeLease() async -> Bool {
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
    func leaseLoop() async {
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
    func abandon() {
        let left = mailbox.withLock { mailbox in
            mailbox.isRetired = true
            defer { mailbox.arrivals = [] }
            return mailbox.arrivals.count
        }
        let inLine = (Array(ready.values) + Array(bound.values)).reduce(0) { $0 + $1.count }
        let count = left + delayed.count + watched.count + inLine
        if count > 0 {
            context.logger.info("jobs left to the store", metadata: ["account.id": "\(account)", "jobs": "\(count)"])
        }
    }

    /// Moves arrivals to where they belong.
    func takeArrivals() async {
        let arrivals = mailbox.withLock { mailbox in
            defer { mailbox.arrivals = [] }
            return mailbox.arrivals
        }
        var interrupted: [JobMachine] = []
        for machine in arrivals {
            switch machine.job.state {
            case .queued, .preparing:
                enqueue(machine)
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
        await withTaskGroup(of: (JobMachine, JobMachine?).self) { group in
            for var machine in interrupted {
                machine.interrupted(at: now)
                group.addTask { [machine] in (machine, await self.storeOutcome(machine, from: .submitting)) }
            }
            for await (machine, saved) in group {
                guard let saved else {
                    giveBackPlace(of: machine)
                    lost(machine.job.id)
                    continue
                }
                context.hub.publish(saved.job)
                watch(saved, after: nil)
            }
        }
    }

    // MARK: - After a write

    /// Performs an action whose state is on disk.
    func settle(_ machine: JobMachine, action: JobAction, observation: Observation?) {
        // Before anybody hears of the end: whoever waits for the copies too must find them begun.
        if action == .finish { context.finished(machine.job) }
        context.hub.publish(machine.job)
        switch action {
        case .none:
            break
        case .watch, .askSiteToCancel:
            watch(machine, after: observation)
        case .requeueHere:
            enqueue(machine, first: true)
        case .requeueElsewhere where laterCancellations.contains(machine.job.id):
            // It is to end, so it goes nowhere: the next pass finds it in line.
            enqueue(machine, first: true)
        case .requeueElsewhere:
            released()
            publishPlaces()
            context.line.giveBack(machine)
        case .finish:
            laterCancellations.remove(machine.job.id)
            learn(from: machine.job, observation)
            released()
        }
        submissionSignal.notify()
    }

    func learn(from job: Job, _ observation: Observation?) {
        guard job.state == .succeeded, let submittedAt = job.submittedAt, let completedAt = job.completedAt else {
            return
        }
        if let end = observation?.finishedAt { context.metrics.noticed(finished: end, at: completedAt) }
        var seconds = (completedAt - submittedAt).inSeconds
        if let start = observation?.createdAt, let end = observation?.finishedAt, end >= start {
            seconds = min(seconds, (end - start).inSeconds)
        }
        context.runTimes.add(seconds, for: job.task.runTimeKey)
    }

    /// Writes a transition.
    func store(_ machine: JobMachine, from state: JobState) async throws(StoreFault) -> JobMachine {
        guard let lease else { throw StoreFault(.conflict, detail: "the account's lease is lost") }
        var machine = machine
        let saved = try await context.jobs.save(machine.job, expecting: state, lease: lease)
        machine.stored(revision: saved.revision)
        return machine
    }

    /// A waiting job could not be moved: it waits on here while the store recovers, or belongs to somebody else now.
    func notStored(_ machine: JobMachine, _ fault: StoreFault) {
        context.logger.error(
            "job not stored", metadata: ["generation.id": "\(machine.job.id)", "error": "\(fault)"])
        guard fault.kind == .unavailable else {
            // Another lease or another writer came in between: whoever is right now, the store knows where it stands.
            return lost(machine.job.id)
        }
        var machine = machine
        machine.postpone(until: context.time.now + .seconds(5))
        enqueue(machine)
    }

    /// Lets go of a job whose next state could not be written: the store tells whose it is now and where it stands.
    func lost(_ id: GenerationID) {
        released()
        submissionSignal.notify()
        if !Task.isCancelled { context.takeUpAgain(id) }
    }

    /// Writes what the site said. It must not be lost: a store that is unavailable is tried again until the write
    /// succeeds or somebody else owns the job. The submit id is on disk already, so a crash meanwhile costs a look-up.
    func storeOutcome(_ machine: JobMachine, from state: JobState) async -> JobMachine? {
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
}
