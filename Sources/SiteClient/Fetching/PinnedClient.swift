import AsyncHTTPClient
import GatewayCore
import NIOCore
import Synchronization

/// An HTTP client for one exchange with one address.
///
/// The client's own name resolution must not be asked: between the check of a name's addresses and a second look-up the
/// answer may change. A client can be told an address for a name only when it is made, so each address gets its own (about
/// 50 microseconds); one client for all, with the peer checked once it is connected, would already have opened a connection
/// and said hello by TLS to whatever the second look-up gave. The peer is checked nevertheless, before the request is sent.
final class PinnedClient: Sendable {
    private struct State {
        var watchdog: Task<Void, Never>?
        var isOpen = true
        var isExpired = false
    }

    /// The connection leads elsewhere than to the address that was checked.
    struct WrongPeer: Error {}

    private let client: HTTPClient
    private let connected = Flag(false)
    private let state = Mutex(State())

    /// `host` is what stands in the URLs that will be asked for; at `deadline` the exchange, its body included, is cut off.
    init(
        host: String, address: IPAddress, connectTimeout: Duration, deadline: Timestamp, time: any TimeSource
    ) {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .milliseconds(connectTimeout.wholeMilliseconds)))
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.dnsOverride = [host: address.description]
        configuration.http1_1ConnectionDebugInitializer = Self.peerGuard(expecting: address, connected)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let watchdog = Task { [weak self, time] in
            do {
                try await time.sleep(until: deadline)
                self?.end(expired: true)
            } catch {
                // Cancelled: the exchange has ended.
            }
        }
        state.withLock { $0.watchdog = watchdog }
    }

    deinit {
        end(expired: false)
    }

    /// Whether the connection stood, TLS included.
    var isConnected: Bool { connected.value }
    /// Whether the deadline has cut the exchange off.
    var isExpired: Bool { state.withLock { $0.isExpired } }

    func ask(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        try await client.execute(request, deadline: .distantFuture, logger: nil)
    }

    /// Closes the connection; whatever still goes on over it fails. Calling it again changes nothing.
    func close() {
        end(expired: false)
    }

    private func end(expired: Bool) {
        let (isFirst, watchdog) = state.withLock { state -> (Bool, Task<Void, Never>?) in
            defer {
                if state.isOpen { state.isExpired = expired }
                state.isOpen = false
                state.watchdog = nil
            }
            return (state.isOpen, state.watchdog)
        }
        watchdog?.cancel()
        if isFirst { let _: EventLoopFuture<Void> = client.shutdown() }
    }

    /// Lets a connection through only when its other end is the expected address. A refused one is closed here: the HTTP
    /// client would leave it open.
    static func peerGuard(
        expecting address: IPAddress, _ connected: Flag
    ) -> @Sendable (any Channel) -> EventLoopFuture<Void> {
        { channel in
            if let peer = channel.remoteAddress?.ipAddress.flatMap({ IPAddress($0) }), peer == address {
                connected.set(true)
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            return channel.close().flatMapThrowing { throw WrongPeer() }
        }
    }
}
