import AsyncHTTPClient
import GatewayCore
import Logging
import NIOCore
import NIOHTTPCompression
import Synchronization

/// HTTP clients by network path: one without a proxy, and one for each proxy in use, because a client's proxy can't be
/// changed per request.
final class ClientPool: Sendable {
    private struct State {
        var proxied: [Secret: HTTPClient] = [:]
        /// Least recently used first.
        var order: [Secret] = []
        /// Clients pushed out by newer ones; shut down with the pool, since a request may still be running on them.
        var retired: [HTTPClient] = []
        var isShutDown = false
    }

    private let direct: HTTPClient
    private let settings: Settings
    private let state = Mutex(State())
    private static let maximumProxies = 256

    struct Settings: Sendable {
        /// Time to connect, TLS included.
        var connect: TimeAmount = .seconds(10)
        /// Longest silence while reading.
        var read: TimeAmount = .seconds(45)
        /// Largest decompressed answer.
        var decompressedLimit = 64 << 20
        var connectionsPerHost = 64
    }

    init(settings: Settings = Settings()) {
        self.settings = settings
        direct = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: Self.configuration(settings, proxy: nil))
    }

    private static func configuration(
        _ settings: Settings, proxy: HTTPClient.Configuration.Proxy?
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: settings.connect, read: settings.read, write: settings.read),
            connectionPool: .init(
                idleTimeout: .seconds(30), concurrentHTTP1ConnectionsPerHostSoftLimit: settings.connectionsPerHost),
            proxy: proxy,
            decompression: .enabled(limit: .size(settings.decompressedLimit)))
        // One connection error is one failed attempt; the callers' retry rules decide about the next.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// The client for an account's network path.
    /// - Throws: ``GenerationFault`` `proxyError` when the proxy can't be used by this program.
    func client(for account: AccountCredential) throws(GenerationFault) -> HTTPClient {
        guard !account.isSandbox, let secret = account.proxy else { return direct }
        if let known = state.withLock({ $0.proxied[secret] }) { return known }
        guard let address = ProxyAddress(secret) else { throw GenerationFault(.proxyError) }
        let fresh = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: Self.configuration(settings, proxy: address.proxy))
        let (client, isFresh) = state.withLock { state -> (HTTPClient, Bool) in
            if let known = state.proxied[secret] { return (known, false) }
            state.proxied[secret] = fresh
            state.order.append(secret)
            if state.order.count > Self.maximumProxies {
                let oldest = state.order.removeFirst()
                if let client = state.proxied.removeValue(forKey: oldest) { state.retired.append(client) }
            }
            return (fresh, true)
        }
        if !isFresh { state.withLock { $0.retired.append(fresh) } }
        return client
    }

    /// Closes every connection. Requests under way fail.
    func shutdown(logger: Logger) async {
        let clients = state.withLock { state -> [HTTPClient] in
            guard !state.isShutDown else { return [] }
            state.isShutDown = true
            return Array(state.proxied.values) + state.retired + [direct]
        }
        for client in clients {
            do {
                try await client.shutdown()
            } catch {
                logger.warning("HTTP client not shut down cleanly", metadata: ["error": "\(type(of: error))"])
            }
        }
    }
}
