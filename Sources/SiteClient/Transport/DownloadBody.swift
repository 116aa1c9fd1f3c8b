import AsyncHTTPClient
import NIOCore

/// The bytes of a download, bounded in size. Dropping the iterator closes the exchange.
struct DownloadBody: AsyncSequence, Sendable {
    let body: HTTPClientResponse.Body
    let limit: Int64

    struct TooLarge: Error {}

    struct AsyncIterator: AsyncIteratorProtocol {
        var chunks: HTTPClientResponse.Body.AsyncIterator
        var left: Int64

        mutating func next() async throws -> [UInt8]? {
            guard let chunk = try await chunks.next() else { return nil }
            left -= Int64(chunk.readableBytes)
            guard left >= 0 else { throw TooLarge() }
            return Array(chunk.readableBytesView)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            guard let chunk = try await chunks.next(isolation: actor) else { return nil }
            left -= Int64(chunk.readableBytes)
            guard left >= 0 else { throw TooLarge() }
            return Array(chunk.readableBytesView)
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: body.makeAsyncIterator(), left: limit)
    }
}
