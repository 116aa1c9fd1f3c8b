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

        init(message: String, status: ExitStatus = .failure) {
            self.message = message
            self.status = status
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

    func get(_ path: String, at base: String) async throws -> JSONValue {
        try await json(HTTPClientRequest(url: base + path))
    }

    func post(_ body: JSONValue, to path: String, at base: String) async throws -> JSONValue {
        var request = HTTPClientRequest(url: base + path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: body.serialized()))
        return try await json(request)
    }

    /// A request of administration; `body` nil = none.
    func administer(
        _ method: HTTPMethod, _ path: String, at base: String, _ body: JSONValue? = nil
    ) async throws -> JSONValue {
        var request = HTTPClientRequest(url: base + "/dashboard" + path)
        request.method = method
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body.serialized()))
        }
        return try await json(request)
    }

    func post(_ form: MultipartForm, to path: String, at base: String) async throws -> JSONValue {
        var request = HTTPClientRequest(url: base + path)
        request.method = .POST
        request.headers.add(name: "content-type", value: form.contentType)
        request.body = .stream(form.body, length: .known(form.byteCount))
        return try await json(request, timeout: Self.uploadTimeout)
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

    /// Writes a result to a file, which appears only when it is whole.
    func save(contentOf id: String, index: Int, at base: String, to path: String) async throws {
        let response = try await send(HTTPClientRequest(url: "\(base)/v1/generations/\(id)/content/\(index)"))
        guard response.status == .ok else {
            throw problem(try await response.body.collect(upTo: 1 << 20), response.status)
        }
        let temporary = path + ".part"
        do {
            guard FileManager.default.createFile(atPath: temporary, contents: nil) else {
                throw CocoaError(.fileWriteUnknown)
            }
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
            for try await chunk in response.body { try file.write(contentsOf: Data(chunk.readableBytesView)) }
            try file.close()
            guard rename(temporary, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)  // What can't be removed is told by its ending.
            throw Problem(message: "\(path) can't be written: \(error.localizedDescription)")
        }
    }

    /// Until the answer begins, which is after the whole upload.
    private static let uploadTimeout = TimeAmount.minutes(15)

    private func json(_ request: HTTPClientRequest, timeout: TimeAmount = .seconds(60)) async throws -> JSONValue {
        let response = try await send(request, timeout: timeout)
        let body = try await response.body.collect(upTo: 16 << 20)
        guard (200..<300).contains(response.status.code),
            let value = try? JSONValue.parse(Array(body.readableBytesView))
        else { throw problem(body, response.status) }
        return value
    }

    private func send(
        _ request: HTTPClientRequest, timeout: TimeAmount = .seconds(60)
    ) async throws -> HTTPClientResponse {
        var request = request
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        if let locale = ProcessInfo.processInfo.environment["LANG"], locale.hasPrefix("zh") {
            request.headers.add(name: "accept-language", value: "zh")
        }
        do {
            return try await client.execute(request, timeout: timeout)
        } catch let problem as Problem {
            throw problem
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
