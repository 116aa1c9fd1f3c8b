import ArgumentParser
import Foundation
import GatewayCore
import Logging

/// How commands of administration find what they administer: the gateway that runs on the data folder, else the folder
/// itself, or a gateway elsewhere.
struct AdminOptions: ParsableArguments {
    @Option(name: .long, help: "The folder of the gateway's database. (data.dir)")
    var dataDir: String?

    @Option(name: .long, help: "A YAML file with settings; see docs/configuration.md.")
    var config: [String] = []

    @Option(name: .long, help: "A gateway elsewhere; JIMENG_TOKEN holds a key with the scope admin.")
    var server: String?

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    /// Runs `work` with a client and the base URL for it. A problem ends the program with its text and exit status.
    func run(_ work: @escaping @Sendable (GatewayClient, _ base: String) async throws -> Void) async throws {
        do {
            try await connected(work)
        } catch let problem as GatewayClient.Problem {
            Terminal.complain(problem.message)
            throw problem.status.code
        } catch let problems as ConfigurationProblems {
            Terminal.complain(problems.description)
            throw ExitStatus.usage.code
        } catch let fault as StoreFault {
            Terminal.complain(fault.description)
            throw ExitStatus.failure.code
        } catch let problem as KeyVault.Problem {
            Terminal.complain(problem.description)
            throw ExitStatus.failure.code
        }
    }

    private func connected(
        _ work: @escaping @Sendable (GatewayClient, _ base: String) async throws -> Void
    ) async throws {
        let environment = ProcessInfo.processInfo.environment
        if let server {
            guard let token = environment["JIMENG_TOKEN"], !token.isEmpty else {
                throw GatewayClient.Problem(
                    message: "Set JIMENG_TOKEN to a key of \(server) with the scope admin.", status: .usage)
            }
            return try await with(token) {
                try await work($0, server.trimmingCharacters(in: CharacterSet(charactersIn: "/")))
            }
        }
        var flags: [String: String] = [:]
        flags["data.dir"] = dataDir
        let configuration = try await AppConfiguration.read(flags: flags, environment: environment, files: config)
        let file = ControlFile(folder: URL(fileURLWithPath: configuration.dataFolder).path)
        // A gateway that was killed leaves its file behind: then nothing answers there.
        if let running = file.read() {
            let isServed = try await with(running.secret.reveal()) { client in
                guard await client.answers(at: running.address) else { return false }
                try await work(client, running.address)
                return true
            }
            if isServed { return }
        }
        let gateway = try Gateway(
            configuration, loggers: LoggerFactory(level: .critical, format: nil, descriptor: 2))
        try await gateway.administer { base, token in
            try await with(token.reveal()) { try await work($0, base) }
        }
    }

    private func with<Value>(_ token: String, _ work: (GatewayClient) async throws -> Value) async throws -> Value {
        let client = GatewayClient(token: token)
        let result: Result<Value, any Error>
        do {
            result = .success(try await work(client))
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        return try result.get()
    }
}
