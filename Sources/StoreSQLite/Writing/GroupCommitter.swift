import GRDB
import GatewayCore
import Synchronization

/// Runs all writes of the store, one group after the other, each group in one transaction: what arrives while a group is
/// being committed makes up the next one. A lone write starts at once; under load one sync of the disk serves many.
///
/// Callers are suspended, never blocked, until the commit of their group, and get their own result. A write that fails
/// leaves the others of its group alone. Cancelling a caller does not stop its write.
final class GroupCommitter: Sendable {
    /// A write that has run, but is not committed yet.
    private struct Attempt: Sendable {
        /// Why the write itself failed.
        let fault: StoreFault?
        /// Tells the caller how it ended, given the fault of the whole group.
        let report: @Sendable (StoreFault?) -> Void
    }

    private struct QueuedWrite: Sendable {
        let run: @Sendable (Database) -> Attempt
        let refuse: @Sendable (StoreFault) -> Void
    }

    private struct State {
        var waiting: [QueuedWrite] = []
        var isWorking = false
        var isClosed = false
        /// Who waits for the end of the work in ``close()``.
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    /// Most writes in one transaction.
    private static let groupLimit = 512

    private let pool: DatabasePool
    private let condition: WriteCondition
    private let metrics: StoreMetrics
    private let state = Mutex(State())

    /// `condition`: told how every group ended.
    init(pool: DatabasePool, condition: WriteCondition, metrics: StoreMetrics) {
        self.pool = pool
        self.condition = condition
        self.metrics = metrics
    }

    /// Runs `body` in a transaction that it shares with others.
    ///
    /// A body of several writing statements must put them into a savepoint, so that a failure of one undoes all.
    /// - Throws: what `body` threw, or why its group was not committed; nothing is written then.
    func write<Output: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Output
    ) async throws(StoreFault) -> Output {
        let result: Result<Output, StoreFault> = await withCheckedContinuation { continuation in
            enqueue(
                QueuedWrite { db in
                    let result = Result { try body(db) }.mapError(StoreFault.init(mapping:))
                    var fault: StoreFault?
                    if case .failure(let failure) = result { fault = failure }
                    return Attempt(fault: fault) { groupFault in
                        if let groupFault, case .success = result {
                            continuation.resume(returning: .failure(groupFault))
                        } else {
                            continuation.resume(returning: result)
                        }
                    }
                } refuse: { fault in
                    continuation.resume(returning: .failure(fault))
                })
        }
        return try result.get()
    }

    /// Refuses further writes and returns when those under way are committed.
    func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if state.isWorking { state.closers.append(continuation) }
                return !state.isWorking
            }
            if isIdle { continuation.resume() }
        }
    }

    private func enqueue(_ write: QueuedWrite) {
        enum Step { case refuse, start, wait }
        let step: Step = state.withLock { state in
            if state.isClosed { return .refuse }
            state.waiting.append(write)
            if state.isWorking { return .wait }
            state.isWorking = true
            return .start
        }
        switch step {
        case .refuse: write.refuse(StoreFault(.unavailable, detail: "the store is closed"))
        case .start: pool.asyncWriteWithoutTransaction { db in self.work(on: db) }
        case .wait: break
        }
    }

    /// Commits groups until nothing waits. Runs on the writer's own queue.
    private func work(on db: Database) {
        while let group = nextGroup() { commit(group, to: db) }
    }

    private func nextGroup() -> ArraySlice<QueuedWrite>? {
        let (group, closers): (ArraySlice<QueuedWrite>?, [CheckedContinuation<Void, Never>]) = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isWorking = false
                defer { state.closers = [] }
                return (nil, state.closers)
            }
            let group = state.waiting.prefix(Self.groupLimit)
            state.waiting = Array(state.waiting.dropFirst(group.count))
            return (group, [])
        }
        for closer in closers { closer.resume() }
        return group
    }

    private func commit(_ group: ArraySlice<QueuedWrite>, to db: Database) {
        var attempts: [Attempt] = []
        attempts.reserveCapacity(group.count)
        var groupFault: StoreFault?
        do {
            try db.inTransaction(.immediate) {
                for write in group {
                    let attempt = write.run(db)
                    attempts.append(attempt)
                    // A full disk or a failed read ends the whole transaction; what follows would run outside of it.
                    guard db.isInsideTransaction else { throw attempt.fault ?? Self.ended }
                }
                return .commit
            }
        } catch {
            groupFault = StoreFault(mapping: error)
        }
        // Before anybody hears of it, so that who asks for the store's condition then is told the same. A group that was
        // committed may hold a write that the disk failed.
        condition.noted(groupFault ?? attempts.compactMap(\.fault).first { $0.kind == .unavailable })
        (groupFault == nil ? metrics.commits : metrics.failedCommits).add()
        for attempt in attempts { attempt.report(groupFault) }
        guard attempts.count < group.count else { return }
        let fault = groupFault ?? Self.ended
        for write in group.dropFirst(attempts.count) { write.refuse(fault) }
    }

    private static let ended = StoreFault(.unavailable, detail: "the database ended the transaction")
}
