import GatewayCore
import HTTPTypes
import Hummingbird
import Logging
import WireJSON

/// What all requests that make a generation have in common: placing the order, and staying with it until its answer can
/// be given (endpoints.md section 12).
struct GenerationExchange: Sendable {
    /// What a route has decided.
    struct Order: Sendable {
        var task: GenerationTask
        /// As the client named it.
        var requestedModel: String
        /// nil for tools.
        var model: Model?
        var notices: [String] = []
        var user: String?
        var metadata: [String: String] = [:]
        var webhook: WebhookTarget?
        /// Where it may run; nil = anywhere.
        var regions: Set<Region>?
        /// The one account that it must run on.
        var account: AccountID?
        var fingerprint: String
    }

    /// A started (or found) generation and what its request wants of it.
    struct Placed: Sendable {
        var job: Job
        var model: Model?
        var policy: WaitPolicy
        /// The server's own limit.
        var waitLimit: Duration
        var wasRetry: Bool
        /// Whether somebody else may be waiting for the same job, or come back for it.
        var isShared: Bool
        var replays: Bool
        var deadline: Timestamp
        var requestID: String
        var acceptLanguage: String?
        /// Whether the links of the answer had to be the site's, although the gateway's were promised.
        var lacksCopies = false
        /// Told when the request ends without its answer while the generation goes on.
        var leave: (@Sendable (Job) -> Void)?

        /// How the request was honoured with changes, beside what is known of the generation.
        var notices: [String] {
            (wasRetry ? [Notice.retryAttached] : []) + (lacksCopies ? [Notice.mediaNotKept] : [])
        }
    }

    typealias Answering = @Sendable (Placed) async throws -> FinishedAnswer

    /// A generation whose request stays for the answer.
    struct Pending: Sendable {
        var placed: Placed
        /// Whether the answer is sent as events.
        var asEvents = false
        var answering: Answering
    }

    /// When a key that has as many generations as it may is advised to try again.
    private static let limitRetry = Duration.seconds(5)
    static let streamTick = Duration.seconds(10)
    static let blankTick = Duration.seconds(20)
    private static let processingTick = Duration.seconds(25)
    /// How long an answer waits for the copies that its links lead to.
    private static let copyWait = Duration.seconds(60)

    let services: Boxed<GatewayServices>
    let configuration: Boxed<HTTPConfiguration>
    let description: JobDescription
    let generations: GenerationRoutes

    /// Runs `body` with a place for the request's files; see ``InputBasket``.
    func withInputs<Value>(
        _ limits: InputLimits, _ body: (InputBasket) async throws -> Value
    ) async throws -> Value {
        try await InputBasket.with(
            store: services.inputs, limits: limits, totalLimit: configuration.inputTotalLimit, body)
    }

    /// `limit`: how long the server itself waits for this kind of generation.
    func policy(_ request: Request, isAsync: Bool, limit: Duration) throws -> WaitPolicy {
        let query = QueryParameters(request.uri.query)
        return WaitPolicy(
            headers: request.headers, isAsync: try isAsync || query.flag("async"),
            keepsAlive: try configuration.keepsJSONAlive || query.flag("keepalive"), limit: limit,
            timeoutAnswer: configuration.timeoutAnswer)
    }

    func fingerprint(_ path: String, _ body: ReceivedBody) -> String {
        RepeatKey.fingerprint(
            method: "POST", path: path, fields: body.fields, files: body.files, vault: services.vault)
    }

    // MARK: Starting

    /// Puts the generation on disk, or finds the one that the same request made. The basket's files belong to it then.
    /// `joining`: a generation that is known to be this request's already.
    /// - Throws: ``RequestProblem`` `idempotency_key_...`; ``APIFailure`` when nothing can run it.
    func place(
        _ order: Order, _ policy: WaitPolicy, limit: Duration, for caller: Caller, basket: InputBasket,
        joining known: Job? = nil, _ request: Request, _ context: GatewayRequestContext
    ) async throws -> Placed {
        let key = try RepeatKey(headers: request.headers, now: services.time.now)
        try caller.check(order.task)
        let credentials = credentials(of: caller, for: order)
        guard !credentials.isEmpty else {
            var failure = APIFailure(GenerationFault(.noAvailableAccount))
            let regions = order.model?.regions ?? Region.allCases.filter { order.regions?.contains($0) ?? true }
            failure.values[.region] = .list(regions.map(\.rawValue))
            failure.values[.model] = PlaceholderText(order.task.model)
            throw failure
        }
        var generation = NewGeneration(
            task: order.task, requestedModel: order.requestedModel, notices: order.notices, user: order.user,
            metadata: order.metadata, owner: caller.owner, idempotencyKey: key.idempotencyKey,
            fingerprint: order.fingerprint, join: key.join, accounts: credentials, webhook: order.webhook)
        generation.ownerLimit = caller.key?.rules.jobsAtOnce
        generation.budget = caller.key?.budget
        let (job, isJoined): (Job, Bool)
        if let known {
            (job, isJoined) = (known, true)
            await basket.handOver([])
        } else {
            do {
                (job, isJoined) = try await start(generation)
            } catch let problem as RequestProblem {
                await tellBudget(of: caller.key, context)
                throw problem
            }
            await tellBudget(of: caller.key, context)
            await basket.handOver(order.task.inputs)
        }
        return Placed(
            job: job, model: order.model, policy: policy, waitLimit: limit,
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
            case .ownerLimitReached:
                throw RequestProblem(
                    .concurrencyLimitExceeded, values: [.limit: PlaceholderText("\(generation.ownerLimit ?? 0)")],
                    retryAfter: Self.limitRetry)
            case .budgetUsed(let standing): throw RequestProblem.budgetUsed(standing, at: services.time.now)
            }
        } catch let fault as GenerationFault where fault.kind == .queueFull {
            var failure = APIFailure(fault)
            failure.values[.count] = PlaceholderText("\(await services.generations.status.waiting)")
            throw failure
        }
    }

    /// Puts what is left of the key's budget on the answer, whatever it becomes.
    private func tellBudget(of key: GatewayKey?, _ context: GatewayRequestContext) async {
        guard let key, let budget = key.budget else { return }
        let now = services.time.now
        do {
            let standings = try await services.usage.standings(of: key.id.rawValue, in: budget, at: now)
            context.notes.set(RateHeaders.fields(of: standings, at: now))
        } catch {
            // The answer is good without it.
            services.logger.warning("spent credits not read", metadata: ["key.id": "\(key.id)", "error": "\(error)"])
        }
    }

    /// The caller's accounts that fit, in their order, and of a large pool no more than one generation can use.
    private func credentials(of caller: Caller, for order: Order) -> [AccountCredential] {
        let fitting = caller.accounts.filter { account in
            order.regions?.contains(account.region) ?? true && order.account.map { $0 == account.id } ?? true
        }
        return Array(fitting.prefix(TokenList.maximumItems))
    }

    // MARK: Answering

    /// The answer in the form that the request wants it: at once, late, with signs of life, or as events.
    func respond(to pending: Pending, _ request: Request, _ context: GatewayRequestContext) -> Response {
        let placed = pending.placed
        if placed.policy.wait == .zero, !placed.job.state.isTerminal { return accepted(placed, request, context) }
        if pending.asEvents { return streamed(placed, context, pending.answering) }
        if placed.policy.keepsAlive { return keptAlive(placed, context, pending.answering) }
        return context.notes.answer {
            try await APIFailure.telling(prompt: placed.job.task.prompt) {
                try await waited(placed, request, context, pending.answering)
            }
        }
    }

    func waited(
        _ placed: Placed, _ request: Request, _ context: GatewayRequestContext, _ answering: Answering
    ) async throws -> Response {
        var placed = placed
        if !placed.job.state.isTerminal {
            placed.job =
                configuration.sendsProcessing
                ? try await wait(for: placed, every: Self.processingTick, context) {
                    ConnectionGuard.sayProcessing(on: context.channel)
                } : try await wait(for: placed, until: placed.deadline, context)
        }
        if !placed.job.state.isTerminal, case .accepted = placed.policy.expiry {
            return accepted(placed, request, context)
        }
        placed = try await withCopies(
            placed, every: configuration.sendsProcessing ? Self.processingTick : nil, context
        ) {
            ConnectionGuard.sayProcessing(on: context.channel)
        }
        let answer = try await answer(to: placed, answering)
        var headers = answer.headers
        if placed.replays { headers[.idempotencyReplayed] = "true" }
        switch answer.body {
        case .whole(let buffer): return JSONResponse.make(buffer(), headers: headers)
        case .pieces(let pieces):
            headers[.contentType] = JSONResponse.contentType
            return Response(
                status: .ok, headers: headers,
                body: ResponseBody { writer in
                    for try await piece in pieces { try await writer.write(piece) }
                    try await writer.finish(nil)
                })
        }
    }

    /// - Throws: ``WaitInterruption/clientGone``; `wait_timeout` when the process is stopping.
    func wait(
        for placed: Placed, until deadline: Timestamp, _ context: GatewayRequestContext
    ) async throws -> Job {
        let left = Interruption()
        ConnectionWatch.onClose(of: context.channel) { left.fire() }
        let job: Job
        do {
            job = try await services.generations.wait(for: placed.job.id, until: deadline, unless: left)
        } catch let fault as GenerationFault where fault.kind == .shuttingDown {
            throw stillRunning(placed, RequestProblem(.waitTimeout))
        }
        guard job.state.isTerminal || !left.isFired else {
            await clientLeft(placed)
            throw WaitInterruption.clientGone
        }
        return job
    }

    /// A client that leaves before anything was sent to the site takes its generation along; else it may come back.
    func clientLeft(_ placed: Placed) async {
        placed.leave?(placed.job)
        if !placed.isShared { await services.generations.cancelIfWaiting(placed.job.id) }
    }

    /// Waits a while for the copies of the results, where the links of the answer are to lead to them.
    /// `tick`: how often `onTick` is called meanwhile; nil = never.
    /// - Throws: ``WaitInterruption/clientGone``; what `onTick` throws.
    func withCopies(
        _ placed: Placed, every tick: Duration?, _ context: GatewayRequestContext,
        _ onTick: () async throws -> Void
    ) async throws -> Placed {
        guard description.links.leadsHere, placed.job.lacksCopies else { return placed }
        var placed = placed
        let end = min(placed.deadline, services.time.now + Self.copyWait)
        while placed.job.lacksCopies, services.time.now < end {
            let next = tick.map { min(end, services.time.now + $0) } ?? end
            let job = placed.job
            do {
                placed.job = try await ClientPresence(channel: context.channel).whileWaiting {
                    await services.generations.kept(job, until: next)
                }
            } catch WaitInterruption.clientGone {
                await clientLeft(placed)
                throw WaitInterruption.clientGone
            } catch WaitInterruption.draining {
                break
            }
            // Before its time: there is nothing more to wait for.
            guard services.time.now >= next else { break }
            if next < end { try await onTick() }
        }
        placed.lacksCopies = placed.job.lacksCopies
        return placed
    }

    /// 202 with the record of the generation.
    func accepted(_ placed: Placed, _ request: Request, _ context: GatewayRequestContext) -> Response {
        var response = generations.record(of: placed.job, request, context, status: .accepted)
        response.headers[.location] = "/v1/generations/\(placed.job.id.rawValue)"
        response.headers[.retryAfter] = "5"
        response.headers[.xJimengModel] = placed.job.task.model
        add(placed, to: &response.headers)
        if case .accepted(let applied?) = placed.policy.expiry { response.headers[.preferenceApplied] = applied }
        return response
    }

    /// - Throws: what the generation ended with, or that it has not ended.
    func answer(to placed: Placed, _ answering: Answering) async throws -> FinishedAnswer {
        if let failure = JobDescription.failure(of: placed.job) { throw failure }
        guard placed.job.state.isTerminal else { throw expired(placed) }
        do {
            return try await answering(placed)
        } catch let fault as GenerationFault {
            throw APIFailure(fault, prompt: placed.job.task.prompt, job: placed.job)
        }
    }

    /// What every answer tells of the request, before its generation's end adds to it.
    func add(_ placed: Placed, to headers: inout HTTPFields) {
        let notices = placed.job.notices + placed.notices
        if !notices.isEmpty { headers[.xJimengNotice] = notices.joined(separator: ",") }
        if placed.replays { headers[.idempotencyReplayed] = "true" }
    }

    func expired(_ placed: Placed) -> APIFailure {
        if placed.job.state == .unknown {
            return stillRunning(placed, GenerationFault(.submitUncertain))
        }
        switch placed.policy.expiry {
        case .waitTimeout: return stillRunning(placed, RequestProblem(.waitTimeout))
        case .generationTimeout, .accepted:
            var failure = stillRunning(placed, GenerationFault(.generationTimeout))
            failure.values[.seconds] = PlaceholderText("\(placed.waitLimit.wholeMilliseconds / 1000)")
            return failure
        }
    }

    func stillRunning(_ placed: Placed, _ cause: any Error) -> APIFailure {
        placed.leave?(placed.job)
        var failure = APIFailure(from: cause) ?? APIFailure(GenerationFault(.internalError))
        failure.prompt = placed.job.task.prompt
        failure.job = placed.job
        failure.pointsAtGeneration = true
        return failure
    }
}
