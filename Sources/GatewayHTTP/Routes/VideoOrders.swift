import GatewayCore
import Hummingbird

/// Makes orders of requests for videos: decoded, decided, their materials read.
struct VideoOrders: Sendable {
    struct Decided: Sendable {
        var order: GenerationExchange.Order
        var responseFormat: ImageResponseFormat
        var isAsync: Bool
    }

    let services: Boxed<GatewayServices>
    let configuration: Boxed<HTTPConfiguration>
    let media: RequestMedia
    let links: MediaLinks

    /// `fingerprint`: by which a repeated request is known.
    /// - Throws: ``RequestProblem``; ``GenerationFault`` when the disk fails; ``WaitInterruption``.
    func decide(
        _ body: ReceivedBody, _ endpoint: VideoRequest.Endpoint, fingerprint: String, for caller: Caller,
        basket: InputBasket, _ request: Request, _ context: GatewayRequestContext
    ) async throws -> Decided {
        let decoded = try DecodedVideoRequest(body, endpoint: endpoint)
        let resolver = VideoRequestResolver(
            catalogue: services.value.models(for: caller).catalogue, options: configuration.images)
        let resolved = try resolver.resolve(
            decoded.video, regions: caller.regions,
            seed: UInt32(truncatingIfNeeded: services.random.next()))
        let kinds = MaterialKind.allCases.filter(resolved.kinds.contains)
        let materials = try await media.load(
            resolved.selection.map { decoded.inputs[$0] }, kinds: kinds, into: basket,
            while: ClientPresence(channel: context.channel))
        let (task, notices) = try resolver.task(of: resolved, materials: materials)
        let order = GenerationExchange.Order(
            task: .video(task), requestedModel: resolved.requestedModel, model: resolved.model,
            notices: resolved.notices + notices, user: decoded.video.user, metadata: decoded.metadata,
            webhook: decoded.webhook.target(origin: links.origin(of: request)), regions: resolved.regions,
            fingerprint: fingerprint)
        return Decided(order: order, responseFormat: resolved.responseFormat, isAsync: decoded.isAsync)
    }
}
