import Synchronization

/// Tells everybody who waits for a job about its changes. Holds the newest state of every job that is not terminal.
final class JobHub: Sendable {
    struct Entry {
        var job: Job
        var waiters: [Int: FirstOutcome<Job?>] = [:]
        var readers: [Int: AsyncStream<Job>.Continuation] = [:]
    }

    struct State {
        var entries: [GenerationID: Entry] = [:]
        /// Jobs that are not terminal, and places kept for jobs to come; only owners that have any.
        var places: [String: Int] = [:]
        var nextToken = 0
    }

    private let state = Mutex(State())
    private let ended: @Sendable (Job) -> Void

    /// `ended`: told of every terminal state, before the waiters are.
    init(ended: @escaping @Sendable (Job) -> Void = { _ in }) {
        self.ended = ended
    }

    /// How many jobs are not terminal.
    var count: Int { state.withLock { $0.entries.count } }

    /// How many of them are not yet with the site, and how many are.
    var counts: (waiting: Int, running: Int) {
        state.withLock { state in
            let running = state.entries.values.count { $0.job.state.mayExistAtSite }
            return (state.entries.count - running, running)
        }
    }

    /// How many of each sort.
    var tally: [JobTally: Int] {
        state.withLock { state in
            state.entries.values.reduce(into: [:]) { tally, entry in
                tally[JobTally(kind: entry.job.task.kind, state: entry.job.state), default: 0] += 1
            }
        }
    }

    /// Keeps a place for a job of the owner, unless it has `limit` already (nil = any number). The place goes to the job
    /// with ``begin(_:inPlace:)``, or back with ``giveBack(_:)``.
    func takePlace(_ owner: String, limit: Int?) -> Bool {
        state.withLock { state in
            let taken = state.places[owner] ?? 0
            if let limit, taken >= limit { return false }
            state.places[owner] = taken + 1
            return true
        }
    }

    func giveBack(_ owner: String) {
        state.withLock { $0.leave(owner) }
    }

    /// Takes a job up. False when it is here already: a request that comes while the start still reads the unfinished
    /// jobs must not be run twice. `inPlace`: a place was kept for it.
    func begin(_ job: Job, inPlace: Bool = false) -> Bool {
        state.withLock { state in
            guard state.entries[job.id] == nil else {
                if inPlace { state.leave(job.owner) }
                return false
            }
            state.entries[job.id] = Entry(job: job)
            if !inPlace { state.places[job.owner, default: 0] += 1 }
            return true
        }
    }

    /// Announces the newest state. A terminal one releases every waiter and ends every stream.
    func publish(_ job: Job) {
        guard job.state.isTerminal else {
            let readers = state.withLock { state -> [AsyncStream<Job>.Continuation] in
                if state.entries[job.id] == nil { state.places[job.owner, default: 0] += 1 }
                state.entries[job.id, default: Entry(job: job)].job = job
                return state.entries[job.id].map { Array($0.readers.values) } ?? []
            }
            for reader in readers { reader.yield(job) }
            return
        }
        ended(job)
        let entry = state.withLock { state in
            let entry = state.entries.removeValue(forKey: job.id)
            if entry != nil { state.leave(job.owner) }
            return entry
        }
        guard let entry else { return }
        for waiter in entry.waiters.values { waiter.decide(job) }
        for reader in entry.readers.values {
            reader.yield(job)
            reader.finish()
        }
    }

    /// The newest state of a job that is not terminal; nil when it is terminal or unknown here.
    func job(_ id: GenerationID) -> Job? {
        state.withLock { $0.entries[id]?.job }
    }

    /// Waits for the terminal state. Returns nil at once when the job is not active here, and nil when `deadline` has come,
    /// `interruption` was fired or the task is cancelled. One continuation for all of that and no task: thousands wait.
    func terminal(
        _ id: GenerationID, until deadline: Timestamp, unless interruption: Interruption, on time: any TimeSource
    ) async -> Job? {
        let outcome = FirstOutcome<Job?>()
        let token = state.withLock { state -> Int? in
            guard state.entries[id] != nil else { return nil }
            state.nextToken += 1
            state.entries[id]?.waiters[state.nextToken] = outcome
            return state.nextToken
        }
        guard let token else { return nil }
        let alarm = time.call(at: deadline) { outcome.decide(nil) }
        interruption.onFire { outcome.decide(nil) }
        defer {
            alarm.cancel()
            state.withLock { _ = $0.entries[id]?.waiters.removeValue(forKey: token) }
        }
        return await withTaskCancellationHandler {
            await outcome.value()
        } onCancel: {
            outcome.decide(nil)
        }
    }

    /// Ends every wait and stream now, with whatever state the jobs have.
    func releaseWaiters() {
        let (waiters, readers) = state.withLock { state in
            let entries = state.entries.values
            let released = (entries.flatMap { $0.waiters.values }, entries.flatMap { $0.readers.values })
            for id in state.entries.keys {
                state.entries[id]?.waiters = [:]
                state.entries[id]?.readers = [:]
            }
            return released
        }
        for waiter in waiters { waiter.decide(nil) }
        for reader in readers { reader.finish() }
    }

    /// The newest state and every change after it. Bounded: a slow reader misses intermediate states.
    func changes(of id: GenerationID) -> AsyncStream<Job>? {
        let (stream, continuation) = AsyncStream.makeStream(of: Job.self, bufferingPolicy: .bufferingNewest(16))
        let token = state.withLock { state -> Int? in
            guard let entry = state.entries[id] else { return nil }
            state.nextToken += 1
            state.entries[id]?.readers[state.nextToken] = continuation
            continuation.yield(entry.job)
            return state.nextToken
        }
        guard let token else { return nil }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.entries[id]?.readers.removeValue(forKey: token) }
        }
        return stream
    }
}

extension JobHub.State {
    fileprivate mutating func leave(_ owner: String) {
        guard let taken = places[owner] else { return }
        places[owner] = taken > 1 ? taken - 1 : nil
    }
}
