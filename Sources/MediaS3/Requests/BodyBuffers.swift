import GatewayCore
import NIOCore

/// Chunks of a file as the HTTP client wants them.
struct BodyBuffers: AsyncSequence, Sendable {
    let body: MediaBody

    struct AsyncIterator: AsyncIteratorProtocol {
        var chunks: any AsyncIteratorProtocol<[UInt8], any Error>

        mutating func next() async throws -> ByteBuffer? {
            try await chunks.next(isolation: nil).map { ByteBuffer(bytes: $0) }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: body.makeAsyncIterator())
    }
}
