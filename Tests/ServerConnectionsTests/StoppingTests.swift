import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServerConnections
import Testing

@Suite("Servers that stop while connections come in", .timeLimit(.minutes(10)))
struct StoppingTests {
    /// Without the care for dropped connections this ends the process within a few rounds.
    @Test func `a server that is cancelled in the middle of a burst ends quietly`() async throws {
        for _ in 0..<20 {
            let (ports, port) = AsyncStream.makeStream(of: Int.self)
            let application = Application(
                router: Router(), server: .steadyHTTP1(),
                configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0), backlog: 256),
                onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let serving = Task { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            let bound = try #require(await iterator.next())
            try await withThrowingTaskGroup(of: (any Channel)?.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        // Connections that come too late are refused, which is as good.
                        try? await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                            .connect(host: "127.0.0.1", port: bound).get()
                    }
                }
                _ = try await group.next()
                serving.cancel()
                for try await channel in group { try? await channel?.close() }
            }
            _ = await serving.result
        }
    }

    @Test func `connections are answered as ever`() async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let router = Router()
        router.get("/hello") { _, _ in "hello" }
        let application = Application(
            router: router, server: .steadyHTTP1(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let serving = Task { try await application.run() }
        var iterator = ports.makeAsyncIterator()
        let bound = try #require(await iterator.next())
        let (texts, text) = AsyncStream.makeStream(of: String.self)
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { $0.pipeline.addHandler(Reading(text)) }
            .connect(host: "127.0.0.1", port: bound).get()
        try await channel.writeAndFlush(
            ByteBuffer(string: "GET /hello HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"))
        var whole = ""
        for await piece in texts { whole += piece }
        #expect(whole.hasPrefix("HTTP/1.1 200 OK\r\n") && whole.hasSuffix("hello"))
        serving.cancel()
        _ = await serving.result
    }

    private final class Reading: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        private let text: AsyncStream<String>.Continuation

        init(_ text: AsyncStream<String>.Continuation) { self.text = text }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text.yield(String(buffer: unwrapInboundIn(data)))
        }

        func channelInactive(context: ChannelHandlerContext) { text.finish() }
    }
}
