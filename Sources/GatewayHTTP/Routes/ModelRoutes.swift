import GatewayCore
import HTTPTypes
import Hummingbird

/// `GET /v1/models` and `GET /v1/models/{id}` (endpoints.md section 16).
struct ModelRoutes: Sendable {
    let listing: ModelListing
    let authorization: Authorization
    let isPublic: Bool

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        // What nearly everybody asks for is ready as a whole answer.
        let usual = JSONResponse.make(listing.list(ModelListing.Variant()))
        table.add(.get, "/v1/models", to: router) { request, _ in
            if !isPublic { _ = try authorization.tokens(in: request.headers) }
            if request.uri.query == nil { return usual }
            return JSONResponse.make(listing.list(try variant(request.uri.query)))
        }
        table.add(.get, "/v1/models/:id", to: router) { request, context in
            if !isPublic { _ = try authorization.tokens(in: request.headers) }
            let name = FormDecoder.text((context.parameters.get("id") ?? "").utf8)
            guard let model = listing.model(name) else {
                throw RequestProblem(.modelNotFound, param: "model", values: [.model: .echo(name)])
            }
            return JSONResponse.make(model)
        }
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
