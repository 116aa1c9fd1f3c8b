import Logging
import Synchronization

/// Submissions: in order, as many at once as the account may have, each stored before it leaves.
extension AccountWorker {
    func submissionLoop() async {
        await withDiscardingTaskGroup { group in
            var idleUntil: Timestamp?
            while !Task.isCancelled {
                await takeArrivals()
                await performCancellations()
                if !isDraining {
                    for machine in takeSubmittable() { group.addTask { await self.submit(machine) } }
                }
                // Staying for a while spares the next job of this account the lease.
                let now = context.time.now
                idleUntil = load > 0 ? nil : idleUntil ?? now + (isDraining ? .zero : context.configuration.idleWorker)
                if let idleUntil, idleUntil <= now, retireIfIdle() { return }
                await submissionSignal.wait(until: idleUntil ?? (isDraining ? nil : nextWake()), on: context.time)
            }
        }
    }

    var isDraining: Bool { mailbox.withLock { $0.isDraining } }

    /// Puts a job in line.
    /// `first`: it was here before the others and only comes back.
    func enqueue(_ machine: JobMachine, first: Bool = false) {
        let kind = machine.job.task.kind
        if let notBefore = machine.job.notBefore, notBefore > context.time.now {
            delayed.append(machine)
        } else if isBound(machine.job) {
            if first {
                bound[kind, default: FairLine()].prepend(machine)
            } else {
                bound[kind, default: FairLine()].append(machine)
            }
        } else {
            if first {
                ready[kind, default: FairLine()].prepend(machine)
            } else {
                ready[kind, default: FairLine()].append(machine)
            }
        }
    }

    /// Every job that may leave now: first those that are here, then those that wait for any account. What was handed
    /// here and can't leave goes back to where any account may take it.
    private func takeSubmittable() -> [JobMachine] {
        let now = context.time.now
        let due = delayed.filter { $0.job.notBefore.map { $0 <= now } ?? true }
        if !due.isEmpty {
            delayed.removeAll { $0.job.notBefore.map { $0 <= now } ?? true }
            for machine in due.reversed() { enqueue(machine, first: true) }
        }
        // Told before the look at who waits: a job that comes in between is either seen there or brought here.
        publishPlaces()
        var taken: [JobMachine] = []
        func leave(_ machine: JobMachine) {
            _ = limiter.take(machine.job.task.kind, at: now)
            submitting += 1
            taken.append(machine)
        }
        for kind in MediaKind.allCases {
            while places(kind, at: now) != 0, let machine = bound[kind]?.popFirst() ?? ready[kind]?.popFirst() {
                leave(machine)
            }
            let free = places(kind, at: now)
            if free != 0 { context.line.take(kind, most: free, for: self).forEach(leave) }
        }
        returnBlocked()
        return taken
    }

    /// How many jobs of the kind may leave now; nil = as many as there are.
    private func places(_ kind: MediaKind, at now: Timestamp) -> Int? {
        switch gate(at: now) {
        case .open: return limiter.free(kind, at: now)
        // Whether the account works again is for one submission to find out.
        case .trial, .lastResort: return submitting > 0 ? 0 : min(1, limiter.free(kind, at: now) ?? 1)
        case .opens, .closed: return 0
        }
    }

    /// Tells those who hand out jobs how many this account could send.
    func publishPlaces() {
        let now = context.time.now
        let places = MediaKind.allCases.map { kind in (kind, limiter.free(kind, at: now), inLine(kind)) }
        let waiting = places.reduce(0) { $0 + $1.2 }
        mailbox.withLock { mailbox in
            for (kind, free, inLine) in places {
                let coming = mailbox.arrivals.count { $0.job.task.kind == kind }
                mailbox.free[kind] = free.map { $0 - inLine - coming }
            }
            mailbox.underWay = submitting + waiting + mailbox.arrivals.count { !$0.job.state.mayExistAtSite }
        }
    }

    /// Jobs of the kind that may go now.
    private func inLine(_ kind: MediaKind) -> Int { (ready[kind]?.count ?? 0) + (bound[kind]?.count ?? 0) }

    /// Jobs that were handed here and can't leave now go to other accounts, wait for the first that can take them, or,
    /// when none may serve, their clients hear why not. Those bound to this account stay, unless it takes nothing more.
    private func returnBlocked() {
        let isClosed = gate(at: context.time.now) == .closed
        var blocked: [JobMachine] = []
        for kind in MediaKind.allCases {
            if isClosed { blocked += bound[kind]?.popAll() ?? [] }
            blocked += ready[kind]?.popAll() ?? []
        }
        publishPlaces()
        // The last one first, as each goes in front.
        for machine in blocked.reversed() {
            released()
            context.line.giveBack(machine)
        }
    }

    /// Whether the job waits for this account alone: its inputs are here, or the account is to be asked again.
    private func isBound(_ job: Job) -> Bool {
        job.state == .preparing && job.account == account || job.refusals.contains { $0.account == account }
    }

    /// When a delayed job becomes due, a pause ends by itself or the account may have more; everything else comes with a
    /// signal.
    func nextWake() -> Timestamp? {
        var instants = delayed.compactMap(\.job.notBefore)
        let now = context.time.now
        if case .opens(let instant) = gate(at: now), bound.values.contains(where: { !$0.isEmpty }) {
            instants.append(instant)
        }
        for kind in MediaKind.allCases {
            guard let growth = limiter.nextGrowth(kind) else { continue }
            if bound[kind]?.isEmpty == false || context.line.waits(kind, for: account) { instants.append(growth) }
        }
        return instants.min()
    }

    /// What the account may be sent now; nothing while it is switched off.
    private func gate(at now: Timestamp) -> AccountHealth.Gate {
        guard let record = context.keeper[account], record.isEnabled else { return .closed }
        return record.health.gate(at: now)
    }

    func retireIfIdle() -> Bool {
        mailbox.withLock { mailbox in
            guard mailbox.load == 0 else { return false }
            mailbox.isRetired = true
            return true
        }
    }

    /// The steps are functions of their own because thousands may be under way: each holds its own frame only.
    func submit(_ waiting: JobMachine) async {
        let kind = waiting.job.task.kind
        defer {
            submitting -= 1
            submissionSignal.notify()
        }
        // Cancelled after it was put in line again: it is found there by the next pass.
        if laterCancellations.contains(waiting.job.id) {
            limiter.giveBack(kind)
            return enqueue(waiting, first: true)
        }
        var machine = waiting
        var inputs: [String: UploadedMaterial] = [:]
        if !waiting.job.task.inputs.isEmpty {
            guard let prepared = await prepare(waiting) else { return }
            (machine, inputs) = prepared
        }
        let submitID = context.newSubmitID()
        guard let submitted = await stored(machine, as: submitID) else { return }
        let submittedAt = context.time.now
        context.hub.publish(submitted.job)
        context.keeper.chosen(account, at: submittedAt)
        let outcome = await sent(submitted.job, inputs, as: submitID)
        await take(outcome, of: submitted, sentAt: submittedAt)
    }

    /// The job on disk as on its way to the site; nil when it could not be written, so that nothing may leave.
    @inline(never)
    private func stored(_ waiting: JobMachine, as submitID: SubmitID) async -> JobMachine? {
        var machine = waiting
        machine.submit(as: credential, with: submitID, at: context.time.now)
        do {
            return try await store(machine, from: waiting.job.state)
        } catch {
            limiter.giveBack(waiting.job.task.kind)
            notStored(waiting, error)
            return nil
        }
    }

    @inline(never)
    private func sent(
        _ job: Job, _ inputs: [String: UploadedMaterial], as submitID: SubmitID
    ) async -> SubmitOutcome {
        await context.upstream.submit(job.task, inputs: inputs, id: submitID, as: credential)
    }

    /// Takes over what the site said to a submission.
    @inline(never)
    private func take(_ said: SubmitOutcome, of submitted: JobMachine, sentAt submittedAt: Timestamp) async {
        let kind = submitted.job.task.kind
        var machine = submitted
        var outcome = said
        let now = context.time.now
        let action: JobAction
        switch outcome {
        case .accepted, .unknown:
            if case .accepted = outcome {
                await context.keeper.note(.accepted(submittedAt: submittedAt, kind: kind), of: account)
                context.keeper.noteModel(machine.job.task.model, isRefused: false, by: account)
                context.keeper.spent(machine.job.quotedCredits ?? 0, by: account)
            }
            context.taken(machine.job.id, account)
            action = machine.submitEnded(outcome, at: now)
        case .refused(let fault), .notSent(let fault):
            limiter.giveBack(kind)
            if fault.kind == .upstreamConcurrencyLimit { limiter.refused(kind, at: now) }
            if case .notSent = outcome, Task.isCancelled {
                // Not the site's doing: this process is stopping. It waits on disk for the next one.
                action = machine.refusalCured()
            } else if fault.kind == .insufficientCredits, await claimCredits() {
                action = machine.refusalCured()
            } else {
                let fault = await explained(fault, of: machine.job)
                if case .refused = outcome { outcome = .refused(fault) }
                if fault.kind == .upstreamPermissionDenied {
                    context.keeper.noteModel(machine.job.task.model, isRefused: true, by: account)
                }
                // Credits that do not cover a resolution say nothing about other generations.
                if fault.uncoveredResolution == nil {
                    await context.keeper.note(.failed(fault.kind, kind: kind), of: account)
                }
                action = machine.submitEnded(outcome, at: now)
            }
        }
        log(outcome, of: machine.job)
        var observation: Observation?
        if case .accepted(let seen) = outcome { observation = seen }
        guard let saved = await storeOutcome(machine, from: .submitting) else {
            if machine.job.state.mayExistAtSite || observation != nil { limiter.giveBack(kind) }
            return lost(machine.job.id)
        }
        if action == .finish, observation != nil { limiter.giveBack(kind) }
        settle(saved, action: action, observation: observation)
    }

    /// Claims the day's free credits once a day, and tells whether the account has credits now.
    func claimCredits() async -> Bool {
        guard context.configuration.claimsDailyCredits, context.keeper.takeDailyClaim(account) else { return false }
        do {
            guard try await context.upstream.claimDailyCredits(for: credential).received > 0 else { return false }
            let balance = try await context.upstream.credits(of: credential)
            await context.keeper.note(balance, of: account)
            context.logger.info(
                "daily credits claimed", metadata: ["account.id": "\(account)", "credits": "\(balance.total)"])
            return balance.total > 0
        } catch {
            context.logger.info(
                "daily credits not claimed", metadata: ["account.id": "\(account)", "error": "\(error)"])
            return false
        }
    }

    func giveBackPlace(of machine: JobMachine) {
        limiter.giveBack(machine.job.task.kind)
    }

    func takeLaterCancellation(_ id: GenerationID) -> Bool {
        laterCancellations.remove(id) != nil
    }

    // MARK: - Cancelling

    func performCancellations() async {
        var (ids, abandoned) = mailbox.withLock { mailbox in
            defer {
                mailbox.cancellations = []
                mailbox.abandoned = []
            }
            return (Set(mailbox.cancellations), mailbox.abandoned)
        }
        // Those whose job was between two states the last time.
        ids.formUnion(laterCancellations)
        laterCancellations = []
        abandoned.formUnion(ids)
        guard !abandoned.isEmpty else { return }
        let now = context.time.now
        var waiting = delayed.filter { abandoned.contains($0.job.id) }
        delayed.removeAll { abandoned.contains($0.job.id) }
        for kind in MediaKind.allCases {
            waiting += ready[kind]?.removeAll { abandoned.contains($0.job.id) } ?? []
            waiting += bound[kind]?.removeAll { abandoned.contains($0.job.id) } ?? []
        }
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
        // One that was here may wait for any account by now.
        context.line.cancelWaiting(abandoned.subtracting(waiting.map(\.job.id)))
        // A job that has ended, or that never was here, needs no remembering.
        laterCancellations.formUnion(ids.filter { context.hub.job($0) != nil })
    }

    // MARK: - Logging

    func log(_ outcome: SubmitOutcome, of job: Job) {
        context.metrics.submitted(outcome)
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
