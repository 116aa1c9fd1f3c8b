import AsyncHTTPClient
import Foundation
import GatewayApp
import GatewayCore
import Logging
import NIOCore
import NIOHTTP1
import Pictures
import SiteSandbox
import Synchronization
import WireJSON

/// A gateway and a simulated site, both real servers in this process, in a folder of their own.
final class TestGateway: Sendable {
    let folder: String
    let logs = LogCapture()
    private let extraFlags: [String: String]
    private let time: any TimeSource

    /// `upstream`: base URL of another site; nil = the gateway's own sandbox. `time`: the gateway's clock.
    init(
        folder: String? = nil, upstream: String? = nil, flags: [String: String] = [:],
        time: any TimeSource = SystemTime()
    ) throws {
        self.time = time
        self.folder = folder ?? NSTemporaryDirectory() + "jimeng-test-\(UUID().uuidString)"
        var all = [
            "http.port": "0", "upstream.poll_floor_ms": "20", "sandbox.speed": "20", "log.level": "debug",
        ]
        all["upstream.base_url"] = upstream
        extraFlags = all.merging(flags) { _, new in new }
    }

    /// Runs the gateway while `body` works, then ends it as a cancelled process would.
    func run<Value: Sendable>(_ body: @escaping @Sendable (APIClient) async throws -> Value) async throws -> Value {
        var flags = extraFlags
        flags["data.dir"] = folder
        let configuration = try await AppConfiguration.read(flags: flags, environment: [:])
        let loggers = LoggerFactory(level: configuration.logLevel, format: .json, output: logs.output)
        let gateway = try Gateway(configuration, loggers: loggers, time: time)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await gateway.run(signals: [])
                return nil
            }
            let client = APIClient(base: "http://127.0.0.1:\(try await gateway.boundPort())")
            let result: Result<Value, any Error>
            do {
                result = .success(try await body(client))
            } catch {
                result = .failure(error)
            }
            await client.shutdown()
            group.cancelAll()
            // How the parts take the cancellation is not what this call is about.
            while let _ = await group.nextResult() {}
            return try result.get()
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)  // A leftover in the temporary folder does no harm.
    }
}

/// Collects log lines.
final class LogCapture: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    var output: LineLogHandler.Output {
        LineLogHandler.Output { [self] line in bytes.withLock { $0 += line } }
    }
}

/// A small client of the public API.
struct APIClient: Sendable {
    let base: String
    private let connections = Connections()
    private var client: HTTPClient { connections.client }

    /// Closed with its last holder, so that a test that throws ends as a failure and not as a crash.
    private final class Connections: Sendable {
        let client: HTTPClient

        init() {
            // A hundred requests at once must not wait for each other's connections on a slow machine.
            var configuration = HTTPClient.Configuration(
                connectionPool: .init(idleTimeout: .seconds(60), concurrentHTTP1ConnectionsPerHostSoftLimit: 128))
            configuration.timeout.connect = .seconds(50)
            client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        }

        deinit {
            client.shutdown { _ in }
        }
    }

    init(base: String) {
        self.base = base
    }

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var bytes: [UInt8]

        var json: JSONValue { (try? JSONValue.parse(bytes)) ?? .null }
    }

    func shutdown() async {
        try? await client.shutdown()  // The test is over either way.
    }

    func get(_ path: String, token: String? = nil, headers: [(String, String)] = []) async throws -> Answer {
        try await send("GET", path, token: token, headers: headers, body: nil)
    }

    func post(
        _ path: String, token: String?, headers: [(String, String)] = [], _ body: JSONValue
    ) async throws -> Answer {
        try await send("POST", path, token: token, headers: headers, body: body.serialized())
    }

    func send(
        _ method: String, _ path: String, token: String?, headers: [(String, String)] = [], body: [UInt8]?
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: path.hasPrefix("http") ? path : base + path)
        request.method = HTTPMethod(rawValue: method)
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await client.execute(request, timeout: .seconds(50))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            status: Int(response.status.code), headers: response.headers, bytes: Array(bytes.readableBytesView))
    }

    /// Waits for a generation's end by its id.
    func end(of id: String, token: String) async throws -> JSONValue {
        while true {
            let object = try await get("/v1/generations/\(id)?wait=10", token: token).json
            switch object["status"]?.string {
            case "succeeded", "partial", "failed", "canceled": return object
            case nil: throw TestProblem("no generation \(id): \(object.serializedString())")
            default: continue
            }
        }
    }
}

struct TestProblem: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A simulated site of its own, for tests that count what reaches it or that outlive a gateway.
/// `servesFormerVideoModels`: as the site did until September 2026.
func withSandbox<Value: Sendable>(
    speed: Double = 20, runSeconds: Int = 4, servesFormerVideoModels: Bool = false,
    _ body: @escaping @Sendable (SandboxServer, String) async throws -> Value
) async throws -> Value {
    var settings = SandboxConfiguration()
    settings.speed = speed
    settings.runTime = .seconds(runSeconds)
    settings.servesFormerVideoModels = servesFormerVideoModels
    let server = SandboxServer(
        configuration: settings, logger: Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() },
        render: { _, width, height in
            FlatPicture(width: width, height: height, red: 90, green: 120, blue: 160)?.bytes ?? []
        })
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask {
            try await server.run()
            return nil
        }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(server, "http://127.0.0.1:\(try await server.boundPort())"))
        } catch {
            result = .failure(error)
        }
        group.cancelAll()
        while let _ = await group.nextResult() {}
        return try result.get()
    }
}
