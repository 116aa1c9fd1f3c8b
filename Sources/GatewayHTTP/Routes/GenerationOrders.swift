import GatewayCore
import Hummingbird

/// Makes orders for pictures and videos alike, for endpoints that take both.
struct GenerationOrders: Sendable {
    struct Decided: Sendable {
        var order: GenerationExchange.Order
        var responseFormat: ImageResponseFormat
        /// At most so many results are answered; nil = all.
        var answeredCount: Int?
        var isAsync: Bool
    }

    let services: Boxed<GatewayServices>
    let configuration: Boxed<HTTPConfiguration>
    let images: ImageOrders
    let videos: VideoOrders

    /// What a model makes; nil when none was named or there is none of that name.
    func kind(ofModel name: String?, for caller: Caller) -> MediaKind? {
        name.flatMap {
            services.value.models(for: caller).catalogue.kind(
                ofModel: $0, openAIAliases: configuration.images.openAIAliases)
        }
    }

    /// How long the server itself waits for such a generation.
    func waitLimit(_ kind: MediaKind) -> Duration {
        kind == .video ? configuration.videoWaitLimit : configuration.imageWaitLimit
    }

    func inputLimits(_ kind: MediaKind) -> InputLimits {
        kind == .video ? configuration.inputLimits : configuration.pictureInputs
    }

    /// `video`: whose defaults a video gets. `fingerprint`: by which a repeated request is known.
    /// - Throws: ``RequestProblem``; ``GenerationFault`` when the disk fails; ``WaitInterruption``.
    func decide(
        _ body: ReceivedBody, _ kind: MediaKind, video endpoint: VideoRequest.Endpoint, fingerprint: String,
        for caller: Caller, basket: InputBasket, _ request: Request, _ context: GatewayRequestContext
    ) async throws -> Decided {
        switch kind {
        case .image:
            let decided = try await images.decide(
                body, .generations, fingerprint: fingerprint, for: caller, basket: basket, request, context)
            return Decided(
                order: decided.order, responseFormat: decided.resolved.responseFormat,
                answeredCount: decided.resolved.answeredCount, isAsync: decided.isAsync)
        case .video:
            let decided = try await videos.decide(
                body, endpoint, fingerprint: fingerprint, for: caller, basket: basket, request, context)
            return Decided(
                order: decided.order, responseFormat: decided.responseFormat, isAsync: decided.isAsync)
        }
    }
}
