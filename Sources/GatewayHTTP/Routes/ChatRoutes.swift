import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// `POST /v1/chat/completions`: pictures and videos for programs that speak with language models (endpoints.md
/// section 15).
struct ChatRoutes: Sendable {
    static let path = "/v1/chat/completions"

    let services: Boxed<GatewayServices>
    let configuration: Boxed<HTTPConfiguration>
    let authorization: Authorization
    let reader: BodyReader
    let orders: GenerationOrders
    let exchange: GenerationExchange
    let delivery: PictureDelivery
    let description: JobDescription
    let unanswered: UnansweredChats

    private var options: ChatOptions { configuration.chat }

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        table.add(.post, Self.path, to: router) { request, context in
            let caller = try authorization.caller(of: request, context, for: .generate)
            let fields = try await reader.fields(of: request, requestID: context.requestID)
            let chat = try ChatRequest(fields, options: options)
            if options.answersAuxiliary,
                let text = AuxiliaryPrompt.answer(to: chat, patterns: options.auxiliaryPatterns)
            {
                return auxiliary(text, chat)
            }
            return try await APIFailure.telling(prompt: chat.prompt) {
                let turn = try await place(chat, fields, caller, request, context)
                if chat.wantsStream, !turn.isImmediate { return try await streamed(turn, context) }
                let pending = GenerationExchange.Pending(placed: turn.placed) { placed in
                    try await answer(to: placed, turn)
                }
                return exchange.respond(to: pending, request, context)
            }
        }
    }

    /// A started (or found) generation and how it is to be spoken of.
    struct Turn: Sendable {
        var chat: ChatRequest
        var placed: GenerationExchange.Placed
        var envelope: ChatEnvelope
        var words: ChatWords
        var wish: PictureDelivery.Wish

        /// Whether not to wait was asked for.
        var isImmediate: Bool { placed.policy.wait == .zero && !placed.job.state.isTerminal }
    }

    // MARK: Starting

    private func place(
        _ chat: ChatRequest, _ fields: RequestFields, _ caller: Caller, _ request: Request,
        _ context: GatewayRequestContext
    ) async throws -> Turn {
        let kind = orders.kind(ofModel: chat.model, for: caller) ?? .image
        let mayBeBlank = kind == .video && chat.materials.contains { $0.kind == .image }
        guard mayBeBlank || !chat.prompt.trimmingBlanks().isEmpty else { throw RequestProblem.missing("messages") }
        let fingerprint = exchange.fingerprint(Self.path, ReceivedBody(fields: fields))
        let owner = caller.owner
        let repeats = try RepeatKey(headers: request.headers, now: services.time.now)
        var left: Job?
        if case .never = repeats.join {
            // A front-end that lost its connection asks again for what it has; one that was answered, for another.
            left = try await unanswered.take(
                owner: owner, fingerprint: fingerprint, at: services.time.now, from: services.generations)
        }
        let asked = chat.generationFields(kind)
        var translated = RequestFields(asked.object, isForm: false)
        translated.repairs = fields.repairs
        let body = ReceivedBody(fields: translated)
        let (decided, placed) = try await exchange.withInputs(orders.inputLimits(kind)) {
            [translated = asked, left] basket in
            do {
                let decided = try await orders.decide(
                    body, kind, video: .chat, fingerprint: fingerprint, for: caller, basket: basket, request, context)
                let limit = orders.waitLimit(kind)
                let policy = try exchange.policy(request, isAsync: decided.isAsync, limit: limit)
                let placed = try await exchange.place(
                    decided.order, policy, limit: limit, for: caller, basket: basket, joining: left, request, context)
                return (decided, placed)
            } catch {
                throw Self.renamed(error, translated.origins)
            }
        }
        return turn(chat, kind, decided, placed, request, context)
    }

    private func turn(
        _ chat: ChatRequest, _ kind: MediaKind, _ decided: GenerationOrders.Decided,
        _ placed: GenerationExchange.Placed, _ request: Request, _ context: GatewayRequestContext
    ) -> Turn {
        var placed = placed
        // Whoever leaves may come back for the answer.
        placed.leave = { [unanswered, time = services.time] in unanswered.note($0, at: time.now) }
        // A stream is kept alive by what it sends; only the server's own limit ends it.
        if chat.wantsStream, placed.policy.wait > .zero {
            placed.policy.expiry = .generationTimeout
            placed.deadline = context.startedAt + placed.waitLimit
        }
        let language = description.errors.language(
            acceptLanguage: request.headers[.acceptLanguage], prompt: chat.prompt)
        return Turn(
            chat: chat, placed: placed,
            envelope: ChatEnvelope(
                id: ChatEnvelope.newID(random: services.random), created: services.time.now,
                model: decided.order.requestedModel, tellsUsage: chat.includesUsage),
            words: ChatWords(kind: kind, language: language, videoMarkdown: options.videoMarkdown),
            wish: PictureDelivery.Wish(
                needsBytes: decided.responseFormat == .base64, format: nil, quality: 90, count: decided.answeredCount,
                origin: description.links.origin(of: request)))
    }

    /// Errors blame what stands in the conversation, not what it was translated into.
    private static func renamed(_ error: any Error, _ origins: [String: String]) -> any Error {
        guard var failure = APIFailure(from: error), case .problem(var problem) = failure.cause,
            let param = problem.param, let origin = origins[param]
        else { return error }
        problem.param = origin
        failure.cause = .problem(problem)
        return failure
    }

    // MARK: Answering

    struct Outcome: Sendable {
        var pictures: [DeliveredPicture]
        /// One a result, in markdown.
        var texts: [String]
        /// For clients that read pictures from there.
        var images: JSONValue?
        var notices: [String]
    }

    private func answer(to placed: GenerationExchange.Placed, _ turn: Turn) async throws -> FinishedAnswer {
        let outcome = try await outcome(of: placed, turn)
        let content = outcome.texts.joined(separator: "\n")
        let body = turn.envelope.answer(
            content: content, images: outcome.images, usage: usage(turn, contentBytes: content.utf8.count),
            jimeng: description.extensionObject(
                of: placed.job, pictures: outcome.pictures, notices: outcome.notices, now: services.time.now))
        return FinishedAnswer(
            headers: FinishedAnswer.headers(for: placed.job, notices: outcome.notices),
            body: .whole { ByteBuffer(bytes: body.serialized()) })
    }

    func usage(_ turn: Turn, contentBytes: Int) -> JSONValue {
        ChatEnvelope.usage(
            prompt: turn.chat.prompt, inputs: turn.placed.job.task.inputs.count, contentBytes: contentBytes)
    }

    /// - Throws: what the generation ended with, or that it has not ended.
    func outcome(of placed: GenerationExchange.Placed, _ turn: Turn) async throws -> Outcome {
        let job = placed.job
        if let failure = JobDescription.failure(of: job) { throw failure }
        guard job.state.isTerminal else { throw exchange.expired(placed) }
        let pictures: [DeliveredPicture]
        do {
            pictures = try await delivery.pictures(of: job, turn.wish)
        } catch let fault as GenerationFault {
            throw APIFailure(fault, prompt: turn.chat.prompt, job: job)
        }
        let links = pictures.map { Self.link(to: $0, kind: job.task.kind) }
        let images = links.enumerated().map { index, link -> JSONValue in
            ["type": "image_url", "index": .integer(Int64(index)), "image_url": ["url": .string(link)]]
        }
        let notices =
            job.notices
            + PictureAnswer.notices(for: job, model: placed.model, pictures: pictures) + placed.notices
        return Outcome(
            pictures: pictures, texts: links.map(turn.words.markdown),
            images: job.task.kind == .image ? .array(images) : nil, notices: notices)
    }

    /// The file itself as a data URL where its bytes were asked for.
    private static func link(to picture: DeliveredPicture, kind: MediaKind) -> String {
        guard let bytes = picture.bytes else { return picture.url }
        var buffer = ByteBuffer(string: "data:\(kind == .video ? "video/mp4" : "image/\(picture.format)");base64,")
        Base64.write(bytes, into: &buffer)
        return String(buffer: buffer)
    }
}
