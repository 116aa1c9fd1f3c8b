import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// What operators and load balancers ask (endpoints.md section 18).
struct ServiceRoutes: Sendable {
    let services: GatewayServices
    let version: String
    let startedAt: Timestamp

    /// `GET /ping`, complete but for the request's own id.
    static let pong = ByteBuffer(string: "pong")

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        let description = JSONResponse.make(serviceInformation(), headers: [.vary: "accept"])
        table.add(.get, "/", to: router) { _, _ in description }
        table.add(.get, "/ping", to: router) { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8"], body: .init(byteBuffer: Self.pong))
        }
        table.add(.get, "/favicon.ico", to: router) { _, _ in Response(status: .noContent) }
        table.add(.get, "/health", to: router) { _, _ in try await health() }
        table.add(.get, "/ready", to: router) { _, _ in
            let isDraining = await services.generations.status.isDraining
            return JSONResponse.make(
                ["status": isDraining ? "draining" : "ready"], status: isDraining ? .serviceUnavailable : .ok)
        }
    }

    private func serviceInformation() -> JSONValue {
        [
            "service": "jimeng-gateway", "status": "running", "version": .string(version),
            "description":
                "OpenAI-compatible pictures and videos from Jimeng and Dreamina, for personal and research use.",
            "endpoints": [
                "images": "/v1/images/generations", "compositions": "/v1/images/compositions",
                "videos": "/v1/videos/generations", "chat": "/v1/chat/completions",
                "generations": "/v1/generations", "models": "/v1/models", "tokens": "/token/points",
                "health": "/ping",
            ],
        ]
    }

    /// `down` (503) when the store can't be read, `degraded` when an account is paused.
    private func health() async throws -> Response {
        let status = await services.generations.status
        let isStoreUp: Bool
        do {
            // A read of a record that does not exist: as cheap as one can be, and through the whole store.
            _ = try await services.generations.job(GenerationID(rawValue: "gen_000000000000"))
            isStoreUp = true
        } catch {
            isStoreUp = false
        }
        let word = isStoreUp ? (status.restrictedAccounts > 0 ? "degraded" : "ok") : "down"
        let body: JSONValue = [
            "status": .string(word), "version": .string(version),
            "uptime_seconds": .integer((services.time.now - startedAt).wholeMilliseconds / 1000),
            "checks": [
                "database": isStoreUp ? "ok" : "down",
                "accounts": [
                    "healthy": .integer(Int64(status.activeAccounts - status.restrictedAccounts)),
                    "total": .integer(Int64(status.activeAccounts)), "active": .integer(Int64(status.activeAccounts)),
                    "restricted": .integer(Int64(status.restrictedAccounts)),
                ],
                "queue": ["waiting": .integer(Int64(status.waiting)), "running": .integer(Int64(status.running))],
            ],
        ]
        return JSONResponse.make(body, status: isStoreUp ? .ok : .serviceUnavailable)
    }
}
