import NIOCore
import NIOPosix

/// A request of which only the head and half of the body are sent.
enum HalfRequest {
    /// - Returns: the connection, which stays open.
    static func send(
        to port: Int, path: String, token: String, body: [UInt8]
    ) async throws -> any Channel {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port).get()
        let head = """
            POST \(path) HTTP/1.1\r
            host: 127.0.0.1:\(port)\r
            authorization: Bearer \(token)\r
            content-type: application/json\r
            content-length: \(body.count)\r
            \r

            """
        var bytes = ByteBuffer(string: head)
        bytes.writeBytes(body.prefix(body.count / 2))
        try await channel.writeAndFlush(bytes)
        return channel
    }
}
