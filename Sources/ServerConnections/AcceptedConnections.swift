package import HummingbirdCore
import Logging
import NIOCore
import Synchronization

extension HTTPServerBuilder {
    /// HTTP/1.1 for a server that may be stopped while connections come in.
    ///
    /// A connection that was accepted but not yet taken up when its server ends is dropped by NIO without being
    /// finished, and its writer then ends the process on purpose (swift-nio issues 2637 and 2813). Here such a
    /// connection is closed instead.
    package static func steadyHTTP1(
        configuration: HTTP1Channel.Configuration = HTTP1Channel.Configuration()
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            SteadyHTTP1(base: HTTP1Channel(responder: responder, configuration: configuration))
        }
    }
}

private struct SteadyHTTP1: ServerChildChannel {
    let base: HTTP1Channel

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<AcceptedConnection> {
        base.setup(channel: channel, logger: logger).map { AcceptedConnection($0) }
    }

    func handle(value: AcceptedConnection, logger: Logger) async {
        await base.handle(value: value.taken(), logger: logger)
    }
}

/// A connection on its way from the listening socket to whoever answers it.
private final class AcceptedConnection: ServerChildChannelValue {
    private let connection: HTTP1Channel.Value
    private let isTaken = Atomic(false)

    init(_ connection: HTTP1Channel.Value) {
        self.connection = connection
    }

    var channel: any Channel { connection.channel }

    func taken() -> HTTP1Channel.Value {
        isTaken.store(true, ordering: .relaxed)
        return connection
    }

    deinit {
        guard !isTaken.load(ordering: .relaxed) else { return }
        let connection = connection
        // The client sees a closed connection, as if it had come a moment later.
        Task { try? await connection.executeThenClose { _, _ in } }
    }
}
