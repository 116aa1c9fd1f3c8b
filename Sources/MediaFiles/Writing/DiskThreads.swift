import GatewayCore
import Logging
import NIOPosix

/// Where blocking calls on files run: a pool of threads of their own, never the caller's.
struct DiskThreads: Sendable {
    let pool: NIOThreadPool
    let logger: Logger

    /// Runs `body` on a disk thread. Failed calls are logged and thrown as ``FileCallError``.
    ///
    /// A caller that is cancelled before a thread is free gets `CancellationError`; work that has begun is finished.
    func run<Output: Sendable>(_ body: @escaping @Sendable () throws -> Output) async throws -> Output {
        do {
            return try await pool.runIfActive(body)
        } catch let error as FileCallError {
            logger.warning("a file operation failed", metadata: ["error": "\(error)"])
            throw error
        }
    }

    /// Runs `body` in a task of its own that is awaited on the spot, so that cancelling the caller does not reach it.
    func uncancelled<Output: Sendable>(
        _ body: @escaping @Sendable () async throws -> Output
    ) async throws -> Output {
        try await Task { try await body() }.value
    }

    /// Removes an unfinished file. What can't be removed is left to the next sweep.
    func discard(_ file: IncomingFile) async {
        do {
            // The caller may be cancelled already, which would keep the disk threads from taking the work.
            try await uncancelled { try await pool.runIfActive { file.discard() } }
        } catch {
            logger.warning("a temporary file is left to the next sweep", metadata: ["error.type": "\(type(of: error))"])
        }
    }

    /// Removes the files of a folder that last changed more than `age` before `now`, unless `isKept` says otherwise.
    /// A file that can't be removed is reported to the log and left. Returns how many were removed.
    func sweep(
        _ folder: String, olderThan age: Duration, now: Timestamp,
        isKept: @escaping @Sendable (String) -> Bool = { _ in false }
    ) async throws -> Int {
        try await run {
            var removed = 0
            for name in try FileCalls.names(in: folder) where !isKept(name) {
                let path = folder + "/" + name
                guard let file = try FileCalls.look(at: path), now - file.changedAt > age else { continue }
                do throws(FileCallError) {
                    try FileCalls.remove(path)
                    removed += 1
                } catch {
                    logger.warning("an abandoned file can't be removed", metadata: ["error": "\(error)"])
                }
            }
            return removed
        }
    }
}
