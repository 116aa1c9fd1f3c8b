import Logging
import Synchronization

/// What callers ask about generations, wherever those are: in memory while they run, else on disk.
extension Engine: GenerationService {
    package func job(_ id: GenerationID) async throws(GenerationFault) -> Job? {
        if let job = hub.job(id) { return job }
        do {
            return try await jobs.job(id)
        } catch {
            logger.error("job not read", metadata: ["generation.id": "\(id)", "error": "\(error)"])
            throw Self.fault(of: error)
        }
    }

    package func wait(
        for id: GenerationID, until deadline: Timestamp, unless interruption: Interruption
    ) async throws -> Job {
        if hub.job(id) != nil, deadline > time.now {
            let ended = await hub.terminal(id, until: deadline, unless: interruption, on: time)
            if let ended { return ended }
            try Task.checkCancellation()
            if state.withLock({ $0.isDraining }), time.now < deadline, !interruption.isFired {
                throw GenerationFault(.shuttingDown, retryAfter: .seconds(10))
            }
        }
        guard let job = try await job(id) else { throw GenerationFault(.historyNotFound) }
        return job
    }

    package func kept(_ job: Job, until deadline: Timestamp) async -> Job {
        guard job.lacksCopies else { return job }
        if let copying = archiver.copying(of: job.id) {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in copying {} }
                group.addTask {
                    try? await self.time.sleep(until: deadline)  // Only cancellation is thrown: the wait is over.
                }
                await group.next()
                group.cancelAll()
            }
        }
        do {
            return try await jobs.job(job.id) ?? job
        } catch {
            logger.warning("job not read", metadata: ["generation.id": "\(job.id)", "error": "\(error)"])
            return job
        }
    }

    package func changes(of id: GenerationID) -> AsyncStream<Job> {
        if let stream = hub.changes(of: id) { return stream }
        // Terminal already (or unknown): its one state, then the end.
        let isFirst = Mutex(true)
        return AsyncStream {
            let isDue = isFirst.withLock { isFirst in
                defer { isFirst = false }
                return isFirst
            }
            return isDue ? try? await self.job(id) : nil  // A failed read ends the stream.
        }
    }

    package func cancel(_ id: GenerationID) async throws(GenerationFault) -> Job? {
        guard let job = try await job(id), !job.state.isTerminal else { return try await job(id) }
        let workers = state.withLock { state -> [AccountWorker] in
            if let machine = state.waiting.remove(id) {
                choreInput.yield(.cancel(machine))
                return []
            }
            if hub.job(id) != nil { state.cancelling.insert(id) }
            let accounts = job.state.mayExistAtSite ? job.account.map { [$0] } ?? [] : job.candidates
            return accounts.compactMap { state.workers[$0] }
        }
        for worker in workers { worker.cancel(id) }
        // A queued job ends at once; what the site has needs its answer and a look.
        do {
            let patience: Duration = job.state.mayExistAtSite ? .seconds(5) : .seconds(2)
            return try await wait(for: id, until: time.now + patience)
        } catch {
            return try await self.job(id)
        }
    }

    package func cancelIfWaiting(_ id: GenerationID) async {
        cancelWaiting([id])
        let workers = state.withLock { Array($0.workers.values) }
        for worker in workers { worker.cancelIfWaiting(id) }
    }

    package func jobs(matching filter: JobFilter) async throws(GenerationFault) -> JobPage {
        do {
            var page = try await jobs.jobs(matching: filter)
            page.jobs = page.jobs.map { hub.job($0.id) ?? $0 }
            return page
        } catch {
            logger.error("jobs not read", metadata: ["error": "\(error)"])
            throw Self.fault(of: error)
        }
    }

    package func content(of job: Job, output index: Int) async throws(GenerationFault) -> RemoteFile {
        guard job.outputs.indices.contains(index) else { throw GenerationFault(.resultDownloadFailed) }
        do {
            if let stored = job.outputs[index].stored, let kept = try await media.open(stored.key) {
                return RemoteFile(byteCount: kept.file.byteCount, mimeType: kept.file.mimeType, body: kept.body)
            }
        } catch {
            logger.warning("kept file not read", metadata: ["generation.id": "\(job.id)", "error": "\(error)"])
        }
        return try await source.open(index, of: job)
    }

    package func cover(of job: Job, output index: Int) async throws(GenerationFault) -> RemoteFile {
        try await source.openCover(index, of: job)
    }

    /// How many generations the account has at the site or on their way there.
    package func running(of id: AccountID) -> Int {
        state.withLock { $0.workers[id] }?.load ?? 0
    }

    /// How many jobs that have not ended there are of each sort.
    package var tally: [JobTally: Int] { hub.tally }

    package var status: EngineStatus {
        get async {
            let counts = hub.counts
            let (workers, isDraining) = state.withLock { (Array($0.workers.keys), $0.isDraining) }
            let now = time.now
            let restricted = workers.count { id in keeper[id].map { $0.health.gate(at: now) != .open } ?? false }
            return EngineStatus(
                waiting: counts.waiting, running: counts.running, activeAccounts: workers.count,
                restrictedAccounts: restricted, isDraining: isDraining)
        }
    }
}
