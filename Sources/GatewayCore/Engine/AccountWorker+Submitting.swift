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
                    redirectLine()
                    while let machine = takeSubmittable() {
                        submitting += 1
                        group.addTask { await self.submit(machine) }
                    }
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
        if let notBefore = machine.job.notBefore, notBefore > context.time.now {
            delayed.append(machine)
        } else if first {
            ready[machine.job.task.kind, default: FairLine()].prepend(machine)
        } else {
            ready[machine.job.task.kind, default: FairLine()].append(machine)
        }
    }

    /// The first job of a kind that has a free place.
    func takeSubmittable() -> JobMachine? {
        let now = context.time.now
        switch gate(at: now) {
        case .open: break
        // Whether the account works again is for one submission to find out.
        case .trial, .lastResort: if submitting > 0 { return nil }
        case .opens, .closed: return nil
        }
        let due = delayed.filter { $0.job.notBefore.map { $0 <= now } ?? true }
        if !due.isEmpty {
            delayed.removeAll { $0.job.notBefore.map { $0 <= now } ?? true }
            for machine in due.reversed() { ready[machine.job.task.kind, default: FairLine()].prepend(machine) }
        }
        for kind in MediaKind.allCases where ready[kind]?.isEmpty == false {
            if limiter.take(kind, at: now) { return ready[kind]?.popFirst() }
        }
        return nil
    }

    /// When a delayed job becomes due or a pause ends by itself; everything else comes with a signal.
    func nextWake() -> Timestamp? {
        var instants = delayed.compactMap(\.job.notBefore)
        let now = context.time.now
        if case .opens(let instant) = gate(at: now), ready.values.contains(where: { !$0.isEmpty }) {
            instants.append(instant)
        }
        return instants.min()
    }

    /// What the account may be sent now; nothing while it is switched off.
    private func gate(at now: Timestamp) -> AccountHealth.Gate {
        guard let record = context.keeper[account], record.isEnabled else { return .closed }
        return record.health.gate(at: now)
    }

    /// Nothing is sent into a pause: the jobs in line go to other accounts, or their clients hear why not.
    private func redirectLine() {
        guard gate(at: context.time.now) == .closed else { return }
        let line = MediaKind.allCases.flatMap { ready[$0]?.removeAll { _ in true } ?? [] }
        for machine in line {
            released()
            context.dispatch(machine)
        }
    }

    func retireIfIdle() -> Bool {
        mailbox.withLock { mailbox in
            guard mailbox.load == 0 else { return false }
            mailbox.isRetired = true
            return true
        }
    }

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
        let waiting = machine
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
        let submittedAt = context.time.now
        context.keeper.chosen(account, at: submittedAt)

        var outcome = await context.upstream.submit(machine.job.task, inputs: inputs, id: submitID, as: credential)
        let now = context.time.now
        let action: JobAction
        switch outcome {
        case .accepted, .unknown:
            if case .accepted = outcome {
                await context.keeper.note(.accepted(submittedAt: submittedAt, kind: kind), of: account)
                context.keeper.noteModel(machine.job.task.model, isRefused: false, by: account)
                context.keeper.spent(machine.job.quotedCredits ?? 0, by: account)
            }
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
