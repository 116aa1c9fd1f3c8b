import ArgumentParser
import Foundation
import Logging
import Pictures
import ServiceLifecycle
import SiteSandbox
import UnixSignals

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run the simulated site alone.",
        discussion: """
            Serves the site's web protocol on one port. Point a gateway at it with
            --upstream http://127.0.0.1:PORT (any token then plays, e.g. demo or slow-2); the gateway's own sandbox needs
            none of this: just send a token that begins with sandbox-.

            The session id chooses what happens; a further dash and name make a second account of the same kind:

            \(SandboxCommand.scripts)
            """)

    @Option(name: .shortAndLong, help: "The port to listen on; 0 lets the system choose.")
    var port = 5199

    @Option(name: .long, help: "How much faster than real time everything runs.")
    var speed = 1.0

    @Option(name: .long, help: "Seconds an ordinary generation takes.")
    var runSeconds = 4.0

    @Flag(name: .long, help: "Accept what the site accepted from older clients: no check of signatures and sizes.")
    var lenient = false

    @Option(name: .long, help: "error, warning, info or debug.")
    var logLevel = "info"

    static var scripts: String {
        SandboxScript.allCases.map { script in
            "  sandbox-" + script.rawValue.padding(toLength: 20, withPad: " ", startingAt: 0) + script.summary
        }.joined(separator: "\n")
    }

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port must be from 0 to 65535") }
        guard speed > 0, speed <= 1000 else { throw ValidationError("--speed must be above 0 and at most 1000") }
        guard runSeconds >= 0, runSeconds <= 3600 else { throw ValidationError("--run-seconds must be from 0 to 3600") }
        guard Logger.Level(rawValue: logLevel) != nil else { throw ValidationError("--log-level is not a level") }
    }

    func run() async throws {
        var settings = SandboxConfiguration()
        settings.port = port
        settings.speed = speed
        settings.runTime = .milliseconds(Int64(runSeconds * 1000))
        settings.isStrict = !lenient
        let loggers = try LoggerFactory(level: Logger.Level(rawValue: logLevel) ?? .info, format: nil, descriptor: 1)
        let worker = PictureWorker(
            executable: ProgramPath.own, arguments: ["picture-worker"], logger: loggers.make("jimeng.pictures"))
        // Videos are drawn again by the next process; its folder is its own, as several may run.
        let films = FileManager.default.temporaryDirectory.appendingPathComponent("jimeng-sandbox-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: films) }  // A leftover in the temporary folder does no harm.
        let server = SandboxServer(
            configuration: settings, logger: loggers.make("jimeng.sandbox"),
            render: SandboxDrawing.render(with: worker),
            film: SandboxDrawing.film(
                with: VideoWorker(folder: films.path, pictures: worker, logger: loggers.make("jimeng.pictures"))))
        let group = ServiceGroup(
            services: [PictureWorkerService(worker: worker), SandboxService(sandbox: server)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: loggers.make("jimeng"))
        do {
            try await group.run()
        } catch {
            Terminal.complain("the sandbox could not run: \(error)")
            throw ExitStatus.failure.code
        }
    }
}
