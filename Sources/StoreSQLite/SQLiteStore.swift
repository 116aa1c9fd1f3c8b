import Dispatch
import GRDB
package import GatewayCore
package import Logging

/// Jobs and accounts in one SQLite file of this process, beside which nothing else is needed.
///
/// Writes are grouped into shared transactions (``GroupCommitter``) that are synced to the disk before any caller hears of
/// them; reads run on connections of their own and see every write that was reported before they began. No call blocks a
/// thread of the caller. Cancelling a caller neither stops its write nor shortens its wait.
package final class SQLiteStore: Sendable {
    let logger: Logger
    let path: String
    /// What the last writes say about the store.
    let condition = WriteCondition()
    private let metrics: StoreMetrics
    let pool: DatabasePool
    private let committer: GroupCommitter
    private let lock: DataFolderLock

    /// Opens the file and brings it to the newest shape. Blocks for some milliseconds. The file belongs to this store
    /// until ``close()`` or its end; account leases of earlier processes are void.
    /// - Throws: ``StoreFault`` of kind `unavailable` when the disk fails, `corrupt` when the file is damaged.
    package init(_ file: StoreFile, metrics: StoreMetrics = StoreMetrics(), logger: Logger) throws(StoreFault) {
        self.metrics = metrics
        path = file.path
        lock = file.lock
        do {
            pool = try Self.openPool(file.path, file.lockPatience)
        } catch {
            throw StoreFault(mapping: error)
        }
        committer = GroupCommitter(pool: pool, condition: condition, metrics: metrics)
        self.logger = logger
    }

    /// Takes the file and opens it at once (``StoreFile/init(path:lockPatience:)``, ``init(_:metrics:logger:)``).
    /// - Throws: ``StoreFault``, as both do.
    package convenience init(
        path: String, lockPatience: Duration = .seconds(5), metrics: StoreMetrics = StoreMetrics(), logger: Logger
    ) throws(StoreFault) {
        try self.init(StoreFile(path: path, lockPatience: lockPatience), metrics: metrics, logger: logger)
    }

    /// Waits for the writes under way, then closes the file. Later calls fail as `unavailable`.
    package func close() async throws(StoreFault) {
        await committer.close()
        let result: Result<Void, StoreFault> = await withCheckedContinuation { continuation in
            // Closing folds the journal into the file, which may take a while: not on the caller's thread.
            DispatchQueue.global().async { [pool] in
                continuation.resume(returning: Result { try pool.close() }.mapError(StoreFault.init(mapping:)))
            }
        }
        try result.get()
        lock.release()
    }

    func write<Output: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Output
    ) async throws(StoreFault) -> Output {
        let start = ContinuousClock.now
        defer { metrics.writes.observe(.now - start) }
        return try await committer.write(body)
    }

    /// For a body of several writing statements: a failure of one undoes all.
    func writeTogether<Output: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Output
    ) async throws(StoreFault) -> Output {
        try await write { db in
            var output: Result<Output, any Error>?
            try db.inSavepoint {
                output = .success(try body(db))
                return .commit
            }
            guard let output else { throw StoreFault(.unavailable, detail: "the database ran no transaction") }
            return try output.get()
        }
    }

    func read<Output: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Output
    ) async throws(StoreFault) -> Output {
        let start = ContinuousClock.now
        defer { metrics.reads.observe(.now - start) }
        let result: Result<Output, StoreFault> = await withCheckedContinuation { continuation in
            pool.asyncRead { access in
                continuation.resume(
                    returning: Result { try body(access.get()) }.mapError(StoreFault.init(mapping:)))
            }
        }
        return try result.get()
    }

    private static func openPool(_ path: String, _ lockPatience: Duration) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "jimeng.store"
        configuration.busyMode = .timeout(lockPatience.inSeconds)
        configuration.maximumReaderCount = 4
        let pool = try DatabasePool(path: path, configuration: configuration)
        // Not synced one by one: after a power cut they are done again. The first commit that counts syncs them too.
        try StoreMigrations.migrator.migrate(pool)
        try pool.write { db in try db.execute(sql: "DELETE FROM lease") }
        try pool.writeWithoutTransaction { db in
            // A job that was paid for must outlive a power cut, so every commit is synced; grouping keeps that cheap.
            // The journal is folded in every 16 MB and does not keep more than 64 MB of the disk afterwards.
            try db.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA wal_autocheckpoint = 4000;
                    PRAGMA journal_size_limit = 67108864;
                    """)
        }
        return pool
    }
}
