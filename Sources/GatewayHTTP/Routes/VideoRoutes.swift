import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// `POST /v1/videos/generations`, its other spelling, and the records for programs that poll (endpoints.md section 11).
struct VideoRoutes: Sendable {
    static let path = "/v1/videos/generations"
    static let otherPath = "/v1/video/generations"

    let services: Boxed<GatewayServices>
    let configuration: Boxed<HTTPConfiguration>
    let authorization: Authorization
    let reader: MultipartBodyReader
    let orders: VideoOrders
    let exchange: GenerationExchange
    let answers: VideoAnswers
    let description: JobDescription
    let generations: GenerationRoutes

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        for path in [Self.path, Self.otherPath] {
            table.add(.post, path, to: router) { request, context in try await generate(request, context) }
        }
        for path in [Self.path, Self.otherPath, ImageEndpoint.generations.path] {
            table.add(.get, path + "/:id", to: router) { request, context in
                record(
                    of: try await generations.settled(try await generations.ownJob(request, context), context), request,
                    context)
            }
        }
    }

    private func generate(_ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        let caller = try authorization.caller(of: request, context, for: .generate)
        let pending = try await exchange.withInputs(configuration.inputLimits) { basket in
            let body = try await reader.body(
                of: request, into: basket, kinds: MaterialKind.allCases, requestID: context.requestID)
            return try await APIFailure.telling(prompt: body.fields.object["prompt"]?.string) {
                let decided = try await orders.decide(
                    body, .generations, fingerprint: exchange.fingerprint(Self.path, body), for: caller,
                    basket: basket, request, context)
                let limit = configuration.videoWaitLimit
                let policy = try exchange.policy(request, isAsync: decided.isAsync, limit: limit)
                let placed = try await exchange.place(
                    decided.order, policy, limit: limit, for: caller, basket: basket, request, context)
                let origin = orders.links.origin(of: request)
                return GenerationExchange.Pending(placed: placed) {
                    try await answers.answer(to: $0, format: decided.responseFormat, origin: origin)
                }
            }
        }
        return exchange.respond(to: pending, request, context)
    }

    /// The native record with OpenAI's words for the state, and the result under one more name.
    private func record(of job: Job, _ request: Request, _ context: GatewayRequestContext) -> Response {
        var response = generations.record(of: job, request, context)
        let value = description.record(
            of: job, origin: description.links.origin(of: request), requestID: context.requestID,
            acceptLanguage: request.headers[.acceptLanguage], now: services.time.now)
        guard case .object(var record) = value else { return response }
        record["status"] = .string(job.state.openAIStatus)
        if job.state.openAIStatus == "completed" { record["result"] = ["data": record["data"] ?? .array([])] }
        response.body = .init(byteBuffer: ByteBuffer(bytes: JSONValue.object(record).serialized()))
        return response
    }
}

extension JobState {
    /// The state in OpenAI's words (endpoints.md section 13.1).
    var openAIStatus: String {
        switch self {
        case .queued, .preparing: "queued"
        case .submitting, .unknown, .running: "in_progress"
        case .succeeded, .partial: "completed"
        case .failed, .canceled: "failed"
        }
    }
}
