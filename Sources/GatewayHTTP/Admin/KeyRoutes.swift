import GatewayCore
import HTTPTypes
import Hummingbird
import Logging
import WireJSON

/// `/dashboard/keys`: the gateway's own keys (console.md section 4.2).
struct KeyRoutes: Sendable {
    static let path = AdminAccess.path + "/keys"
    /// Most bytes of a body.
    static let bodyLimit = 64 * 1024
    private static let pageSizes = 1...200
    private static let usualPageSize = 50

    let keys: KeyRing
    let services: Boxed<GatewayServices>
    let access: AdminAccess
    let reader: BodyReader

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        func add(
            _ method: HTTPRequest.Method, _ path: String, _ handler: @escaping RouteTable.Handler
        ) {
            table.add(method, path, to: router) { request, context in
                try access.check(request, context)
                return try await handler(request, context)
            }
        }
        add(.get, Self.path) { request, _ in try await list(request) }
        add(.post, Self.path) { request, context in
            let fields = KeyFields(try await reader.fields(of: request, requestID: context.requestID))
            var draft = KeyDraft(name: "")
            try fields.apply(to: &draft, models: services.catalogue)
            let issued = try await keys.create(draft)
            note("key made", issued.key.id, context)
            return try await record(of: issued, status: .created)
        }
        add(.get, Self.path + "/:id") { _, context in try await record(of: try found(context)) }
        add(.patch, Self.path + "/:id") { request, context in
            let fields = KeyFields(try await reader.fields(of: request, requestID: context.requestID))
            let catalogue = services.catalogue
            let key = try await keys.change(id(context)) { try fields.apply(to: &$0, models: catalogue) }
            note("key changed", key.id, context)
            return try await record(of: key)
        }
        add(.post, Self.path + "/:id/rotate") { request, context in
            var fields = try await reader.fields(of: request, requestID: context.requestID)
            let seconds = try fields.integer("overlap_seconds") ?? 0
            let issued = try await keys.rotate(id(context), overlap: .seconds(seconds))
            note("key rotated", issued.key.id, context)
            return try await record(of: issued)
        }
        add(.delete, Self.path + "/:id") { _, context in
            try await keys.remove(id(context))
            note("key revoked", id(context), context)
            return JSONResponse.make(
                ["id": .string(id(context).rawValue), "object": "key.deleted", "deleted": true])
        }
    }

    private func list(_ request: Request) async throws -> Response {
        let query = QueryParameters(request.uri.query)
        let page = try number(query["page"], "page", in: 1...1_000_000) ?? 1
        let limit = try number(query["limit"], "limit", in: Self.pageSizes) ?? Self.usualPageSize
        let all = keys.all
        let now = services.time.now
        var items: [JSONValue] = []
        for key in all.dropFirst((page - 1) * limit).prefix(limit) {
            items.append(.object(KeyRecord.object(of: key, try await standings(of: key, at: now), now: now)))
        }
        return JSONResponse.make([
            "items": .array(items), "total": .integer(Int64(all.count)), "page": .integer(Int64(page)),
            "limit": .integer(Int64(limit)), "totalPages": .integer(Int64((all.count + limit - 1) / limit)),
        ])
    }

    private func number(
        _ text: String?, _ name: String, in range: ClosedRange<Int>
    ) throws(RequestProblem) -> Int? {
        guard let text, !text.isEmpty else { return nil }
        guard let number = Int(text), range.contains(number) else { throw .outOfRange(name, range, got: text) }
        return number
    }

    private func id(_ context: GatewayRequestContext) -> KeyID {
        KeyID(rawValue: context.parameters.get("id") ?? "")
    }

    private func found(_ context: GatewayRequestContext) throws(RequestProblem) -> GatewayKey {
        let id = id(context)
        guard let key = keys[id] else { throw RequestProblem(.keyNotFound, values: [.id: .echo(id.rawValue)]) }
        return key
    }

    private func record(of key: GatewayKey) async throws -> Response {
        let now = services.time.now
        return JSONResponse.make(.object(KeyRecord.object(of: key, try await standings(of: key, at: now), now: now)))
    }

    private func record(of issued: IssuedKey, status: HTTPResponse.Status = .ok) async throws -> Response {
        let now = services.time.now
        // The secret is shown this once: nothing may fail any more.
        let standings = (try? await standings(of: issued.key, at: now)) ?? []
        return JSONResponse.make(.object(KeyRecord.object(of: issued, standings, now: now)), status: status)
    }

    private func standings(of key: GatewayKey, at now: Timestamp) async throws -> [CreditStanding] {
        try await services.usage.standings(of: key.id.rawValue, in: key.credits, onlyLimited: false, at: now)
    }

    private func note(_ text: String, _ id: KeyID, _ context: GatewayRequestContext) {
        services.logger.notice(
            "\(text)",
            metadata: [
                "key.id": "\(PlaceholderText.echo(id.rawValue).english)", "request.id": "\(context.requestID)",
            ])
    }
}
