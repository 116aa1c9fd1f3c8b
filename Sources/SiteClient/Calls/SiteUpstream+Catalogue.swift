package import GatewayCore
import SiteWire

extension SiteUpstream {
    /// Two requests, one for each kind of models (protocol page `transport.md`, section 11). Neither is repeated.
    package func catalogue(of account: AccountCredential) async throws(GenerationFault) -> LiveCatalogue {
        let caller = try caller(for: account)
        var catalogue = LiveCatalogue(images: nil, videos: nil)
        var fault: GenerationFault?
        do {
            let reply = try LiveImageCatalogue(
                try await envelope(as: account, .image) { caller.imageCatalogue(at: Self.unixSeconds) })
            catalogue.images = reply.models.compactMap(LiveModel.init)
            liveImages.keep(reply.models, in: account.market) { $0.modelKey }
            catalogue.defaultImageKey = reply.defaultModelKey
        } catch {
            fault = Self.fault(error)
        }
        do {
            let reply = try LiveVideoCatalogue(
                try await envelope(as: account, .video) { caller.videoCatalogue(at: Self.unixSeconds) })
            catalogue.videos = reply.models.map(LiveModel.init)
            liveVideos.keep(reply.models, in: account.market) { $0.modelKey }
        } catch {
            fault = Self.fault(error)
        }
        if catalogue.images == nil, catalogue.videos == nil, let fault { throw fault }
        return catalogue
    }

    private func envelope(
        as account: AccountCredential, _ media: SiteMedia, _ build: @escaping @Sendable () -> SiteRequest
    ) async throws(GenerationFault) -> SiteEnvelope {
        let policy = SiteTransport.Policy(deadline: .seconds(20), pauses: [], limit: 8 << 20)
        let answer = try await transport.read(as: account, policy: policy, build)
        return try Self.open(answer, context: .check, media: media)
    }

    private static func fault(_ error: any Error) -> GenerationFault {
        switch error {
        case let fault as GenerationFault: fault
        case let fault as SiteFault: GenerationFault(fault)
        default: GenerationFault(.internalError)
        }
    }
}
