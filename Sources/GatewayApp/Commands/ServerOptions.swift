import ArgumentParser
import Foundation

/// The flags that set the most common keys; everything has an environment variable and a key in the file too.
struct ServerOptions: ParsableArguments {
    @Option(
        name: .long,
        help:
            "A YAML file with settings; see docs/configuration.md. May be given several times; a later file is stronger."
    )
    var config: [String] = []

    @Option(name: .long, help: "The address to listen on. 0.0.0.0 lets other machines in. (http.host)")
    var host: String?

    @Option(name: .shortAndLong, help: "The port to listen on. (http.port)")
    var port: Int?

    @Option(name: .long, help: "The folder for the database, the results and the key file. (data.dir)")
    var dataDir: String?

    @Option(name: .long, help: "error, warning, info or debug. (log.level)")
    var logLevel: String?

    @Option(name: .long, help: "text or json. (log.format)")
    var logFormat: String?

    @Flag(
        name: .long, inversion: .prefixedNo,
        help: "Whether tokens that begin with sandbox- are served. (sandbox.enabled)")
    var sandbox: Bool?

    @Option(name: .long, help: "One base URL in place of all hosts of the site. (upstream.base_url)")
    var upstream: String?

    var flags: [String: String] {
        var flags: [String: String] = [:]
        flags["http.host"] = host
        flags["http.port"] = port.map { String($0) }
        flags["data.dir"] = dataDir
        flags["log.level"] = logLevel
        flags["log.format"] = logFormat
        flags["sandbox.enabled"] = sandbox.map { String($0) }
        flags["upstream.base_url"] = upstream
        return flags
    }

    func read() async throws -> AppConfiguration {
        try await AppConfiguration.read(flags: flags, environment: ProcessInfo.processInfo.environment, files: config)
    }
}
