import GatewayCore
import HTTPTypes
import Hummingbird
import Logging
import WireJSON

/// `POST /v1/images/generations` (endpoints.md section 9).
struct ImageRoutes: Sendable {
    static let path = "/v1/images/generations"
    private static let streamTick = Duration.seconds(10)
    private static let blankTick = Duration.seconds(20)

    let services: GatewayServices
    let configuration: HTTPConfiguration
    let authorization: Authorization
    let reader: BodyReader
    let resolver: ImageRequestResolver
    let delivery: PictureDelivery
    let description: JobDescription
    let generations: GenerationRoutes

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        table.add(.post, Self.path, to: router) { request, context in
            let tokens = try authorization.tokens(in: request.headers)
            let fields = try await reader.fields(of: request)
            do {
                return try await generate(request, context, tokens, fields)
            } catch {
                // The language of the text follows the prompt.
                guard var failure = APIFailure(from: error) else { throw error }
                failure.prompt = failure.prompt ?? fields.object["prompt"]?.string
                throw failure
            }
        }
    }

    /// A started (or found) generation and what its request wants of it.
    private struct Order: Sendable {
        var job: Job
        var resolved: ResolvedImage
        var wish: PictureDelivery.Wish
        var policy: WaitPolicy
        var wasRetry: Bool
        /// Whether somebody else may be waiting for the same job, or come back for it.
        var isShared: Bool
        var replays: Bool
        var deadline: Timestamp
        var requestID: String
        var acceptLanguage: String?
    }

    private func generate(
        _ request: Request, _ context: GatewayRequestContext, _ tokens: TokenList, _ fields: RequestFields
    ) async throws -> Response {
        let decoded = try DecodedImageRequest(fields)
        let query = QueryParameters(request.uri.query)
        let accounts = tokens.accounts
        let resolved = try resolver.resolve(
            decoded.image, regions: accounts.map(\.region), seed: UInt32(truncatingIfNeeded: services.random.next()))
        let policy = WaitPolicy(
            headers: request.headers, isAsync: try decoded.isAsync || query.flag("async"),
            keepsAlive: try configuration.keepsJSONAlive || query.flag("keepalive"),
            limit: configuration.imageWaitLimit, timeoutAnswer: configuration.timeoutAnswer)
        let order = try await place(decoded, resolved, policy, tokens, request, context, fields)
        if policy.wait == .zero, !order.job.state.isTerminal { return accepted(order, request, context) }
        if decoded.wantsStream { return streamed(order, context) }
        if policy.keepsAlive { return keptAlive(order, context) }
        return try await waited(order, request, context)
    }

    // MARK: Starting

    private func place(
        _ decoded: DecodedImageRequest, _ resolved: ResolvedImage, _ policy: WaitPolicy, _ tokens: TokenList,
        _ request: Request, _ context: GatewayRequestContext, _ fields: RequestFields
    ) async throws -> Order {
        let key = try RepeatKey(headers: request.headers, now: services.time.now)
        let credentials = credentials(of: tokens, in: resolved.regions)
        guard !credentials.isEmpty else {
            var failure = APIFailure(GenerationFault(.noAvailableAccount))
            failure.values[.region] = .list(resolved.model.regions.map(\.rawValue))
            failure.values[.model] = PlaceholderText(resolved.model.id)
            throw failure
        }
        let generation = NewGeneration(
            task: .textToImage(resolved.task), requestedModel: resolved.requestedModel, notices: resolved.notices,
            user: decoded.image.user, metadata: decoded.metadata, owner: tokens.owner(using: services.vault),
            idempotencyKey: key.idempotencyKey,
            fingerprint: RepeatKey.fingerprint(method: "POST", path: Self.path, fields: fields, vault: services.vault),
            join: key.join, accounts: credentials)
        let (job, isJoined) = try await start(generation)
        let wish = PictureDelivery.Wish(
            needsBytes: resolved.responseFormat == .base64 || decoded.wantsStream, format: resolved.outputFormat,
            quality: max(1, resolved.outputCompression ?? 90), count: resolved.answeredCount,
            origin: description.links.origin(of: request))
        return Order(
            job: job, resolved: resolved, wish: wish, policy: policy,
            wasRetry: isJoined && key.idempotencyKey == nil, isShared: isJoined || key.idempotencyKey != nil,
            replays: isJoined && key.idempotencyKey != nil && job.state.isTerminal,
            deadline: context.startedAt + policy.wait, requestID: context.requestID,
            acceptLanguage: request.headers[.acceptLanguage])
    }

    private func start(_ generation: NewGeneration) async throws -> (job: Job, isJoined: Bool) {
        do {
            switch try await services.generations.start(generation) {
            case .started(let job): return (job, false)
            case .joined(let job): return (job, true)
            case .keyReused: throw RequestProblem(.idempotencyKeyReused)
            }
        } catch let fault as GenerationFault where fault.kind == .queueFull {
            var failure = APIFailure(fault)
            failure.values[.count] = PlaceholderText("\(await services.generations.status.waiting)")
            throw failure
        }
    }

    /// One credential an account, in the order of the list.
    private func credentials(of tokens: TokenList, in regions: Set<Region>) -> [AccountCredential] {
        var seen = Set<AccountID>()
        var credentials: [AccountCredential] = []
        for account in tokens.accounts where regions.contains(account.region) {
            let credential = account.credential(using: services.vault)
            if seen.insert(credential.id).inserted { credentials.append(credential) }
        }
        return credentials
    }

    // MARK: Answering

    private func waited(
        _ order: Order, _ request: Request, _ context: GatewayRequestContext
    ) async throws -> Response {
        var order = order
        if !order.job.state.isTerminal {
            order.job = try await wait(for: order, until: order.deadline, context)
        }
        if !order.job.state.isTerminal, case .accepted = order.policy.expiry {
            return accepted(order, request, context)
        }
        let answer = try await answer(to: order)
        var headers = answer.headers()
        if order.replays { headers[.idempotencyReplayed] = "true" }
        return JSONResponse.make(answer.body(), headers: headers)
    }

    /// - Throws: ``WaitInterruption/clientGone``; `wait_timeout` when the server stops.
    private func wait(
        for order: Order, until deadline: Timestamp, _ context: GatewayRequestContext
    ) async throws -> Job {
        let id = order.job.id
        do {
            return try await ClientPresence(channel: context.channel).whileWaiting {
                try await services.generations.wait(for: id, until: deadline)
            }
        } catch WaitInterruption.clientGone {
            await abandon(order)
            throw WaitInterruption.clientGone
        } catch WaitInterruption.draining {
            throw stillRunning(order, RequestProblem(.waitTimeout))
        }
    }

    /// A client that leaves before anything was sent to the site takes its generation along.
    private func abandon(_ order: Order) async {
        guard !order.isShared else { return }
        do {
            let job = try await services.generations.job(order.job.id)
            if job?.state == .queued { _ = try await services.generations.cancel(order.job.id) }
        } catch {
            services.logger.warning(
                "abandoned generation not canceled",
                metadata: ["generation.id": "\(order.job.id)", "error": "\(error)"])
        }
    }

    private func accepted(_ order: Order, _ request: Request, _ context: GatewayRequestContext) -> Response {
        var response = generations.record(of: order.job, request, context, status: .accepted)
        response.headers[.location] = "/v1/generations/\(order.job.id.rawValue)"
        response.headers[.retryAfter] = "5"
        response.headers[.xJimengModel] = order.job.task.model
        if case .accepted(let applied?) = order.policy.expiry { response.headers[.preferenceApplied] = applied }
        return response
    }

    /// - Throws: what the generation ended with, or that it has not ended.
    private func answer(to order: Order) async throws -> PictureAnswer {
        let job = order.job
        if let failure = JobDescription.failure(of: job) { throw failure }
        guard job.state.isTerminal else { throw expired(order) }
        let pictures = try await pictures(for: order)
        let notices =
            job.notices
            + PictureAnswer.notices(
                for: job, model: order.resolved.model, pictures: pictures, wasRetry: order.wasRetry)
        let now = services.time.now
        return PictureAnswer(
            job: job, pictures: pictures, format: order.resolved.responseFormat, notices: notices,
            extensionObject: description.extensionObject(of: job, pictures: pictures, notices: notices, now: now),
            created: now)
    }

    private func pictures(for order: Order) async throws -> [DeliveredPicture] {
        do {
            return try await delivery.pictures(of: order.job, order.wish)
        } catch let fault as GenerationFault {
            throw APIFailure(fault, prompt: order.job.task.prompt, job: order.job)
        }
    }

    private func expired(_ order: Order) -> APIFailure {
        if order.job.state == .unknown {
            return stillRunning(order, GenerationFault(.submitUncertain))
        }
        switch order.policy.expiry {
        case .waitTimeout: return stillRunning(order, RequestProblem(.waitTimeout))
        case .generationTimeout, .accepted:
            var failure = stillRunning(order, GenerationFault(.generationTimeout))
            failure.values[.seconds] = PlaceholderText("\(configuration.imageWaitLimit.wholeMilliseconds / 1000)")
            return failure
        }
    }

    private func stillRunning(_ order: Order, _ cause: any Error) -> APIFailure {
        var failure = APIFailure(from: cause) ?? APIFailure(GenerationFault(.internalError))
        failure.prompt = order.job.task.prompt
        failure.job = order.job
        failure.pointsAtGeneration = true
        return failure
    }

    // MARK: Answering late

    /// Waits in pieces, so that something can be sent between them.
    private func wait(
        for order: Order, every tick: Duration, _ context: GatewayRequestContext, _ onTick: () async throws -> Void
    ) async throws -> Job {
        var job = order.job
        while !job.state.isTerminal {
            let now = services.time.now
            guard now < order.deadline else { break }
            let next = min(order.deadline, now + tick)
            job = try await wait(for: order, until: next, context)
            if !job.state.isTerminal, next < order.deadline { try await onTick() }
        }
        return job
    }

    private func headers(for order: Order) -> HTTPFields {
        [
            .xGenerationID: order.job.id.rawValue, .xJimengModel: order.job.task.model, .cacheControl: "no-cache",
            .xAccelBuffering: "no",
        ]
    }

    /// Server-sent events (openai-compat.md section 5). Failures before the generation exists were ordinary answers.
    private func streamed(_ order: Order, _ context: GatewayRequestContext) -> Response {
        var headers = headers(for: order)
        headers[.contentType] = "text/event-stream; charset=utf-8"
        let body = ResponseBody { writer in
            var order = order
            do {
                order.job = try await wait(for: order, every: Self.streamTick, context) {
                    try await writer.write(PictureEvents.keepAlive)
                }
                let answer = try await answer(to: order)
                for (index, picture) in answer.pictures.enumerated() {
                    let isLast = index == answer.pictures.count - 1
                    try await writer.write(
                        PictureEvents.completed(
                            picture, of: order.job, pictures: isLast ? answer.pictures.count : nil,
                            withURL: order.resolved.responseFormat == .url, at: answer.created))
                }
            } catch WaitInterruption.clientGone {
                throw WaitInterruption.clientGone
            } catch {
                try await writer.write(PictureEvents.failed(errorObject(error, order)))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// A blank now and then until the JSON follows; failures come as an error object under status 200.
    private func keptAlive(_ order: Order, _ context: GatewayRequestContext) -> Response {
        var headers = headers(for: order)
        headers[.contentType] = JSONResponse.contentType
        let blank = ByteBuffer(string: " ")
        let body = ResponseBody { writer in
            var order = order
            do {
                order.job = try await wait(for: order, every: Self.blankTick, context) { try await writer.write(blank) }
                try await writer.write(try await answer(to: order).body())
            } catch WaitInterruption.clientGone {
                throw WaitInterruption.clientGone
            } catch {
                let object = description.errors.object(
                    for: error, acceptLanguage: order.acceptLanguage, requestID: order.requestID)
                try await writer.write(ByteBuffer(bytes: object.serialized()))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private func errorObject(_ error: any Error, _ order: Order) -> JSONValue {
        description.errors.object(
            for: error, acceptLanguage: order.acceptLanguage, requestID: order.requestID)["error"] ?? .null
    }
}
