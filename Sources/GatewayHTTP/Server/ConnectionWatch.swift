import NIOCore
import NIOHTTP1

/// Tells a waiting request that its client left, and puts the ``ConnectionGuard`` in its place.
///
/// The server gives connections no other way to notice: reading on for the end of the input would use up the
/// connection for every request that waits. One per connection, runs on its event loop.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias InboundOut = NIOAny

    private let bodyLimit: Int
    private let formLimit: Int
    private var isGone = false
    /// The request that waits; a connection has one at a time.
    private var waiter: (@Sendable () -> Void)?

    init(bodyLimit: Int, formLimit: Int) {
        self.bodyLimit = bodyLimit
        self.formLimit = formLimit
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(
                ConnectionGuard(bodyLimit: bodyLimit, formLimit: formLimit), position: .after(decoder))
        } catch {
            context.fireErrorCaught(error)
        }
    }

    /// ``onClose(_:)`` of the connection's watch. A connection without one (in tests of the router alone) never closes.
    static func onClose(of channel: any Channel, _ action: @escaping @Sendable () -> Void) {
        channel.eventLoop.execute {
            guard let watch = try? channel.pipeline.syncOperations.handler(type: Self.self) else { return }
            watch.onClose(action)
        }
    }

    /// `action` runs once when the client closes its side, at once when it has already done so. Replaces the previous.
    func onClose(_ action: @escaping @Sendable () -> Void) {
        if isGone { return action() }
        waiter = action
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { clientLeft() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        clientLeft()
        context.fireChannelInactive()
    }

    private func clientLeft() {
        isGone = true
        let action = waiter
        waiter = nil
        action?()
    }
}
