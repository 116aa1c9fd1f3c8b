import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// OpenAI's video resource over the same generations (openai-compat.md section 7).
struct OpenAIVideoRoutes: Sendable {
    static let path = "/v1/videos"
    private static let usualPage = 20

    let services: Boxed<GatewayServices>
    let configuration: Boxed<HTTPConfiguration>
    let authorization: Authorization
    let reader: MultipartBodyReader
    let orders: VideoOrders
    let exchange: GenerationExchange
    let object: VideoObject
    let generations: GenerationRoutes

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        table.add(.post, Self.path, to: router) { request, context in try await create(request, context) }
        table.add(.get, Self.path, to: router) { request, context in try await list(request, context) }
        table.add(.get, Self.path + "/:id", to: router) { request, context in
            answer(try await generations.settled(try await ownVideo(request, context), context), request, context)
        }
        table.add(.delete, Self.path + "/:id", to: router) { request, context in
            try await remove(try await ownVideo(request, context))
        }
        table.add(.get, Self.path + "/:id/content", to: router) { request, context in
            try await content(of: try await ownVideo(request, context), request, context)
        }
        table.add(.post, Self.path + "/:id/remix", to: router) { request, context in
            try await remix(try await ownVideo(request, context), request, context)
        }
    }

    // MARK: Making

    private func create(_ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        let caller = try authorization.caller(of: request, context, for: .generate)
        return try await exchange.withInputs(configuration.inputLimits) { basket in
            let body = try await reader.body(
                of: request, into: basket, kinds: MaterialKind.allCases, requestID: context.requestID)
            return try await APIFailure.telling(prompt: body.fields.object["prompt"]?.string) {
                var decided = try await orders.decide(
                    body, .openAI, fingerprint: exchange.fingerprint(Self.path, body), for: caller, basket: basket,
                    request, context)
                decided.order.metadata[VideoObject.sizeLabel] = Self.requestedSize(body.fields)
                return try await placed(decided.order, caller, basket, request, context)
            }
        }
    }

    /// `1280x720`, when the request names its size so.
    private static func requestedSize(_ fields: RequestFields) -> String? {
        guard let text = fields.object["size"]?.string, case .pixels(let size)? = SizeParameter(parsing: text) else {
            return nil
        }
        return size.description
    }

    private func placed(
        _ order: GenerationExchange.Order, _ caller: Caller, _ basket: InputBasket, _ request: Request,
        _ context: GatewayRequestContext
    ) async throws -> Response {
        let limit = configuration.videoWaitLimit
        let policy = try exchange.policy(request, isAsync: true, limit: limit)
        let placed = try await exchange.place(
            order, policy, limit: limit, for: caller, basket: basket, request, context)
        var response = answer(placed.job, request, context)
        if placed.replays { response.headers[.idempotencyReplayed] = "true" }
        return response
    }

    /// A new video of the same model, ratio and length, with the finished one as its reference.
    private func remix(
        _ job: Job, _ request: Request, _ context: GatewayRequestContext
    ) async throws -> Response {
        let caller = try authorization.caller(of: request, context, for: .generate)
        return try await exchange.withInputs(configuration.inputLimits) { basket in
            var body = try await reader.body(of: request, into: basket, kinds: [.video], requestID: context.requestID)
            let prompt = try body.fields.string("prompt") ?? ""
            return try await APIFailure.telling(prompt: prompt) {
                guard !prompt.trimmingBlanks().isEmpty else { throw RequestProblem.missing("prompt") }
                guard prompt.unicodeScalars.count <= 32_000 else {
                    throw RequestProblem.tooLong("prompt", length: prompt.unicodeScalars.count, maximum: 32_000)
                }
                var metadata = try body.fields.labels("metadata")
                metadata[VideoObject.sourceLabel] = VideoObject.id(of: job.id)
                let user = try body.fields.string("user")
                if let user, user.unicodeScalars.count > 512 {
                    throw RequestProblem.tooLong("user", length: user.unicodeScalars.count, maximum: 512)
                }
                let webhook = try WebhookFields(body.fields)
                let (task, model) = try await remixTask(of: job, prompt: prompt, caller, basket)
                let order = GenerationExchange.Order(
                    task: .video(task), requestedModel: job.requestedModel, model: model,
                    notices: body.fields.notices, user: user, metadata: metadata,
                    webhook: webhook.target(origin: object.description.links.origin(of: request)),
                    regions: Set(model.regions),
                    fingerprint: exchange.fingerprint("\(Self.path)/\(job.id.rawValue)/remix", body))
                return try await placed(order, caller, basket, request, context)
            }
        }
    }

    private func remixTask(
        of job: Job, prompt: String, _ caller: Caller, _ basket: InputBasket
    ) async throws -> (VideoTask, Model) {
        guard case .video(let old) = job.task, !job.outputs.isEmpty else { throw unfinished(job) }
        guard let model = services.value.models(for: caller).catalogue.model(named: old.model),
            model.supportsOmniReference
        else {
            throw RequestProblem(
                .unsupportedEndpoint,
                values: [
                    .path: PlaceholderText("\(Self.path)/{id}/remix"),
                    .hint: PlaceholderText(
                        english: "\(old.model) takes no video as a reference; send a picture of it to /v1/videos.",
                        chinese: "\(old.model) 不支持以视频为参考，请截取画面后提交到 /v1/videos。"),
                ])
        }
        let problem = InputProblem(origin: .stored, param: "id", index: 1, kinds: [.video], expected: .video)
        let source = try await problem.telling {
            try await basket.spool(try await ResultFiles(services: services).open(job, output: 0).body)
        }
        try problem.check(source)
        var task = old
        task.prompt = prompt
        task.seed = UInt32(truncatingIfNeeded: services.random.next())
        task.mode = .omni(materials: [source], pieces: [.material(0), .text(prompt)])
        return (task, model)
    }

    // MARK: Looking

    private func answer(_ job: Job, _ request: Request, _ context: GatewayRequestContext) -> Response {
        var headers: HTTPFields = [.xGenerationID: job.id.rawValue, .xJimengModel: job.task.model]
        if !job.notices.isEmpty { headers[.xJimengNotice] = job.notices.joined(separator: ",") }
        let wait = VideoObject.pollAfter(
            job, wish: request.headers[.stainlessPollInterval], now: services.time.now)
        if let wait { headers[.openAIPollAfter] = String(wait) }
        return JSONResponse.make(value(of: job, request, context), headers: headers)
    }

    private func value(of job: Job, _ request: Request, _ context: GatewayRequestContext) -> JSONValue {
        object.object(
            of: job, origin: object.description.links.origin(of: request), requestID: context.requestID,
            acceptLanguage: request.headers[.acceptLanguage], now: services.time.now)
    }

    private func list(_ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        let caller = try authorization.caller(of: request, context, for: .readGenerations)
        let query = QueryParameters(request.uri.query)
        var filter = JobFilter(owner: caller.seesEverything ? nil : caller.owner, kind: .video, limit: Self.usualPage)
        if let text = query["limit"], !text.isEmpty {
            guard let limit = Int(text), (0...100).contains(limit) else {
                throw RequestProblem.outOfRange("limit", 0...100, got: text)
            }
            if limit > 0 { filter.limit = limit }
        }
        switch query["order"] {
        case nil, "", "desc": break
        case "asc"?: filter.newestFirst = false
        case let order?: throw RequestProblem.invalidValue("order", got: order, allowed: ["asc", "desc"])
        }
        let page = try await ListCursor(query).page(of: services.generations, filter) { Self.notFound($0) }
        let data = page.jobs.map { value(of: $0, request, context) }
        return JSONResponse.make([
            "object": "list", "data": .array(data), "first_id": data.first?["id"] ?? .null,
            "last_id": data.last?["id"] ?? .null, "has_more": .bool(page.hasMore),
        ])
    }

    private func content(
        of job: Job, _ request: Request, _ context: GatewayRequestContext
    ) async throws -> Response {
        let variant = try GenerationRoutes.variant(
            QueryParameters(request.uri.query)["variant"], original: ["video"])
        guard job.state.isTerminal else { throw unfinished(job) }
        if let failure = JobDescription.failure(of: job), case .fault(let fault) = failure.cause {
            var gone = APIFailure(RequestProblem(.contentExpired), prompt: job.task.prompt, job: job)
            gone.reason = fault
            throw gone
        }
        guard variant == .original else {
            return try await generations.preview(variant, of: job, output: 0, request, context)
        }
        return try await generations.content(
            of: job, output: 0, disposition: "attachment; filename=\"\(VideoObject.id(of: job.id)).mp4\"", request,
            context)
    }

    private func remove(_ job: Job) async throws -> Response {
        var job = job
        if !job.state.isTerminal {
            guard let after = try await services.generations.cancel(job.id) else {
                throw Self.notFound(VideoObject.id(of: job.id))
            }
            guard after.state.isTerminal else {
                throw APIFailure(
                    RequestProblem(
                        .generationNotCancellable, values: [.status: GenerationRoutes.words(for: after.state)]),
                    job: after)
            }
            job = after
        }
        let id = VideoObject.id(of: job.id)
        guard try await services.removeGeneration(job.id) else { throw Self.notFound(id) }
        return JSONResponse.make(["id": .string(id), "object": "video.deleted", "deleted": true])
    }

    private func unfinished(_ job: Job) -> APIFailure {
        APIFailure(
            RequestProblem(.generationNotFinished, values: [.status: GenerationRoutes.words(for: job.state)]), job: job)
    }

    private func ownVideo(
        _ request: Request, _ context: GatewayRequestContext, for scope: KeyScope = .readGenerations
    ) async throws -> Job {
        let caller = try authorization.caller(of: request, context, for: scope)
        let id = context.parameters.get("id") ?? ""
        guard let generation = GenerationID(anyForm: id), let job = try await services.generations.job(generation),
            caller.maySee(job), job.task.kind == .video
        else { throw Self.notFound(id) }
        return job
    }

    private static func notFound(_ id: String) -> RequestProblem {
        RequestProblem(.videoNotFound, values: [.id: .echo(id)])
    }
}
