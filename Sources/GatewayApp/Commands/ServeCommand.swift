import ArgumentParser
import Foundation
import GatewayCore
import Logging

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the API.",
        discussion: """
            Listens on http://127.0.0.1:5100 unless told otherwise. Point an OpenAI client at http://127.0.0.1:5100/v1 with
            your sessionid, or sandbox-demo, as its key. Ctrl-C finishes what is being answered and stops; generations that
            the site has are taken up again at the next start.
            """)

    @OptionGroup var options: ServerOptions

    func run() async throws {
        let configuration: AppConfiguration
        do {
            configuration = try await options.read()
        } catch let problems as ConfigurationProblems {
            Terminal.complain(problems.description)
            throw ExitStatus.usage.code
        }
        do {
            // A file that may not grow must fail a write, which is told and survived, and not end the process.
            signal(SIGXFSZ, SIG_IGN)
            let loggers = try LoggerFactory(
                level: configuration.logLevel, format: configuration.logFormat, descriptor: 1,
                file: configuration.logFile)
            let gateway = try Gateway(configuration, loggers: loggers)
            try await gateway.run()
        } catch let fault as StoreFault {
            Terminal.complain(
                "jimeng could not run: \(fault.detail) (data folder \(configuration.dataFolder), \(fault.kind.rawValue))"
            )
            throw ExitStatus.failure.code
        } catch {
            Terminal.complain("jimeng could not run: \(error)")
            throw ExitStatus.failure.code
        }
    }
}
