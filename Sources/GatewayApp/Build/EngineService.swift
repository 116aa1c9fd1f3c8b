import GatewayCore
import Logging
import MediaFiles
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
    let media: MediaFolder
    let sandbox: SandboxServer?
    let upstream: SiteUpstream
    let logger: Logger

    func run() async throws {
        if let sandbox, let base = SiteBaseURL("http://127.0.0.1:\(try await sandbox.boundPort())") {
            upstream.useSandbox(at: base)
        }
        do {
            _ = try await media.sweep(now: SystemTime().now)
        } catch {
            logger.warning("temporary files not removed", metadata: ["error": "\(error)"])
        }
        try await engine.run()
    }
}
