import AsyncHTTPClient
package import GatewayCore
package import Logging
import NIOCore
import NIOHTTP1
package import SiteWire
import Synchronization

/// The site over its web protocol: what the engine needs of it, one method per call.
package final class SiteUpstream: Upstream {
    package struct Configuration: Sendable {
        /// Takes the place of every site host; nil = the real hosts.
        package var upstreamBase: SiteBaseURL?
        /// By which proxies accounts reach the site when their tokens name none.
        package var paths = NetworkPaths()
        package var versions = SiteVersions()
        /// The 19-digit analytics id of this process (regions.md section 4).
        package var webID: String
        /// For the one request that costs credits.
        package var submitDeadline: Duration = .seconds(45)
        /// For one look at running jobs.
        package var pollDeadline: Duration = .seconds(20)

        package init(webID: String) {
            self.webID = webID
        }
    }

    let configuration: Configuration
    let catalogue: ModelCatalogue
    let uploadTokens = UploadTokens()
    let liveImages = LiveModels<LiveImageModel>()
    let liveVideos = LiveModels<LiveVideoModel>()
    private let pool: ClientPool
    private let logger: Logger
    let metrics: SiteMetrics
    private let sandboxBase = Mutex<SiteBaseURL?>(nil)

    /// `catalogue`: must be the one that requests were resolved with; it holds the site's model keys.
    package init(
        configuration: Configuration, catalogue: ModelCatalogue, metrics: SiteMetrics = SiteMetrics(),
        logger: Logger
    ) {
        self.configuration = configuration
        self.catalogue = catalogue
        self.logger = logger
        self.metrics = metrics
        pool = ClientPool(paths: configuration.paths)
    }

    /// Where the built-in sandbox listens, known once it has started. Until then sandbox accounts are unreachable.
    package func useSandbox(at base: SiteBaseURL) {
        sandboxBase.withLock { $0 = base }
    }

    /// Closes every connection; calls under way fail.
    package func shutdown() async {
        await pool.shutdown(logger: logger)
    }

    var transport: SiteTransport {
        SiteTransport(
            pool: pool, upstreamBase: configuration.upstreamBase, sandboxBase: sandboxBase.withLock { $0 },
            metrics: metrics, logger: logger)
    }

    func client(for account: AccountCredential) async throws(GenerationFault) -> HTTPClient {
        try await pool.client(for: account)
    }

    /// Who speaks: region, session and versions.
    func caller(for account: AccountCredential) throws(GenerationFault) -> SiteCaller {
        guard let session = SiteSession(id: account.session.reveal(), webID: configuration.webID) else {
            throw GenerationFault(.invalidSession)
        }
        return SiteCaller(region: SiteRegion(account.region), session: session, versions: configuration.versions)
    }

    /// The site's clock is compared with ours when it checks the signature's time, so this is the wall clock.
    static var unixSeconds: Int64 { SystemTime().now.seconds }

    /// Opens an answer; the fault it amounts to is thrown in the gateway's words.
    static func open(
        _ answer: SiteTransport.Answer, context: SiteCallContext, media: SiteMedia = .image
    ) throws(GenerationFault) -> SiteEnvelope {
        do {
            return try site(answer, context: context, media: media)
        } catch {
            throw GenerationFault(error)
        }
    }

    static func site(
        _ answer: SiteTransport.Answer, context: SiteCallContext, media: SiteMedia = .image
    ) throws(SiteFault) -> SiteEnvelope {
        let result = answer.body.withUnsafeReadableBytes { bytes in
            Result { () throws(SiteFault) in
                try SiteEnvelope.open(status: answer.status, body: bytes, context: context, media: media)
            }
        }
        return try result.get()
    }
}
