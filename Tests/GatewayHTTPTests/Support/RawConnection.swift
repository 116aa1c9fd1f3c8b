import NIOCore
import NIOPosix

/// A TCP connection that speaks exactly the bytes a test gives it.
struct RawConnection {
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private(set) var received = ""

    static func with<Value>(port: Int, _ body: (inout RawConnection) async throws -> Value) async throws -> Value {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(outbound: outbound, inbound: inbound.makeAsyncIterator())
            return try await body(&connection)
        }
    }

    private init(
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) {
        self.outbound = outbound
        self.inbound = inbound
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// Everything up to and with `end`, which is taken from what was received. Ends early with the connection.
    mutating func read(through end: String) async throws -> String {
        while true {
            if let range = received.firstRange(of: end) {
                let text = String(received[..<range.upperBound])
                received = String(received[range.upperBound...])
                return text
            }
            guard let chunk = try await inbound.next() else { return received }
            received += String(buffer: chunk)
        }
    }

    /// Everything until the server closes its side.
    mutating func readToEnd() async throws -> String {
        while let chunk = try await inbound.next() { received += String(buffer: chunk) }
        return received
    }
}
