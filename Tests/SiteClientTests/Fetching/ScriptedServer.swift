import NIOCore
import NIOPosix
import Synchronization

/// A server on a loopback address that answers each request with the bytes a test gives it, and tells what came.
struct ScriptedServer: Sendable {
    enum Event: Hashable, Sendable {
        case opened, closed
        /// The head of a request.
        case request(String)
    }

    enum Answer: Sendable {
        /// These bytes, then the end of the connection.
        case whole(String)
        /// These bytes and then nothing, until the client goes.
        case hanging(String)
        /// These bytes, then a megabyte after the other until the client goes.
        case endless(String)

        static func ok(_ body: String, type: String = "image/png") -> Answer {
            .whole("HTTP/1.1 200 OK\r\ncontent-type: \(type)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
        }

        static func redirect(_ location: String, status: Int = 302) -> Answer {
            .whole("HTTP/1.1 \(status) Found\r\nlocation: \(location)\r\ncontent-length: 0\r\n\r\n")
        }

        static func status(_ status: Int) -> Answer {
            .whole("HTTP/1.1 \(status) Status\r\ncontent-length: 0\r\n\r\n")
        }
    }

    let port: Int
    private let events: AsyncStream<Event>
    private let record: Record

    /// What came, and which connections stand.
    fileprivate final class Record: Sendable {
        private let all = Mutex<(events: [Event], channels: [any Channel])>(([], []))
        private let feed: AsyncStream<Event>.Continuation

        init(_ feed: AsyncStream<Event>.Continuation) { self.feed = feed }

        var events: [Event] { all.withLock { $0.events } }
        var channels: [any Channel] { all.withLock { $0.channels } }

        func note(_ event: Event) {
            all.withLock { $0.events.append(event) }
            feed.yield(event)
        }

        func add(_ channel: any Channel) {
            all.withLock { $0.channels.append(channel) }
        }
    }

    /// Everything that has come so far.
    var history: [Event] { record.events }

    var requests: [String] {
        history.compactMap { event in
            guard case .request(let head) = event else { return nil }
            return head
        }
    }

    /// Waits until something has come.
    func wait(for event: Event) async {
        for await found in events where found == event { return }
    }

    @discardableResult
    static func with<Value: Sendable>(
        host: String = "127.0.0.1", answer: @escaping @Sendable (_ target: String) -> Answer,
        _ body: (ScriptedServer) async throws -> Value
    ) async throws -> Value {
        let (events, feed) = AsyncStream.makeStream(of: Event.self)
        let record = Record(feed)
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    record.add(channel)
                    try channel.pipeline.syncOperations.addHandler(ScriptedHandler(answer: answer, record: record))
                }
            }
            .bind(host: host, port: 0).get()
        let server = ScriptedServer(port: listener.localAddress?.port ?? 0, events: events, record: record)
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        try await listener.close()
        for channel in record.channels { channel.close(promise: nil) }
        return try result.get()
    }
}

/// One connection of a ``ScriptedServer``.
private final class ScriptedHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let answer: @Sendable (String) -> ScriptedServer.Answer
    private let record: ScriptedServer.Record
    private var received = ""

    init(answer: @escaping @Sendable (String) -> ScriptedServer.Answer, record: ScriptedServer.Record) {
        self.answer = answer
        self.record = record
    }

    func channelActive(context: ChannelHandlerContext) {
        record.note(.opened)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        record.note(.closed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let isComplete = received.contains("\r\n\r\n")
        received += String(buffer: unwrapInboundIn(data))
        // What a client of TLS sends is no request, and is answered all the same.
        guard !isComplete, received.contains("\r\n\r\n") || received.utf8.first == 0x16 else { return }
        record.note(.request(received))
        let target = received.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        let channel = context.channel
        switch answer(target) {
        case .whole(let text):
            channel.writeAndFlush(ByteBuffer(string: text)).whenComplete { _ in channel.close(promise: nil) }
        case .hanging(let text):
            channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        case .endless(let text):
            channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
            Self.writeOn(channel)
        }
    }

    private static func writeOn(_ channel: any Channel) {
        channel.writeAndFlush(ByteBuffer(repeating: 0x61, count: 1 << 20)).whenSuccess { writeOn(channel) }
    }
}
