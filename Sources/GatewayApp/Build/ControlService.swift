import GatewayCore
import Logging
import ServiceLifecycle

/// Keeps the control file while the gateway serves.
struct ControlService: Service {
    let file: ControlFile
    let host: String
    let secret: Secret
    /// The first port the gateway listens on; waits until it does.
    let port: @Sendable () async throws -> Int
    let logger: Logger

    func run() async throws {
        let address = "http://\(Self.reachable(host)):\(try await port())"
        do {
            try file.write(ControlFile.Contents(address: address, secret: secret))
        } catch {
            logger.warning("the command line can't administer this gateway while it runs: no control file written")
        }
        try? await gracefulShutdown()  // Cancellation only: the file goes either way.
        file.remove()
    }

    /// An address by which this machine reaches what listens on `host`.
    static func reachable(_ host: String) -> String {
        switch host {
        case "0.0.0.0", "": "127.0.0.1"
        case "::": "[::1]"
        default: host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        }
    }
}
