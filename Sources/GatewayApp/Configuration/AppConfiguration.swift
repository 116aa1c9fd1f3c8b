import GatewayCore
package import GatewayHTTP
package import Logging
package import MediaS3
package import SiteClient
import SiteWire

/// Everything that can be set, as read and checked at the start. See `docs/configuration.md` for every key.
package struct AppConfiguration: Sendable {
    package var host = "127.0.0.1"
    package var port = 5100
    package var extraPorts: [Int] = []
    package var dataFolder = "./data"
    package var logLevel = Logger.Level.info
    package var logFormat: LineLogHandler.Format?
    /// Lines go there too; nil = only to the terminal.
    package var logFile: String?
    /// What is set and has no effect, for the log.
    package var remarks: [String] = []
    package var isSandboxEnabled = true
    /// How much faster than real the sandbox runs.
    package var sandboxSpeed = 1.0
    package var sandboxRunTime: Duration = .seconds(4)
    package var shutdownGrace: Duration = .seconds(20)

    /// How the accounts of the pool are looked after; nil = not at all.
    var accountChecks: CheckPlan? = CheckPlan()
    /// The installation's key; nil = that of the key file in the data folder.
    var secretKey: Secret?
    var upstreamBase: SiteBaseURL?
    /// By which proxies accounts reach the site when their tokens name none.
    package var paths = NetworkPaths()
    var versions = SiteVersions()
    /// Pixel sizes as earlier manuals print them, not as the site's catalogue does.
    var usesManualSizes = false
    var submitDeadline: Duration = .seconds(45)
    var pollDeadline: Duration = .seconds(20)
    package var http = HTTPConfiguration()
    var engine = EngineConfiguration()
    /// What may be reached on behalf of clients: inputs by URL, webhooks.
    var fetch = SafeFetcher.Configuration()
    package var mediaLocation = MediaLocation.folder
    var retention = MediaRetention.Configuration()
    /// Whether thumbnails and posters are made.
    var makesPreviews = true
    var webhooks = WebhookService.Configuration()

    /// Where copies of results lie.
    package enum MediaLocation: Sendable {
        /// In the data folder.
        case folder
        case bucket(MediaBucket.Configuration)
    }

    package init() {}

    /// Whether only this machine can reach the gateway.
    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host == "127.0.0.1" || host.hasPrefix("127.")
    }
}

/// All settings that can't be used, in one report.
package struct ConfigurationProblems: Error, CustomStringConvertible {
    package var problems: [String]

    package var description: String {
        problems.count == 1
            ? "configuration: \(problems[0])"
            : "configuration:\n" + problems.map { "  - \($0)" }.joined(separator: "\n")
    }
}
