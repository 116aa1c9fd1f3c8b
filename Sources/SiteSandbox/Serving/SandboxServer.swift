import Glibc
package import Hummingbird
package import Logging
import NIOCore
import ServerConnections

/// The simulated site as a server. `run()` serves until the task is cancelled or a graceful shutdown is asked for, so that
/// it fits into a service group; nothing is started before.
package final class SandboxServer: Sendable {
    private let configuration: SandboxConfiguration
    private let logger: Logger
    private let site: SandboxSite
    private let port = BoundPort()

    /// `now` gives the wall clock in milliseconds since 1970; `render` draws (normally by a `PictureWorker`; where it
    /// cannot, pictures are of one colour); `film` draws videos (normally by a `VideoWorker`; without it, or where it cannot,
    /// a video is one grey picture).
    package init(
        configuration: SandboxConfiguration, logger: Logger, now: (@Sendable () -> Int64)? = nil,
        render: @escaping SandboxRender, film: SandboxFilm? = nil
    ) {
        self.configuration = configuration
        self.logger = logger
        let journal = configuration.journal.map { path in
            SandboxJournal(path: path) { [logger] problem in
                logger.warning("sandbox journal not kept", metadata: ["sandbox.problem": "\(problem)"])
            }
        }
        site = SandboxSite(
            configuration: configuration, now: now ?? Self.wallClock, render: render, film: film, journal: journal)
    }

    /// The server's application, for tests that speak to it without a socket and for ``run()``.
    package func application() -> some ApplicationProtocol {
        let authority = "\(configuration.host):\(configuration.port)"
        return Application(
            router: SandboxRoutes(site: site, fallbackAuthority: authority).router(), server: .steadyHTTP1(),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: "sandbox"),
            onServerRunning: { [port, logger] channel in
                let bound = channel.localAddress?.port
                port.resolve(bound)
                logger.info("sandbox listening", metadata: ["sandbox.port": "\(bound ?? 0)"])
            },
            logger: logger)
    }

    /// Listens and serves.
    ///
    /// Throws when it cannot listen; then, and when it ends early, ``boundPort()`` throws too.
    package func run() async throws {
        defer { port.resolve(nil) }
        try await application().run()
    }

    /// The port it listens on; waits until it does.
    ///
    /// Throws when it never will, and `CancellationError` when the caller is cancelled.
    package func boundPort() async throws -> Int {
        try await port.value()
    }

    /// What has been counted so far.
    package func statistics() -> SandboxStatistics {
        site.statistics
    }

    /// Every generation that was accepted and is kept, in no order.
    package func records() -> [SandboxRecord] { site.records }

    private static let wallClock: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
