import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// What operators and load balancers ask (endpoints.md section 18).
struct ServiceRoutes: Sendable {
    let services: Boxed<GatewayServices>
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
        table.add(.get, "/health", to: router) { _, _ in await health() }
        table.add(.get, "/ready", to: router) { _, _ in await ready() }
    }

    private func serviceInformation() -> JSONValue {
        [
            "service": "jimeng-gateway", "status": "running", "version": .string(version),
            "description":
                "OpenAI-compatible pictures and videos from Jimeng and Dreamina, for personal and research use.",
            "documentation": "/docs",
            "endpoints": [
                "images": "/v1/images/generations", "compositions": "/v1/images/compositions",
                "videos": "/v1/videos/generations", "chat": "/v1/chat/completions",
                "generations": "/v1/generations", "models": "/v1/models", "tokens": "/token/points",
                "health": "/ping",
            ],
        ]
    }

    /// Why work must not be sent here.
    private struct Unready {
        /// A part of the program, from a closed set.
        var part: String
        var reason: String

        var object: JSONValue { ["name": .string(part), "reason": .string(reason)] }
    }

    private func storeTrouble() async -> Unready? {
        if let fault = await services.storeProbe?.trouble(at: services.time.now) {
            return Unready(part: "database", reason: fault.detail)
        }
        do {
            // A read of a record that does not exist: as cheap as one can be, and through the whole store.
            _ = try await services.generations.job(GenerationID(rawValue: "gen_000000000000"))
            return nil
        } catch {
            return Unready(part: "database", reason: "the database can't be read")
        }
    }

    private func unready(_ status: EngineStatus, _ store: Unready?) -> [Unready] {
        let stopping = status.isDraining ? Unready(part: "engine", reason: "the server is stopping") : nil
        return [store, stopping].compactMap(\.self)
    }

    /// 503 while work sent here could not be taken, with what is not ready.
    private func ready() async -> Response {
        let status = await services.generations.status
        let unready = unready(status, await storeTrouble())
        var body: JSONObject = [
            "status": status.isDraining ? "draining" : unready.isEmpty ? "ready" : "not_ready"
        ]
        if !unready.isEmpty { body["not_ready"] = .array(unready.map(\.object)) }
        return JSONResponse.make(.object(body), status: unready.isEmpty ? .ok : .serviceUnavailable)
    }

    /// `down` (503) when the store can't be read or written to, `degraded` when an account is paused.
    private func health() async -> Response {
        let status = await services.generations.status
        let trouble = await storeTrouble()
        let isStoreUp = trouble == nil
        let unready = unready(status, trouble)
        let word = isStoreUp ? (status.restrictedAccounts > 0 ? "degraded" : "ok") : "down"
        let body: JSONValue = [
            "status": .string(word), "ready": .bool(unready.isEmpty),
            "not_ready": .array(unready.map(\.object)), "version": .string(version),
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
