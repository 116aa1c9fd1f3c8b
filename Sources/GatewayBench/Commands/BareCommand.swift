import ArgumentParser
import Hummingbird
import Logging

/// `GatewayBench bare`: the reference, a Hummingbird program that does nothing but answer constant text.
struct BareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bare", abstract: "Serve constant text with nothing around it, for comparison.")

    @Option(help: "The port on 127.0.0.1.")
    var port = 5198

    @Option(help: "Length of the answer at /sized, in bytes.")
    var bytes = 1024

    func run() async throws {
        let router = Router()
        router.get("ping") { _, _ in "pong" }
        let text = ByteBuffer(string: String(repeating: "x", count: min(max(bytes, 1), 16 << 20)))
        router.get("sized") { _, _ in
            Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: text))
        }
        var logger = Logger(label: "bare")
        logger.logLevel = .error
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            logger: logger)
        try await application.run()
    }
}
