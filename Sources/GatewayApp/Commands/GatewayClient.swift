import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import WireJSON

/// The command line's view of a gateway: the native asynchronous API.
struct GatewayClient: Sendable {
    private let client = HTTPClient(eventLoopGroupProvider: .singleton)
    private let token: String

    init(token: String) {
        self.token = token
    }

    /// Something to tell the user, with the exit status that fits.
    struct Problem: Error {
        var message: String
        var status = ExitStatus.failure

        init(message: String) {
            self.message = message
        }

        /// From the `error` object of the API.
        init(error: JSONValue) {
            let code = error["code"]?.string ?? "error"
            message = "\(error["message"]?.string ?? "The request failed.") [\(code)]"
            if let id = error["generation_id"]?.string { message += " (generation \(id))" }
            status = ExitStatus(errorType: error["type"]?.string ?? "", code: code)
        }
    }

    func shutdown() async {
        try? await client.shutdown()  // The process ends next; nothing is left to release.
    }

    func answers(at base: String) async -> Bool {
        guard let response = try? await client.execute(HTTPClientRequest(url: base + "/ping"), timeout: .seconds(2)),
            let body = try? await response.body.collect(upTo: 64)
        else { return false }
        return String(buffer: body) == "pong"
    }

    func start(_ body: JSONValue, at base: String) async throws -> JSONValue {
        var request = HTTPClientRequest(url: base + "/v1/images/generations")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: body.serialized()))
        return try await json(request)
    }

    /// The generation, after it has changed or ten seconds have passed.
    func generation(_ id: String, at base: String) async throws -> JSONValue {
        try await json(HTTPClientRequest(url: "\(base)/v1/generations/\(id)?wait=1"))
    }

    func content(of id: String, index: Int, at base: String) async throws -> [UInt8] {
        let response = try await send(HTTPClientRequest(url: "\(base)/v1/generations/\(id)/content/\(index)"))
        let body = try await response.body.collect(upTo: 256 << 20)
        guard response.status == .ok else { throw problem(body, response.status) }
        return Array(body.readableBytesView)
    }

    private func json(_ request: HTTPClientRequest) async throws -> JSONValue {
        let response = try await send(request)
        let body = try await response.body.collect(upTo: 16 << 20)
        guard (200..<300).contains(response.status.code),
            let value = try? JSONValue.parse(Array(body.readableBytesView))
        else { throw problem(body, response.status) }
        return value
    }

    private func send(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        var request = request
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        if let locale = ProcessInfo.processInfo.environment["LANG"], locale.hasPrefix("zh") {
            request.headers.add(name: "accept-language", value: "zh")
        }
        do {
            return try await client.execute(request, timeout: .seconds(60))
        } catch {
            throw Problem(message: "The gateway does not answer.")
        }
    }

    private func problem(_ body: ByteBuffer, _ status: HTTPResponseStatus) -> Problem {
        if let value = try? JSONValue.parse(Array(body.readableBytesView)), let error = value["error"] {
            return Problem(error: error)
        }
        return Problem(message: "The gateway answered HTTP \(status.code).")
    }
}
