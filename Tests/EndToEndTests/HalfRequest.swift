import NIOCore
import NIOPosix

/// A request of which only the head and half of the body are sent.
enum HalfRequest {
    /// Returns once the server reads the request: it has asked for the body. Before, a stop would not wait for it.
    /// - Returns: the connection, which stays open.
    static func send(
        to port: Int, path: String, token: String, body: [UInt8]
    ) async throws -> any Channel {
        let asked = Continue(of: MultiThreadedEventLoopGroup.singleton.any())
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { $0.pipeline.addHandler(asked) }
            .connect(host: "127.0.0.1", port: port).get()
        let head = """
            POST \(path) HTTP/1.1\r
            host: 127.0.0.1:\(port)\r
            authorization: Bearer \(token)\r
            content-type: application/json\r
            content-length: \(body.count)\r
            expect: 100-continue\r
            \r

            """
        try await channel.writeAndFlush(ByteBuffer(string: head))
        try await asked.answer.futureResult.get()
        try await channel.writeAndFlush(ByteBuffer(bytes: body.prefix(body.count / 2)))
        return channel
    }

    /// Waits for `100 Continue`.
    private final class Continue: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        let answer: EventLoopPromise<Void>

        init(of loop: any EventLoop) { answer = loop.makePromise() }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            if text.hasPrefix("HTTP/1.1 100 ") {
                answer.succeed()
            } else {
                answer.fail(TestProblem("no 100 Continue: \(text)"))
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            answer.fail(TestProblem("closed before the body was asked for"))
        }
    }
}
