import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// `POST /v1/generations`: a picture or a video, answered at once with its record (endpoints.md section 13.2).
struct NativeGenerationRoutes: Sendable {
    static let path = "/v1/generations"

    let authorization: Authorization
    let reader: MultipartBodyReader
    let orders: GenerationOrders
    let exchange: GenerationExchange

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        table.add(.post, Self.path, to: router) { request, context in
            let caller = try authorization.caller(of: request, context, for: .generate)
            return try await exchange.withInputs(orders.inputLimits(.video)) { basket in
                let body = try await reader.body(
                    of: request, into: basket, kinds: MaterialKind.allCases, requestID: context.requestID)
                return try await APIFailure.telling(prompt: body.fields.object["prompt"]?.string) {
                    let kind = try kind(of: body, for: caller)
                    let decided = try await orders.decide(
                        body, kind, video: .generations, fingerprint: exchange.fingerprint(Self.path, body),
                        for: caller, basket: basket, request, context)
                    let limit = orders.waitLimit(kind)
                    let policy = try exchange.policy(request, isAsync: true, limit: limit)
                    let placed = try await exchange.place(
                        decided.order, policy, limit: limit, for: caller, basket: basket, request, context)
                    return exchange.accepted(placed, request, context)
                }
            }
        }
    }

    /// As the request says, else by its model, else pictures.
    private func kind(of body: ReceivedBody, for caller: Caller) throws(RequestProblem) -> MediaKind {
        var fields = body.fields
        if let text = try fields.string("kind").flatMap({ $0.isEmpty ? nil : $0 }) {
            guard let kind = MediaKind(rawValue: text.lowercased()) else {
                throw .invalidValue("kind", got: text, allowed: MediaKind.allCases.map(\.rawValue))
            }
            return kind
        }
        return orders.kind(ofModel: try fields.string("model"), for: caller) ?? .image
    }
}
