import AsyncHTTPClient
import GatewayCore
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A proxy on the loopback interface that our own HTTP client can use, in front of proxies that it can't: SOCKS with a
/// login, SOCKS4, and proxies inside TLS. It takes CONNECT, opens the way through the real proxy, and then passes bytes.
///
/// Other programs of this machine can reach the port, so every request has to bring a password that only this process
/// knows. Listening begins with the first route.
final class ProxyBridge: Sendable {
    struct Settings: Sendable {
        /// From accepting a connection to the end of its CONNECT request.
        var head: TimeAmount = .seconds(10)
        /// To connect to the proxy, and for the conversation with it.
        var handshake: TimeAmount = .seconds(10)
        /// Most connections at once; more are closed at once.
        var connections = 4_096
        var tls = TLSConfiguration.makeClientConfiguration()
    }

    private struct State {
        var listener: EventLoopFuture<any Channel>?
        var routes: [String: ProxyAddress] = [:]
        var numbers = 0
        var connections: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    let settings: Settings
    private let password: String
    private let state = Mutex(State())
    /// Made at the first use: reading the system's certificates takes a while.
    private let tls = Mutex<NIOSSLContext?>(nil)

    init(settings: Settings = Settings()) {
        self.settings = settings
        var generator = SystemRandomNumberGenerator()
        password = (0..<4).map { _ in String(generator.next() as UInt64, radix: 36) }.joined()
    }

    /// Where the HTTP client finds the bridge, and the name of the route to give back with ``forget(_:)``.
    /// - Throws: ``GenerationFault`` `proxyError` when no port can be had.
    func route(to address: ProxyAddress) async throws(GenerationFault) -> (HTTPClient.Configuration.Proxy, String) {
        let listener = listener()
        let channel: any Channel
        do {
            guard let listener else { throw ChannelError.alreadyClosed }
            channel = try await listener.get()
        } catch {
            // The next one tries again.
            state.withLock { if $0.listener === listener { $0.listener = nil } }
            throw GenerationFault(.proxyError)
        }
        guard let port = channel.localAddress?.port else { throw GenerationFault(.proxyError) }
        let name = state.withLock { state in
            state.numbers += 1
            let name = "r\(state.numbers)"
            state.routes[name] = address
            return name
        }
        let login = HTTPClient.Authorization.bearer(tokens: "\(name).\(password)")
        return (.server(host: "127.0.0.1", port: port, authorization: login), name)
    }

    /// The route leads nowhere from now on; tunnels that stand stay.
    func forget(_ route: String) {
        state.withLock { $0.routes[route] = nil }
    }

    /// Closes the port and every tunnel.
    func shutdown() async {
        let (listener, channels) = state.withLock { state in
            state.isClosed = true
            state.routes = [:]
            return (state.listener, Array(state.connections.values))
        }
        for channel in channels { channel.close(promise: nil) }
        // A port that could not be had, or is closed already, needs no closing.
        if let listener { try? await listener.flatMap { $0.close() }.get() }
    }

    /// Nil once the bridge is closed.
    private func listener() -> EventLoopFuture<any Channel>? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            if let listener = state.listener { return listener }
            let listener = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.backlog, value: 256)
                .childChannelInitializer { [weak self] channel in
                    guard let self, self.admit(channel) else { return channel.close() }
                    return channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(BridgeEntrance(bridge: self))
                    }
                }
                .bind(host: "127.0.0.1", port: 0)
            state.listener = listener
            return listener
        }
    }

    private func admit(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isAdmitted = state.withLock { state in
            guard !state.isClosed, state.connections.count < settings.connections else { return false }
            state.connections[id] = channel
            return true
        }
        guard isAdmitted else { return false }
        channel.closeFuture.whenComplete { [weak self] _ in
            self?.state.withLock { $0.connections[id] = nil }
        }
        return true
    }

    // MARK: For the entrance

    /// The proxy that a login names; nil for any other login.
    func address(forLogin header: String) -> ProxyAddress? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", let dot = parts[1].firstIndex(of: ".") else {
            return nil
        }
        guard ConstantTime.equal(password, String(parts[1][parts[1].index(after: dot)...])) else { return nil }
        return state.withLock { $0.routes[String(parts[1][..<dot])] }
    }

    /// Connects to the proxy and has the conversation that opens the way. `opened`: succeeds with the proxy's channel
    /// and what has come through it already. Everything happens on `loop`.
    func open(
        _ address: ProxyAddress, to target: ProxyTarget, on loop: any EventLoop
    ) -> EventLoopFuture<ProxyDialogue.Opened> {
        let opened = loop.makePromise(of: ProxyDialogue.Opened.self)
        let limit = settings.handshake
        ClientBootstrap(group: loop).connectTimeout(limit)
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if address.kind == .https {
                        let name = IPAddress(address.host) == nil ? address.host : nil
                        try pipeline.addHandler(NIOSSLClientHandler(context: tlsContext(), serverHostname: name))
                    }
                    try pipeline.addHandler(
                        ProxyDialogue(address.handshake(to: target), limit: limit, opened: opened))
                }
            }
            .connect(host: address.host, port: address.port)
            .whenFailure { _ in opened.fail(ProxyRefusal.unreachable) }
        return opened.futureResult
    }

    private func tlsContext() throws -> NIOSSLContext {
        try tls.withLock { context in
            if let context { return context }
            let fresh = try NIOSSLContext(configuration: settings.tls)
            context = fresh
            return fresh
        }
    }
}
