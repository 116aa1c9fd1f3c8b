import NIOCore

/// Drives a ``ProxyHandshake`` on the connection to a proxy, bounded in bytes and time. Once the way is open it passes
/// everything on.
final class ProxyDialogue: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    struct Opened: Sendable {
        var channel: any Channel
        /// Bytes of the target that came together with the proxy's last word.
        var early: ByteBuffer
    }

    private var handshake: any ProxyHandshake
    private let limit: TimeAmount
    /// Nil once it is settled.
    private var opened: EventLoopPromise<Opened>?
    private var deadline: Scheduled<Void>?
    private var received: [UInt8] = []

    /// Longer than any answer of a proxy and the first bytes behind it.
    private static let byteLimit = 65_536

    init(_ handshake: any ProxyHandshake, limit: TimeAmount, opened: EventLoopPromise<Opened>) {
        self.handshake = handshake
        self.limit = limit
        self.opened = opened
    }

    func channelActive(context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limit) {
            self.fail(.unreachable, context)
        }
        say(handshake.opening(), context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard opened != nil else {
            context.fireChannelRead(data)
            return
        }
        received += unwrapInboundIn(data).readableBytesView
        guard received.count <= Self.byteLimit else {
            fail(.notUnderstood, context)
            return
        }
        do throws(ProxyRefusal) {
            while true {
                switch try handshake.advance(&received) {
                case .wait: return
                case .say(let bytes): say(bytes, context)
                case .established:
                    succeed(context)
                    return
                }
            }
        } catch {
            fail(error, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.unreachable, context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(.unreachable, context)
        context.close(promise: nil)
    }

    private func say(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    private func succeed(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let promise = opened
        opened = nil
        promise?.succeed(Opened(channel: context.channel, early: ByteBuffer(bytes: received)))
        received = []
    }

    private func fail(_ refusal: ProxyRefusal, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        guard let promise = opened else { return }
        opened = nil
        promise.fail(refusal)
        context.close(promise: nil)
    }
}
