import ArgumentParser
import Foundation
import Logging

/// The options of every command that asks a gateway for something, and the way to one.
struct ClientOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help:
            "A sessionid (with us-, hk-, jp-, sg- in front where needed), a comma list, a gateway key, or sandbox-demo. Also read from JIMENG_TOKEN."
    )
    var token: String?

    @Option(name: .long, help: "The gateway to use. Also read from JIMENG_SERVER.")
    var server: String?

    @Option(name: .long, help: "Where the database lives when working without a gateway.")
    var dataDir: String?

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    /// Works with the gateway at --server when one answers there, with one inside this process otherwise. A problem ends
    /// the program with its text and exit status.
    /// `standIn`: what the simulated site does, for people who gave no token.
    func run(
        standIn: String, _ work: @escaping @Sendable (GatewayClient, _ base: String) async throws -> Void
    ) async throws {
        let environment = ProcessInfo.processInfo.environment
        let token = token ?? environment["JIMENG_TOKEN"] ?? "sandbox-demo"
        if token == "sandbox-demo", self.token == nil, !quiet {
            Terminal.complain("No token given: \(standIn) (--token SESSIONID for the real site).")
        }
        let client = GatewayClient(token: token)
        let result: Result<Void, any Error>
        do {
            if let base = try await runningServer(server ?? environment["JIMENG_SERVER"], client) {
                try await work(client, base)
            } else {
                try await alone { base in try await work(client, base) }
            }
            result = .success(())
        } catch let problem as GatewayClient.Problem {
            Terminal.complain(problem.message)
            result = .failure(problem.status.code)
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        try result.get()
    }

    /// The gateway to use; nil when none was named and none answers at the usual place.
    private func runningServer(_ wanted: String?, _ client: GatewayClient) async throws -> String? {
        let base = (wanted ?? "http://127.0.0.1:5100").trimmingCharacters(in: CharacterSet(charactersIn: "/"))
        if await client.answers(at: base) { return base }
        guard wanted != nil else { return nil }
        Terminal.complain("No gateway answers at \(base). Start one with: jimeng serve")
        throw ExitStatus.failure.code
    }

    /// Starts the gateway inside this process, on a port of its own.
    private func alone(_ work: @Sendable (String) async throws -> Void) async throws {
        let home = FileManager.default.homeDirectoryForCurrentUser.path
        let folder = dataDir ?? ProcessInfo.processInfo.environment["JIMENG_DATA_DIR"] ?? "\(home)/.local/share/jimeng"
        let configuration: AppConfiguration
        do {
            configuration = try await AppConfiguration.read(
                flags: ["http.host": "127.0.0.1", "http.port": "0", "data.dir": folder, "sandbox.enabled": "true"],
                environment: ProcessInfo.processInfo.environment)
        } catch {
            Terminal.complain("\(error)")
            throw ExitStatus.usage.code
        }
        let gateway: Gateway
        do {
            gateway = try Gateway(configuration, loggers: LoggerFactory(level: .critical, format: nil, descriptor: 2))
        } catch {
            Terminal.complain("\(error)")
            throw ExitStatus.failure.code
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await gateway.run(signals: []) }
            try await work("http://127.0.0.1:\(try await gateway.boundPort())")
            group.cancelAll()
            // How the parts take the cancellation says nothing about the work.
            while (try? await group.next()) != nil {}
        }
    }
}
