import AsyncHTTPClient
import GatewayCore
import Logging
import NIOCore
import NIOHTTPCompression
import Synchronization

/// HTTP clients by network path: one without a proxy, and one for each proxy in use, because a client's proxy can't be
/// changed per request.
final class ClientPool: Sendable {
    private struct Proxied {
        var client: HTTPClient
        /// Where the bridge leads it; nil when the client speaks with the proxy itself.
        var route: String?
    }

    private struct State {
        var proxied: [Secret: Proxied] = [:]
        /// Least recently used first.
        var order: [Secret] = []
        /// Clients pushed out by newer ones, oldest first: requests may still be running on them for a while.
        var retired: [Proxied] = []
        var isShutDown = false

        mutating func use(_ secret: Secret) -> HTTPClient? {
            guard let known = proxied[secret] else { return nil }
            if order.last != secret, let place = order.firstIndex(of: secret) {
                order.remove(at: place)
                order.append(secret)
            }
            return known.client
        }
    }

    private let direct: HTTPClient
    private let settings: Settings
    private let paths: NetworkPaths
    private let bridge: ProxyBridge
    private let state = Mutex(State())

    struct Settings: Sendable {
        /// Time to connect, proxy and TLS included.
        var connect: TimeAmount = .seconds(10)
        /// Longest silence while reading.
        var read: TimeAmount = .seconds(45)
        /// Largest decompressed answer.
        var decompressedLimit = 64 << 20
        var connectionsPerHost = 64
        /// Most proxies with a client.
        var proxies = 256
        /// Most clients that were pushed out and are kept for the requests under way; beyond it the oldest one is shut
        /// down, which ends whatever still runs on it.
        var retired = 32
    }

    init(settings: Settings = Settings(), paths: NetworkPaths = NetworkPaths(), bridge: ProxyBridge = ProxyBridge()) {
        self.settings = settings
        self.paths = paths
        self.bridge = bridge
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
    /// - Throws: ``GenerationFault`` `proxyError` when the proxy can't be used by this program, `upstreamUnreachable`
    ///   after ``shutdown(logger:)``.
    func client(for account: AccountCredential) async throws(GenerationFault) -> HTTPClient {
        guard let secret = paths.proxy(of: account) else { return direct }
        if let known = state.withLock({ $0.use(secret) }) { return known }
        guard let address = ProxyAddress(secret) else { throw GenerationFault(.proxyError) }
        if let proxy = address.direct { return try keep(secret, proxy: proxy, route: nil) }
        let (proxy, route) = try await bridge.route(to: address)
        return try keep(secret, proxy: proxy, route: route)
    }

    /// Makes the client unless another caller was faster; making one opens nothing.
    private func keep(
        _ secret: Secret, proxy: HTTPClient.Configuration.Proxy, route: String?
    ) throws(GenerationFault) -> HTTPClient {
        var unused: String? = route
        var expired: Proxied?
        let client = state.withLock { state -> HTTPClient? in
            guard !state.isShutDown else { return nil }
            if let known = state.use(secret) { return known }
            let fresh = HTTPClient(
                eventLoopGroupProvider: .singleton, configuration: Self.configuration(settings, proxy: proxy))
            unused = nil
            state.proxied[secret] = Proxied(client: fresh, route: route)
            state.order.append(secret)
            if state.order.count > settings.proxies,
                let old = state.proxied.removeValue(forKey: state.order.removeFirst())
            {
                state.retired.append(old)
                if state.retired.count > settings.retired { expired = state.retired.removeFirst() }
            }
            return fresh
        }
        if let unused { bridge.forget(unused) }
        if let expired {
            if let route = expired.route { bridge.forget(route) }
            // Nobody waits for it; the future keeps the client until it is closed.
            expired.client.shutdown().whenComplete { [client = expired.client] _ in _ = client }
        }
        guard let client else { throw GenerationFault(.upstreamUnreachable) }
        return client
    }

    /// How many clients there are for proxies: in use, and pushed out but not shut down.
    var counts: (inUse: Int, retired: Int) {
        state.withLock { ($0.proxied.count, $0.retired.count) }
    }

    /// Closes every connection. Requests under way fail.
    func shutdown(logger: Logger) async {
        let clients = state.withLock { state -> [HTTPClient] in
            guard !state.isShutDown else { return [] }
            state.isShutDown = true
            return state.proxied.values.map(\.client) + state.retired.map(\.client) + [direct]
        }
        for client in clients {
            do {
                try await client.shutdown()
            } catch {
                logger.warning("HTTP client not shut down cleanly", metadata: ["error": "\(type(of: error))"])
            }
        }
        await bridge.shutdown()
    }
}
