import ArgumentParser
import AsyncHTTPClient
import Foundation
import Logging
import Pictures
import WireJSON

struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Make a picture from a prompt.",
        discussion: """
            Uses the gateway at --server when one answers there, and works by itself otherwise. The file's ending decides
            the format: webp (as it comes), png or jpg. Several pictures get numbers: out.png, out-2.png, ...

              jimeng image "a lighthouse at dusk" --ratio 16:9 -o lighthouse.png
              jimeng image "海边的灯塔" --token us-SESSIONID --model jimeng-4.5 --resolution 4k -n 2 -o lighthouse.webp

            Without a token the simulated site draws a stand-in picture. \(ExitStatus.help)
            """)

    @Argument(help: "What to draw.")
    var prompt: String

    @Option(name: [.short, .long], help: "The file to write; its ending decides the format.")
    var out = "jimeng.webp"

    @Option(name: .shortAndLong, help: "The model; jimeng models lists them.")
    var model: String?

    @Option(name: .shortAndLong, help: "1:1, 4:3, 3:4, 16:9, 9:16, 3:2, 2:3 or 21:9.")
    var ratio: String?

    @Option(name: .long, help: "1k, 2k or 4k.")
    var resolution: String?

    @Option(name: .short, help: "How many pictures.")
    var n = 1

    @Option(name: .long, help: "What must not be in the picture.")
    var negativePrompt: String?

    @Option(name: .long, help: "Makes a picture repeatable: 0 to 4294967295.")
    var seed: Int?

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

    func validate() throws {
        guard (1...10).contains(n) else { throw ValidationError("-n must be from 1 to 10") }
        guard OutputFormat(path: out) != nil else {
            throw ValidationError("\(out) must end in .webp, .png, .jpg or .jpeg")
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let token = token ?? environment["JIMENG_TOKEN"] ?? "sandbox-demo"
        if token == "sandbox-demo", self.token == nil, !quiet {
            Terminal.complain(
                "No token given: the simulated site draws a stand-in (--token SESSIONID for the real one).")
        }
        let wanted = server ?? environment["JIMENG_SERVER"]
        let client = GatewayClient(token: token)
        do {
            if let base = try await runningServer(wanted, client) {
                try await make(with: client, at: base)
            } else {
                try await makeAlone(with: client)
            }
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
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
    private func makeAlone(with client: GatewayClient) async throws {
        let home = FileManager.default.homeDirectoryForCurrentUser.path
        let folder = dataDir ?? ProcessInfo.processInfo.environment["JIMENG_DATA_DIR"] ?? "\(home)/.local/share/jimeng"
        let configuration: AppConfiguration
        do {
            configuration = try await AppConfiguration.read(
                flags: ["http.host": "127.0.0.1", "http.port": "0", "data.dir": folder, "sandbox.enabled": "true"],
                environment: ProcessInfo.processInfo.environment, file: nil)
        } catch {
            Terminal.complain("\(error)")
            throw ExitStatus.usage.code
        }
        let gateway: Gateway
        do {
            gateway = try Gateway(configuration, loggers: LoggerFactory(level: .error, format: nil, descriptor: 2))
        } catch {
            Terminal.complain("\(error)")
            throw ExitStatus.failure.code
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await gateway.run(signals: []) }
            let base = "http://127.0.0.1:\(try await gateway.boundPort())"
            try await make(with: client, at: base)
            group.cancelAll()
            // How the parts take the cancellation says nothing about the picture.
            while (try? await group.next()) != nil {}
        }
    }

    private func make(with client: GatewayClient, at base: String) async throws {
        var display = ProgressDisplay()
        do {
            var object = try await client.start(requestBody, at: base)
            let id = object["id"]?.string ?? ""
            while let state = Self.state(of: object), !Self.ended.contains(state.status) {
                if !quiet { display.show(state) }
                object = try await client.generation(id, at: base)
            }
            display.clear()
            if let error = object["error"], !error.isNull { throw GatewayClient.Problem(error: error) }
            let count = object["data"]?.array?.count ?? 0
            guard count > 0 else { throw GatewayClient.Problem(message: "the generation gave no picture") }
            for index in 0..<min(count, n) {
                let path = OutputFormat.path(out, number: index + 1)
                try await write(try await client.content(of: id, index: index, at: base), to: path)
                if !quiet { Terminal.say(path) }
            }
        } catch let problem as GatewayClient.Problem {
            display.clear()
            Terminal.complain(problem.message)
            throw problem.status.code
        }
    }

    private static let ended: Set<String> = ["succeeded", "partial", "failed", "canceled"]

    private var requestBody: JSONValue {
        var body: JSONObject = ["prompt": .string(prompt), "n": .integer(Int64(n)), "async": true]
        if let model { body["model"] = .string(model) }
        if let ratio { body["ratio"] = .string(ratio) }
        if let resolution { body["resolution"] = .string(resolution) }
        if let negativePrompt { body["negative_prompt"] = .string(negativePrompt) }
        if let seed { body["seed"] = .integer(Int64(seed)) }
        return .object(body)
    }

    private static func state(of object: JSONValue) -> ProgressDisplay.State? {
        guard let status = object["status"]?.string else { return nil }
        return ProgressDisplay.State(
            status: status, percent: Int(object["progress"]?.int ?? 0),
            queuePosition: object["queue_position"]?.int.map { Int($0) },
            queueTotal: object["queue_total"]?.int.map { Int($0) },
            etaSeconds: object["eta_seconds"]?.int.map { Int($0) })
    }

    /// Writes the picture in the format of the file's ending.
    private func write(_ bytes: [UInt8], to path: String) async throws {
        guard let format = OutputFormat(path: path) else {
            throw GatewayClient.Problem(message: "unknown ending: \(path)")
        }
        var bytes = bytes
        if PictureHeader(bytes)?.kind.rawValue != format.picture.rawValue {
            bytes = try await convert(bytes, to: format)
        }
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw GatewayClient.Problem(message: "\(path) can't be written: \(error.localizedDescription)")
        }
    }

    private func convert(_ bytes: [UInt8], to format: OutputFormat) async throws -> [UInt8] {
        let logger = Logger(label: "jimeng") { _ in SwiftLogNoOpLogHandler() }
        let worker = PictureWorker(executable: ProgramPath.own, arguments: ["picture-worker"], logger: logger)
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                await worker.run()
                return nil
            }
            defer { group.cancelAll() }
            do {
                return try await worker.convert(bytes, to: format.picture, quality: 92)
            } catch {
                throw GatewayClient.Problem(message: "the picture can't be converted: \(error)")
            }
        }
    }
}

/// The formats a picture can be written in.
enum OutputFormat {
    case webp, png, jpeg

    init?(path: String) {
        switch URL(fileURLWithPath: path).pathExtension.lowercased() {
        case "webp": self = .webp
        case "png": self = .png
        case "jpg", "jpeg": self = .jpeg
        default: return nil
        }
    }

    var picture: PictureFormat {
        switch self {
        case .webp: .webp
        case .png: .png
        case .jpeg: .jpeg
        }
    }

    /// `out.png`, then `out-2.png`, `out-3.png` ...
    static func path(_ path: String, number: Int) -> String {
        guard number > 1, let dot = path.lastIndex(of: ".") else { return path }
        return "\(path[..<dot])-\(number)\(path[dot...])"
    }
}
