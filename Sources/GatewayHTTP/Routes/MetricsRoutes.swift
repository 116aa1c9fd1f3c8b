import GatewayCore
import HTTPTypes
import Hummingbird

/// `GET /metrics` (docs/metrics.md): for keys with the scope `metrics`, or for everybody when the configuration says
/// so.
struct MetricsRoutes: Sendable {
    let services: Boxed<GatewayServices>
    let authorization: Authorization
    let isPublic: Bool

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        table.add(.get, "/metrics", to: router) { request, context in
            // A session of the site has no such scope: its owner knows nothing of the others.
            if !isPublic { _ = try authorization.caller(of: request, context, for: .metrics) }
            var text = MetricText()
            services.metrics.write(to: &text)
            await services.readings(&text)
            var headers: HTTPFields = [.contentType: MetricText.contentType]
            headers[.cacheControl] = "no-store"
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text.text)))
        }
    }
}
