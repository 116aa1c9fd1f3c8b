import GatewayCore
import Logging
import ServiceLifecycle
import SiteClient
import SiteSandbox
import SiteWire

/// Runs the sandbox's server.
struct SandboxService: Service {
    let sandbox: SandboxServer

    func run() async throws {
        try await sandbox.run()
    }
}

/// Runs the engine, after the sandbox listens: its first act is to look up what an earlier process left there.
struct EngineService: Service {
    let engine: Engine
    let media: MediaPlace
    let sandbox: SandboxServer?
    let upstream: SiteUpstream
    let logger: Logger

    func run() async throws {
        if let sandbox, let base = SiteBaseURL("http://127.0.0.1:\(try await sandbox.boundPort())") {
            upstream.useSandbox(at: base)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Beside the engine: a bucket that does not answer must keep no generation from being taken up.
            group.addTask { await sweepMedia() }
            defer { group.cancelAll() }
            try await engine.run()
        }
    }

    private func sweepMedia() async {
        do {
            try await media.sweep(SystemTime().now)
        } catch is CancellationError {
            return
        } catch {
            logger.warning("leftovers in the media store not removed", metadata: ["error": "\(error)"])
        }
    }
}
