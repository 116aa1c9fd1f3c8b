import GatewayCore
import Hummingbird

/// Makes orders of requests for pictures: decoded, decided, their references read.
struct ImageOrders: Sendable {
    struct Decided: Sendable {
        var order: GenerationExchange.Order
        var resolved: ResolvedImage
        var isAsync: Bool
        var wantsStream: Bool
    }

    let services: Boxed<GatewayServices>
    let configuration: Boxed<HTTPConfiguration>
    let media: RequestMedia
    let links: MediaLinks

    /// `fingerprint`: by which a repeated request is known.
    /// - Throws: ``RequestProblem``; ``GenerationFault`` when the disk fails; ``WaitInterruption``.
    func decide(
        _ body: ReceivedBody, _ endpoint: ImageEndpoint, fingerprint: String, for caller: Caller,
        basket: InputBasket, _ request: Request, _ context: GatewayRequestContext
    ) async throws -> Decided {
        let decoded = try DecodedImageRequest(body, endpoint: endpoint, mask: configuration.maskPolicy)
        let resolver = ImageRequestResolver(
            catalogue: services.value.models(for: caller).catalogue, options: configuration.images)
        var resolved = try resolver.resolve(
            decoded.image, regions: caller.regions,
            seed: UInt32(truncatingIfNeeded: services.random.next()))
        let inputs = try await media.load(
            decoded.inputs, kinds: [.image], into: basket, while: ClientPresence(channel: context.channel))
        if let first = inputs.first, let width = first.width, let height = first.height, width > 0, height > 0 {
            resolved = resolver.fitted(resolved, to: PixelSize(width: width, height: height))
        }
        let order = GenerationExchange.Order(
            task: inputs.isEmpty ? .textToImage(resolved.task) : .imageToImage(resolved.task, inputs: inputs),
            requestedModel: resolved.requestedModel, model: resolved.model, notices: resolved.notices,
            user: decoded.image.user, metadata: decoded.metadata,
            webhook: decoded.webhook.target(origin: links.origin(of: request)), regions: resolved.regions,
            fingerprint: fingerprint)
        return Decided(
            order: order, resolved: resolved, isAsync: decoded.isAsync, wantsStream: decoded.wantsStream)
    }
}
