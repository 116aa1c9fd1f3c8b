import GatewayCore
import HTTPTypes
import Hummingbird

/// `GET /v1/models` and `GET /v1/models/{id}` (endpoints.md section 16).
struct ModelRoutes: Sendable {
    let listing: ModelListing
    let services: Boxed<GatewayServices>
    let authorization: Authorization
    let isPublic: Bool

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        // What nearly everybody asks for is ready as a whole answer.
        let usual = PreparedJSON(listing.list(ModelListing.Variant()))
        table.add(.get, "/v1/models", to: router) { request, context in
            let caller = try caller(of: request, context)
            let variant = try variant(request.uri.query)
            guard let view = try await view(for: caller, request.uri.query) else {
                return request.uri.query == nil ? usual.response(to: request) : JSONResponse.make(listing.list(variant))
            }
            return JSONResponse.make(listing.list(variant, of: view))
        }
        table.add(.get, "/v1/models/:id", to: router) { request, context in
            let view = try await view(for: try caller(of: request, context), request.uri.query)
            let name = FormDecoder.text((context.parameters.get("id") ?? "").utf8)
            guard let model = view.map({ listing.model(name, of: $0) }) ?? listing.model(name) else {
                throw RequestProblem(.modelNotFound, param: "model", values: [.model: .echo(name)])
            }
            return JSONResponse.make(model)
        }
    }

    /// Nil when there is no token, or when it can't matter.
    /// - Throws: what is wrong with it, where a key is demanded.
    private func caller(
        of request: Request, _ context: GatewayRequestContext
    ) throws(RequestProblem) -> Caller? {
        if !isPublic { return try authorization.caller(of: request, context, for: nil) }
        guard let live = services.live, request.headers[.authorization] != nil || request.headers[.xAPIKey] != nil,
            request.uri.query != nil || !live.isEmpty
        else { return nil }
        // The list is public: a token that can't be read is as good as none.
        return try? authorization.caller(of: request, context, for: nil)
    }

    /// What the caller's accounts have, asked of the site anew if the request wants that; nil = the built-in catalogue.
    private func view(for caller: Caller?, _ query: String?) async throws -> CatalogueBook.View? {
        let wantsNew = try QueryParameters(query).flag("refresh")
        guard let live = services.live, let caller, wantsNew || !live.isEmpty else { return nil }
        let accounts = caller.accounts
        if wantsNew { await live.refresh(accounts) } else { live.wanted(for: accounts) }
        return live.view(for: accounts.map(\.id))
    }

    private func variant(_ query: String?) throws(RequestProblem) -> ModelListing.Variant {
        let parameters = QueryParameters(query)
        var variant = ModelListing.Variant()
        if let type = parameters["type"], !type.isEmpty {
            guard let kind = MediaKind(rawValue: type) else {
                throw .invalidValue("type", got: type, allowed: MediaKind.allCases.map(\.rawValue))
            }
            variant.kind = kind
        }
        if let text = parameters["aliases"], !text.isEmpty {
            guard let aliases = ModelListing.Aliases(rawValue: text) else {
                throw .invalidValue("aliases", got: text, allowed: ModelListing.Aliases.allCases.map(\.rawValue))
            }
            variant.aliases = aliases
        }
        variant.includesUnavailable = try parameters.flag("all")
        return variant
    }
}
