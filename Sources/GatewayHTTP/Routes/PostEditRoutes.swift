import GatewayCore
import HTTPTypes
import Hummingbird

/// `POST /v1/images/upscale` and `/v1/images/outpaint`: after-editing of a finished picture, or of one that is uploaded.
struct PostEditRoutes: Sendable {
    static let upscalePath = "/v1/images/upscale"
    static let outpaintPath = "/v1/images/outpaint"

    /// The model whose site also has these tools.
    private static let toolModel = "jimeng-5.0"

    let services: Boxed<GatewayServices>
    let configuration: Boxed<HTTPConfiguration>
    let authorization: Authorization
    let reader: MultipartBodyReader
    let media: RequestMedia
    let exchange: GenerationExchange
    let answers: PictureAnswers
    let links: MediaLinks

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        for (path, kind) in [(Self.upscalePath, PostEditRequest.Kind.upscale), (Self.outpaintPath, .outpaint)] {
            table.add(.post, path, to: router) { request, context in
                try await edit(path, kind, request, context)
            }
        }
    }

    private func edit(
        _ path: String, _ kind: PostEditRequest.Kind, _ request: Request, _ context: GatewayRequestContext
    ) async throws -> Response {
        let caller = try authorization.caller(of: request, context, for: .generate)
        let pending = try await exchange.withInputs(configuration.pictureInputs) { basket in
            let body = try await reader.body(
                of: request, into: basket, kinds: [.image], requestID: context.requestID)
            let decoded = try DecodedPostEditRequest(body, kind)
            let resolved = try ResolvedPostEdit(decoded.edit)
            let place = try await source(decoded.source, caller, basket, context)
            let task = GenerationTask.postEdit(try resolved.task(on: place.source, size: place.size))
            let order = GenerationExchange.Order(
                task: task, requestedModel: task.model, notices: body.fields.notices + resolved.notices,
                user: decoded.user, metadata: decoded.metadata,
                webhook: decoded.webhook.target(origin: links.origin(of: request)), regions: place.regions,
                account: place.account, fingerprint: exchange.fingerprint(path, body))
            let limit = configuration.imageWaitLimit
            let policy = try exchange.policy(request, isAsync: decoded.isAsync, limit: limit)
            let placed = try await exchange.place(
                order, policy, limit: limit, for: caller, basket: basket, request, context)
            let wish = PictureAnswers.Wish(
                format: resolved.responseFormat, outputFormat: decoded.outputFormat, count: resolved.answeredCount,
                origin: links.origin(of: request))
            return GenerationExchange.Pending(placed: placed) { try await answers.answer(to: $0, wish) }
        }
        return exchange.respond(to: pending, request, context)
    }

    // MARK: The picture

    private struct Place {
        var source: PostEditTask.Source
        var size: PixelSize?
        var regions: Set<Region>?
        var account: AccountID?
    }

    private func source(
        _ source: DecodedPostEditRequest.Source, _ caller: Caller, _ basket: InputBasket,
        _ context: GatewayRequestContext
    ) async throws -> Place {
        switch source {
        case .picture(let input):
            let materials = try await media.load(
                [input], kinds: [.image], into: basket, while: ClientPresence(channel: context.channel))
            guard let material = materials.first else { throw RequestProblem.missing("image") }
            return uploaded(material)
        case .result(let id, let text, let index):
            let owner = caller.owner
            guard let job = try await services.generations.job(id), job.owner == owner else {
                throw RequestProblem(.generationNotFound, param: "generation_id", values: [.id: .echo(text)])
            }
            return try await result(index, of: job, basket)
        }
    }

    /// The site edits its own results by their ids, on the account that made them. One without ids is uploaded.
    private func result(_ index: Int, of job: Job, _ basket: InputBasket) async throws -> Place {
        guard job.state.isTerminal else {
            throw APIFailure(
                RequestProblem(
                    .generationNotFinished, param: "generation_id",
                    values: [.status: GenerationRoutes.words(for: job.state)]), job: job)
        }
        guard job.task.kind == .image else {
            throw RequestProblem.unsupportedFormat(of: .image, index: 1, param: "generation_id")
        }
        guard !job.outputs.isEmpty else { throw APIFailure(RequestProblem(.contentExpired), job: job) }
        guard job.outputs.indices.contains(index) else {
            throw RequestProblem.outOfRange("index", 0...job.outputs.count - 1, got: index)
        }
        let output = job.outputs[index]
        if let itemID = output.remote.itemID, let historyID = job.historyID, let account = job.account {
            return Place(
                source: .own(itemID: itemID, historyID: historyID), size: PictureDelivery.size(of: output, in: job),
                account: account)
        }
        let problem = InputProblem(
            origin: .stored, param: "generation_id", index: 1, kinds: [.image], expected: .image)
        return uploaded(
            try await problem.telling {
                try await basket.spool(try await services.generations.content(of: job, output: index).body)
            })
    }

    private func uploaded(_ material: InputMaterial) -> Place {
        var size: PixelSize?
        if let width = material.width, let height = material.height { size = PixelSize(width: width, height: height) }
        return Place(
            source: .upload(material), size: size,
            regions: services.catalogue.model(named: Self.toolModel).map { Set($0.regions) })
    }
}
