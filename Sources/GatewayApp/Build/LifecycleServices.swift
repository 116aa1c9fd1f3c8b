import GatewayCore
import Logging
import MediaFiles
import NIOPosix
import Pictures
import ServiceLifecycle
import SiteClient
import StoreSQLite

/// Runs the picture worker's owner. Ends when everything else has been shut down.
struct PictureWorkerService: Service {
    let worker: PictureWorker

    func run() async throws {
        await cancelWhenGracefulShutdown { await worker.run() }
    }
}

/// The first to hear of a graceful shutdown: waiting clients are answered, nothing new is taken, so that the HTTP
/// server below can finish its requests.
struct DrainService: Service {
    let engine: Engine

    func run() async throws {
        try? await gracefulShutdown()  // Cancellation only: then there is nothing to drain for.
        engine.drain()
    }
}

/// The last to stop: closes connections to the site and to the media store, then the database.
struct ClosingService: Service {
    let upstream: SiteUpstream
    let media: MediaPlace
    let store: SQLiteStore
    let lookups: NIOThreadPool
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()  // Cancellation only: closing follows either way.
        await upstream.shutdown()
        await media.close()
        do {
            try await store.close()
        } catch {
            logger.error("database not closed cleanly", metadata: ["error": "\(error)"])
        }
        do {
            try await lookups.shutdownGracefully()
        } catch {
            logger.warning("look-ups not stopped cleanly", metadata: ["error": "\(error)"])
        }
    }
}

/// Gives freed memory back to the system from time to time (``jimeng_release_free_memory()``).
struct MemoryService: Service {
    let release: @Sendable () -> Void
    var interval: Duration = .seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: interval)) != nil { release() }
        }
    }
}
