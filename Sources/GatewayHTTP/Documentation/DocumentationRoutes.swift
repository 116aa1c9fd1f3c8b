import HTTPTypes
import Hummingbird
import NIOCore
import WireJSON

/// `GET /openapi.json` for programs and `GET /docs` for people (endpoints.md section 18).
struct DocumentationRoutes: Sendable {
    let version: String

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        // Both are made when they are asked for: seldom, and then they need not lie in memory.
        table.add(.get, "/openapi.json", to: router) { [version] _, _ in
            JSONResponse.make(OpenAPIDocument.make(version: version))
        }
        table.add(.get, "/docs", to: router) { _, _ in Self.page }
    }

    private static var page: Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .contentSecurityPolicy:
                    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                .xContentTypeOptions: "nosniff",
            ],
            body: .init(byteBuffer: ByteBuffer(string: DocumentationPage.html)))
    }
}
