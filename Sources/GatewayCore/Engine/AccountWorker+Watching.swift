import Logging

/// Watching: the one poller of the account.
extension AccountWorker {
    /// Puts a job under watch, with its first look planned.
    func watch(_ machine: JobMachine, after observation: Observation?) {
        let job = machine.job
        guard let submitID = job.submitID else { return }
        let now = context.time.now
        var knowledge = PollPlan.Knowledge(submittedAt: job.submittedAt ?? now, kind: job.task.kind)
        knowledge.estimate = context.runTimes[job.task.runTimeKey]
        knowledge.typical = context.typicalRunTime(job.task.model)
        knowledge.isLookUp = job.state == .unknown
        if let observation { knowledge.learn(from: observation) }
        var machine = machine
        var due = context.plan.firstLook(knowledge, at: now)
        if laterCancellations.remove(job.id) != nil, machine.cancel(at: now) == .askSiteToCancel {
            context.cancelAtSite(machine.job, credential)
            due = now + .seconds(1)
        }
        due = max(due, now)
        watched[submitID] = Watched(machine: machine, knowledge: knowledge, due: due)
        if plannedRound.map({ due < $0 }) ?? true { pollSignal.notify() }
    }

    func pollLoop() async {
        var lastRound: Timestamp?
        while !Task.isCancelled {
            await takeArrivals()
            let now = context.time.now
            let earliest = watched.values.lazy.map(\.due).min()
            let allowed = lastRound.map { $0 + context.plan.limits.floor } ?? now
            plannedRound = earliest.map { max($0, allowed) }
            if let planned = plannedRound, planned <= now {
                lastRound = now
                await round(at: now)
                submissionSignal.notify()
            } else {
                await pollSignal.wait(until: plannedRound, on: context.time)
            }
        }
    }

    /// Asks for the jobs that are due, the most overdue first, and for others as long as they ride along free in the
    /// same query. One round has at most as many queries as may run side by side, so that an account never causes more
    /// than that many in one floor, however many jobs it has.
    func round(at now: Timestamp) async {
        let limits = context.plan.limits
        let ordered = watched.sorted { $0.value.due < $1.value.due }
        let dueCount = ordered.prefix { $0.value.due <= now }.count
        let queries = min(limits.parallel, (dueCount + limits.batch - 1) / limits.batch)
        let count = min(ordered.count, queries * limits.batch)
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
                for batch in batches { group.addTask { await self.query(batch) } }
            }
        }
    }

    func query(_ batch: [WatchedJob]) async {
        do {
            let observations = try await context.upstream.observe(batch, as: credential)
            await context.keeper.note(.sessionAlive, of: account)
            await apply(batch.map { ($0.submitID, observations[$0.submitID].map(Look.seen) ?? .missing) })
        } catch {
            context.logger.debug("poll failed", metadata: ["account.id": "\(account)", "error": "\(error)"])
            // What a look could not make sense of says nothing about submissions.
            let concernsAccount = ![.upstreamInvalidResponse, .upstreamHTTPError, .upstreamBusy].contains(error.kind)
            if concernsAccount, !Task.isCancelled { await context.keeper.note(.failed(error.kind), of: account) }
            await apply(batch.map { ($0.submitID, .failed(error)) })
        }
    }

    /// What one look gave for one job.
    enum Look {
        case seen(Observation)
        case missing
        case failed(GenerationFault)
    }

    func apply(_ looks: [(SubmitID, Look)]) async {
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
                group.addTask {
                    let best = await self.withBestLinks(machine)
                    return (await self.storeOutcome(best, from: state), best, action, observation)
                }
            }
            for await (saved, machine, action, observation) in group {
                guard let saved else {
                    limiter.giveBack(machine.job.task.kind)
                    lost(machine.job.id)
                    continue
                }
                if action == .finish { limiter.giveBack(machine.job.task.kind) }
                settle(saved, action: action, observation: observation)
            }
        }
    }

    /// Finished videos come with a preview; the site has a better rendition behind one more call. Without it the
    /// preview is kept: a paid result never waits for its better half.
    private func withBestLinks(_ machine: JobMachine) async -> JobMachine {
        let job = machine.job
        guard job.task.kind == .video, job.state == .succeeded || job.state == .partial else { return machine }
        var links: [String?] = []
        for output in job.outputs {
            do {
                links.append(try await context.upstream.bestLink(for: output.remote, as: credential))
            } catch {
                context.logger.info(
                    "best rendition not found", metadata: ["generation.id": "\(job.id)", "error": "\(error)"])
                links.append(nil)
            }
        }
        var machine = machine
        machine.improveLinks(links)
        return machine
    }

    func nextLook(_ knowledge: PollPlan.Knowledge, _ look: Look, at now: Timestamp) -> Timestamp {
        guard case .failed(let fault) = look else { return context.plan.nextLook(knowledge, at: now) }
        let wait: Duration = fault.kind == .invalidSession || fault.kind == .accountBlocked ? .seconds(30) : .seconds(2)
        return max(now + wait, context.plan.nextLook(knowledge, at: now))
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
