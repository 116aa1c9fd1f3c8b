import Foundation

/// What every measurement needs: the programs, a folder to work in, the load generator.
struct Bench: Sendable {
    /// The `jimeng` program.
    var gateway: String
    /// This program, for the player and the reference.
    var ownProgram: String
    var workFolder: String
    /// Where the programs' output goes; nil = nowhere.
    var logFolder: String?
    /// Short runs, for a first look.
    var isQuick: Bool
    let load = LoadGenerator()

    /// Seconds or rounds: the first for a full run, the second for a quick one.
    func pick<Value>(_ full: Value, quick: Value) -> Value { isQuick ? quick : full }

    /// A new empty folder.
    func freshFolder() throws -> String {
        let folder = "\(workFolder)/\(UUID().uuidString.lowercased())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    func removeFolder(_ folder: String) throws {
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Starts `jimeng serve` on `dataFolder`; `settings` are environment variables.
    func startGateway(_ settings: [String: String], dataFolder: String) throws -> ServerProcess {
        let port = try LoopbackSocket.freePort()
        var environment = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("JIMENG_") && $0.key != "PORT"
        }
        environment["SWIFT_BACKTRACE"] = "enable=no"
        environment.merge(settings) { $1 }
        return try ServerProcess.start(
            [gateway, "serve", "--port", String(port), "--data-dir", dataFolder], port: port, path: "/ping",
            environment: environment, output: output("gateway"))
    }

    /// A gateway with a fresh data folder while `body` runs.
    func withGateway<Result>(
        _ settings: [String: String] = [:], _ body: (ServerProcess) async throws -> Result
    ) async throws -> Result {
        let folder = try freshFolder()
        let server = try startGateway(settings, dataFolder: folder)
        return try await running(server, body) { try removeFolder(folder) }
    }

    /// A player while `body` runs.
    func withPlayer<Result>(
        _ runTimes: RunTimes, _ body: (PlayerClient) async throws -> Result
    ) async throws -> Result {
        let port = try LoopbackSocket.freePort()
        let server = try ServerProcess.start(
            [ownProgram, "player", "--port", String(port), "--run", runTimes.argument], port: port,
            path: "/__player/stats", environment: ProcessInfo.processInfo.environment, output: output("player"))
        return try await running(server, { try await body(PlayerClient(server: $0, load: load)) }, then: {})
    }

    /// The bare reference while `body` runs.
    func withReference<Result>(bytes: Int, _ body: (ServerProcess) async throws -> Result) async throws -> Result {
        let port = try LoopbackSocket.freePort()
        let server = try ServerProcess.start(
            [ownProgram, "bare", "--port", String(port), "--bytes", String(bytes)], port: port, path: "/ping",
            environment: ProcessInfo.processInfo.environment, output: output("bare"))
        return try await running(server, body, then: {})
    }

    private func running<Result>(
        _ server: ServerProcess, _ body: (ServerProcess) async throws -> Result, then clean: () throws -> Void
    ) async throws -> Result {
        do {
            let result = try await body(server)
            await server.child.stop()
            try clean()
            return result
        } catch {
            await server.child.stop()
            throw error
        }
    }

    private func output(_ name: String) -> String {
        logFolder.map { "\($0)/\(name).log" } ?? "/dev/null"
    }
}
