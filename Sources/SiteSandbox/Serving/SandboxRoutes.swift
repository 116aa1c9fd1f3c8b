import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Pictures
import WireJSON

/// The simulated site over HTTP: all its roles on one address, told apart by their paths.
struct SandboxRoutes {
    let site: SandboxSite
    /// The address to name in links when a request does not say how it got here.
    let fallbackAuthority: String

    /// The longest request body, in bytes.
    static let bodyLimit = 2 << 20
    /// The longest body of a signed storage call, in bytes.
    static let storageBodyLimit = 64 << 10

    func router() -> Router<SandboxContext> {
        let router = Router(context: SandboxContext.self)
        for endpoint in SandboxEndpoint.allCases {
            router.post(RouterPath(endpoint.rawValue)) { request, context in
                try await answer(request, context, endpoint)
            }
        }
        router.get("/") { request, _ in
            try await storage(request)
        }
        router.post("/") { request, _ in
            try await storage(request)
        }
        router.post("/upload/v1/**") { request, _ in
            try await upload(request)
        }
        router.get("/media/**") { request, context in
            await media(request, context, type: "image/webp") { try await site.picture(target: $0) }
        }
        router.get("/:proof/:end/video/tos/cn/:vid") { request, context in
            await media(request, context, type: "video/mp4") { try await site.film(target: $0) }
        }
        router.get("/__sandbox/stats") { _, _ in
            Self.response(json: site.statistics.json)
        }
        return router
    }

    private func answer(
        _ request: Request, _ context: SandboxContext, _ endpoint: SandboxEndpoint
    ) async throws -> Response {
        // A body that is too long ends as 413 by the error the collecting throws.
        let body = try await request.body.collect(upTo: Self.bodyLimit)
        var query: [String: String] = [:]
        for (key, value) in request.uri.queryParameters { query[String(key)] = String(value) }
        let call = SiteCall(
            endpoint: endpoint, path: request.uri.path, query: query, headers: Self.headers(request),
            authority: authority(request),
            body: Array(body.readableBytesView))
        switch site.answer(call) {
        case .json(let value): return Self.response(json: value)
        case .page(let status, let text):
            return Self.response(page: text, status: HTTPResponse.Status(code: status))
        case .drop: return await Self.drop(context)
        case .cut(let value): return FaultyBody.cut(value.serialized(), headers: Self.json, on: context.channel)
        case .drip(let value): return FaultyBody.drip(value.serialized(), headers: Self.json)
        case .flood: return FaultyBody.flood(headers: Self.json)
        }
    }

    private static func drop(_ context: SandboxContext) async -> Response {
        try? await context.channel.close()
        // Nobody reads this; what is written after the close is thrown away.
        return Response(status: .serviceUnavailable)
    }

    private static let json: HTTPFields = [.contentType: "application/json; charset=utf-8"]

    /// The API of the storage services.
    private func storage(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: Self.storageBodyLimit)
        let answer = site.storage(
            StorageCall(
                method: request.method.rawValue, rawQuery: request.uri.query ?? "", headers: Self.headers(request),
                authority: authority(request), body: Array(body.readableBytesView)))
        return Self.response(json: answer.body, status: HTTPResponse.Status(code: answer.status))
    }

    /// The bytes of an upload, which are looked at as they come and not kept.
    private func upload(_ request: Request) async throws -> Response {
        let head = SiteState.RawUploadHead(
            storeURI: String(request.uri.path.dropFirst("/upload/v1/".count)),
            hasQuery: request.uri.query?.isEmpty == false, headers: Self.headers(request))
        let open: SiteState.OpenUpload
        switch site.openUpload(head) {
        case .success(let upload): open = upload
        case .failure(let refusal):
            return Self.response(json: refusal.answer.body, status: HTTPResponse.Status(code: refusal.answer.status))
        }
        var digest = UploadDigest()
        for try await piece in request.body {
            piece.withUnsafeReadableBytes { digest.add($0) }
            if digest.size > open.size { break }
        }
        if open.delay > .zero { try await Task.sleep(for: open.delay) }
        let answer = site.closeUpload(open, facts: digest.facts)
        return Self.response(json: answer.body, status: HTTPResponse.Status(code: answer.status))
    }

    private static func headers(_ request: Request) -> [String: String] {
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        return headers
    }

    /// A download, whole or in part.
    private func media(
        _ request: Request, _ context: SandboxContext, type: String, load: (_ target: String) async throws -> [UInt8]
    ) async -> Response {
        do {
            let target = request.head.path ?? ""
            let mishap = site.mishap(ofDownload: target)
            switch mishap {
            case .serverError: return Self.response(page: "Bad Gateway", status: .badGateway)
            case .drop: return await Self.drop(context)
            default: break
            }
            let bytes = try await load(target)
            switch mishap {
            case .cut: return FaultyBody.cut(bytes, headers: [.contentType: type], on: context.channel)
            case .drip: return FaultyBody.drip(bytes, headers: [.contentType: type])
            default: break
            }
            var headers: HTTPFields = [
                .contentType: type, .cacheControl: "public, max-age=3600", .acceptRanges: "bytes",
            ]
            var status = HTTPResponse.Status.ok
            var body = bytes[...]
            switch ByteRange(header: request.headers[.range], count: bytes.count) {
            case .whole: break
            case .part(let range):
                status = .partialContent
                body = bytes[range]
                headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes.count)"
            case .unsatisfiable:
                return Response(
                    status: .rangeNotSatisfiable, headers: [.contentRange: "bytes */\(bytes.count)"])
            }
            headers[.contentLength] = String(body.count)
            return Response(
                status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
        } catch let error as MediaLinks.Failure {
            switch error {
            case .unknown: return Self.response(page: "Not Found", status: .notFound)
            case .forged, .expired: return Self.response(page: "Forbidden", status: .forbidden)
            }
        } catch {
            return Self.response(page: "Service Unavailable", status: .serviceUnavailable)
        }
    }

    /// What the client calls this server, if it is no more than a host and a port.
    private func authority(_ request: Request) -> String {
        guard let authority = request.head.authority, (1...255).contains(authority.utf8.count),
            authority.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
                    UInt8(ascii: "["), UInt8(ascii: "]"):
                    true
                default: false
                }
            })
        else { return fallbackAuthority }
        return authority
    }

    private static func response(json: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        let bytes = json.serialized()
        return Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8", .contentLength: String(bytes.count)],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static func response(page text: String, status: HTTPResponse.Status) -> Response {
        let page = "<html><head><title>\(text)</title></head><body>\(text)</body></html>"
        return Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .contentLength: String(page.utf8.count)],
            body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
    }
}
