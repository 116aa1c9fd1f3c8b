import NIOCore

/// One keep-alive connection in a closed loop: the next request leaves when the answer to the last one is complete.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let plan: LoadPlan
    private let done: EventLoopPromise<[Sample]>
    private var reader = AnswerReader()
    private var samples: [Sample] = []
    private var pending: (number: Int, sentAt: Int64)?
    private var sent = 0

    init(plan: LoadPlan, done: EventLoopPromise<[Sample]>) {
        self.plan = plan
        self.done = done
    }

    func channelActive(context: ChannelHandlerContext) {
        sendNext(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        reader.append(&part)
        do {
            while let answer = try reader.next() {
                record(status: answer.status, body: plan.keepsBodies ? answer.body : nil)
                sendNext(context)
            }
        } catch {
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        record(status: 0, body: nil)
        done.succeed(samples)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func sendNext(_ context: ChannelHandlerContext) {
        guard sent < plan.callsPerConnection, let call = plan.next() else { return context.close(promise: nil) }
        sent += 1
        pending = (call.number, MonotonicClock.nanoseconds())
        context.writeAndFlush(wrapOutboundOut(call.bytes), promise: nil)
    }

    private func record(status: Int, body: ByteBuffer?) {
        guard let pending else { return }
        self.pending = nil
        samples.append(
            Sample(
                number: pending.number, sentAt: pending.sentAt, answeredAt: MonotonicClock.nanoseconds(),
                status: status, body: body))
    }
}
