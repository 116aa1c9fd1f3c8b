import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// `POST /v1/images/generations`, `.../compositions` and `.../edits` (endpoints.md sections 9 and 10, openai-compat.md
/// section 6).
struct ImageRoutes: Sendable {
    let services: Boxed<GatewayServices>
    let configuration: Boxed<HTTPConfiguration>
    let authorization: Authorization
    let reader: MultipartBodyReader
    let orders: ImageOrders
    let exchange: GenerationExchange
    let answers: PictureAnswers

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        for endpoint in ImageEndpoint.allCases {
            table.add(.post, endpoint.path, to: router) { request, context in
                try await generate(endpoint, request, context)
            }
        }
    }

    private func generate(
        _ endpoint: ImageEndpoint, _ request: Request, _ context: GatewayRequestContext
    ) async throws -> Response {
        let caller = try authorization.caller(of: request, context, for: .generate)
        let pending = try await exchange.withInputs(configuration.pictureInputs) { basket in
            let body = try await reader.body(
                of: request, into: basket, kinds: [.image], requestID: context.requestID)
            return try await APIFailure.telling(prompt: body.fields.object["prompt"]?.string) {
                let decided = try await orders.decide(
                    body, endpoint, fingerprint: exchange.fingerprint(endpoint.path, body), for: caller,
                    basket: basket, request, context)
                let limit = configuration.imageWaitLimit
                let policy = try exchange.policy(request, isAsync: decided.isAsync, limit: limit)
                let placed = try await exchange.place(
                    decided.order, policy, limit: limit, for: caller, basket: basket, request, context)
                let wish = PictureAnswers.Wish(
                    endpoint: endpoint, format: decided.resolved.responseFormat,
                    outputFormat: decided.resolved.outputFormat, compression: decided.resolved.outputCompression,
                    count: decided.resolved.answeredCount, asEvents: decided.wantsStream,
                    origin: orders.links.origin(of: request))
                return GenerationExchange.Pending(placed: placed, asEvents: decided.wantsStream) {
                    try await answers.answer(to: $0, wish)
                }
            }
        }
        return exchange.respond(to: pending, request, context)
    }
}
