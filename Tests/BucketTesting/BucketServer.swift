import Foundation
package import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServerConnections
import Synchronization

/// A bucket named `media` in memory, behind a real HTTP server: as much of S3 as a ``MediaBucket`` uses, written from S3's
/// documentation, with faults on request. It looks at no signature; a real server does that in another suite.
package final class BucketServer: Sendable {
    package struct Seen: Hashable, Sendable {
        package var method: String
        /// Without the bucket.
        package var key: String
        package var query: [String: String]

        /// `PUT a/b?partNumber`.
        package var summary: String {
            "\(method) \(key)" + (query.isEmpty ? "" : "?" + query.keys.sorted().joined(separator: "&"))
        }
    }

    package enum Fault: Sendable {
        /// Nothing is done.
        case status(HTTPResponse.Status, code: String)
        /// It is done, and the answer is lost.
        case answerLost
        /// 200, and an error in the body; nothing is done.
        case lateError(code: String)
        /// The connection ends after so many bytes of the body.
        case cut(after: Int)
        /// Ranges are not known here.
        case wholeObject
        /// Nothing is answered until ``release()``.
        case silence
    }

    package struct Object: Sendable {
        package var bytes: [UInt8]
        package var headers: [String: String]
    }

    private struct State {
        var objects: [String: Object] = [:]
        var uploads: [String: (key: String, headers: [String: String], parts: [Int: [UInt8]], begun: String)] = [:]
        var seen: [Seen] = []
        var number = 0
    }

    private let state = Mutex(State())
    private let fault: @Sendable (Seen, Int) -> Fault?
    private let events: AsyncStream<Seen>
    private let feed: AsyncStream<Seen>.Continuation
    private let held: AsyncStream<Void>
    private let holder: AsyncStream<Void>.Continuation

    /// `fault`: asked for every request, with its number among equal ones, from 1.
    package init(fault: @escaping @Sendable (Seen, Int) -> Fault? = { _, _ in nil }) {
        self.fault = fault
        (events, feed) = AsyncStream.makeStream(of: Seen.self)
        (held, holder) = AsyncStream.makeStream(of: Void.self)
    }

    package var objects: [String: Object] { state.withLock { $0.objects } }
    package var unfinishedUploads: Int { state.withLock { $0.uploads.count } }
    package var seen: [String] { state.withLock { $0.seen.map(\.summary) } }

    /// Puts an unfinished upload there. `begun`: an instant in S3's form.
    package func leave(upload id: String, of key: String, begun: String) {
        state.withLock { $0.uploads[id] = (key, [:], [:], begun) }
    }

    package func put(_ bytes: [UInt8], as key: String) {
        state.withLock { $0.objects[key] = Object(bytes: bytes, headers: [:]) }
    }

    /// Waits until a request has come that was not waited for yet.
    package func wait(for isWanted: (Seen) -> Bool) async {
        for await seen in events where isWanted(seen) { return }
    }

    package func release() { holder.finish() }

    /// Serves while `body` works with the port.
    package func run<Value: Sendable>(_ body: @escaping @Sendable (Int) async throws -> Value) async throws -> Value {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let router = Router()
        for method in [HTTPRequest.Method.get, .head, .put, .post, .delete] {
            router.on("**", method: method) { [self] request, _ in try await answer(request) }
        }
        let server = Application(
            router: router, server: .steadyHTTP1(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "bucket") { _ in SwiftLogNoOpLogHandler() })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer {
                release()
                group.cancelAll()
            }
            var numbers = ports.makeAsyncIterator()
            return try await body(await numbers.next() ?? 0)
        }
    }

    // MARK: - Answers

    private func answer(_ request: Request) async throws -> Response {
        let path = request.uri.path.removingPercentEncoding ?? ""
        guard path.hasPrefix("/media/") else { return Self.error(.notFound, "NoSuchBucket") }
        var query: [String: String] = [:]
        for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
        let seen = Seen(method: request.method.rawValue, key: String(path.dropFirst("/media/".count)), query: query)
        let buffer = try await request.body.collect(upTo: 1 << 30)
        let number = state.withLock { state in
            state.seen.append(seen)
            return state.seen.count { $0 == seen }
        }
        feed.yield(seen)
        switch fault(seen, number) {
        case .status(let status, let code): return Self.error(status, code)
        case .lateError(let code): return Self.error(.ok, code)
        case .silence:
            for await _ in held {}
            return Self.error(.serviceUnavailable, "SlowDown")
        case .answerLost:
            _ = act(seen, request.headers, Array(buffer.readableBytesView))
            return Self.error(.internalServerError, "InternalError")
        case .wholeObject:
            var headers = request.headers
            headers[.range] = nil
            return act(seen, headers, Array(buffer.readableBytesView))
        case .cut(let count):
            let whole = act(seen, request.headers, Array(buffer.readableBytesView))
            let bytes = objects[seen.key]?.bytes ?? []
            let start = Self.range(request.headers[.range], of: bytes.count).lowerBound
            return Response(
                status: whole.status, headers: whole.headers,
                body: ResponseBody(contentLength: whole.body.contentLength) { writer in
                    try await writer.write(ByteBuffer(bytes: bytes[start..<(start + count)]))
                    struct Cut: Error {}
                    throw Cut()
                })
        case .none: return act(seen, request.headers, Array(buffer.readableBytesView))
        }
    }

    private func act(_ seen: Seen, _ fields: HTTPFields, _ body: [UInt8]) -> Response {
        state.withLock { state in
            switch seen.method {
            case "HEAD", "GET":
                if seen.key.isEmpty { return Self.list(seen, state) }
                guard let object = state.objects[seen.key] else { return Self.error(.notFound, "NoSuchKey") }
                return Self.object(object, seen.method, fields[.range])
            case "PUT":
                let facts = Self.facts(fields)
                if let source = fields.first(where: { $0.name.canonicalName == "x-amz-copy-source" })?.value {
                    let key = (source.removingPercentEncoding ?? "").dropFirst("/media/".count)
                    guard let object = state.objects[String(key)] else { return Self.error(.notFound, "NoSuchKey") }
                    state.objects[seen.key] = Object(bytes: object.bytes, headers: facts)
                    return Self.xml("<CopyObjectResult><ETag>\"x\"</ETag></CopyObjectResult>")
                }
                if let id = seen.query["uploadId"], let number = seen.query["partNumber"].flatMap({ Int($0) }) {
                    guard state.uploads[id] != nil else { return Self.error(.notFound, "NoSuchUpload") }
                    state.uploads[id]?.parts[number] = body
                    return Response(status: .ok, headers: [.eTag: "\"part&\(number)\""])
                }
                state.objects[seen.key] = Object(bytes: body, headers: facts)
                return Response(status: .ok)
            case "POST": return Self.upload(seen, fields, body, &state)
            default:
                if let id = seen.query["uploadId"] {
                    let known = state.uploads.removeValue(forKey: id)
                    return known == nil ? Self.error(.notFound, "NoSuchUpload") : Response(status: .noContent)
                }
                state.objects[seen.key] = nil
                return Response(status: .noContent)
            }
        }
    }

    private static func upload(
        _ seen: Seen, _ fields: HTTPFields, _ body: [UInt8], _ state: inout State
    ) -> Response {
        guard let id = seen.query["uploadId"] else {
            state.number += 1
            let id = "up/\(state.number)+="
            state.uploads[id] = (seen.key, facts(fields), [:], "2026-01-01T00:00:00.000Z")
            return xml("<InitiateMultipartUploadResult><UploadId>\(id)</UploadId></InitiateMultipartUploadResult>")
        }
        guard let upload = state.uploads[id] else { return error(.notFound, "NoSuchUpload") }
        let parts = upload.parts.sorted { $0.key < $1.key }
        let wanted = parts.map {
            "<Part><PartNumber>\($0.key)</PartNumber><ETag>\"part&amp;\($0.key)\"</ETag></Part>"
        }
        guard String(decoding: body, as: UTF8.self).contains(">\(wanted.joined())<") else {
            return error(.badRequest, "InvalidPart")
        }
        state.objects[upload.key] = Object(bytes: parts.flatMap(\.value), headers: upload.headers)
        state.uploads[id] = nil
        return xml("<CompleteMultipartUploadResult><Key>\(upload.key)</Key></CompleteMultipartUploadResult>")
    }

    private static func list(_ seen: Seen, _ state: State) -> Response {
        let prefix = seen.query["prefix"] ?? ""
        if seen.query["uploads"] != nil {
            let uploads = state.uploads.filter { $0.value.key.hasPrefix(prefix) }.map { id, upload in
                "<Upload><Key>\(upload.key)</Key><UploadId>\(id)</UploadId><Initiated>\(upload.begun)</Initiated></Upload>"
            }
            return xml("<ListMultipartUploadsResult>\(uploads.joined())</ListMultipartUploadsResult>")
        }
        // Pages of two, so that a list has more than one.
        let keys = state.objects.keys.filter { $0.hasPrefix(prefix) }.sorted()
        let page = keys.prefix(2).map { "<Contents><Key>\($0)</Key></Contents>" }
        return xml(
            "<ListBucketResult><IsTruncated>\(keys.count > 2)</IsTruncated>\(page.joined())</ListBucketResult>")
    }

    private static func object(_ object: Object, _ method: String, _ field: String?) -> Response {
        var headers = HTTPFields()
        for (name, value) in object.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        guard method == "GET", field != nil else {
            return Response(
                status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: object.bytes)))
        }
        let range = range(field, of: object.bytes.count)
        guard !range.isEmpty else { return error(.rangeNotSatisfiable, "InvalidRange") }
        return Response(
            status: .partialContent, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: object.bytes[range])))
    }

    /// `bytes=5-9`; the whole when there is none.
    private static func range(_ field: String?, of count: Int) -> Range<Int> {
        let ends = field?.split(separator: "=").last?.split(separator: "-").compactMap { Int($0) } ?? []
        return ends.count == 2 ? min(ends[0], count)..<min(ends[1] + 1, count) : 0..<count
    }

    private static func facts(_ fields: HTTPFields) -> [String: String] {
        var facts: [String: String] = [:]
        for field in fields
        where field.name.canonicalName.hasPrefix("x-amz-meta-") || field.name == .contentType {
            facts[field.name.canonicalName] = field.value
        }
        return facts
    }

    private static func xml(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/xml"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: "<?xml version=\"1.0\"?>\n" + text)))
    }

    private static func error(_ status: HTTPResponse.Status, _ code: String) -> Response {
        xml("<Error><Code>\(code)</Code><Message>no</Message></Error>", status: status)
    }
}
