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

    func router() -> Router<SandboxContext> {
        let router = Router(context: SandboxContext.self)
        for endpoint in SandboxEndpoint.allCases {
            router.post(RouterPath(endpoint.rawValue)) { request, context in
                try await answer(request, context, endpoint)
            }
        }
        router.get("/media/**") { request, _ in
            await picture(request)
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
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        var query: [String: String] = [:]
        for (key, value) in request.uri.queryParameters { query[String(key)] = String(value) }
        let call = SiteCall(
            endpoint: endpoint, path: request.uri.path, query: query, headers: headers, authority: authority(request),
            body: Array(body.readableBytesView))
        switch site.answer(call) {
        case .json(let value): return Self.response(json: value)
        case .page(let status, let text):
            return Self.response(page: text, status: HTTPResponse.Status(code: status))
        case .drop:
            try? await context.channel.close()
            // Nobody reads this; what is written after the close is thrown away.
            return Response(status: .serviceUnavailable)
        }
    }

    private func picture(_ request: Request) async -> Response {
        do {
            let bytes = try await site.picture(target: request.head.path ?? "")
            var headers: HTTPFields = [.contentType: "image/webp", .cacheControl: "public, max-age=3600"]
            headers[.contentLength] = String(bytes.count)
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
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

    private static func response(json: JSONValue) -> Response {
        let bytes = json.serialized()
        return Response(
            status: .ok,
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
