import AsyncHTTPClient
import NIOCore

/// The bytes of a download, bounded in size and in time. Dropping the iterator closes the exchange.
struct DownloadBody: AsyncSequence, Sendable {
    let body: HTTPClientResponse.Body
    let limit: Int64
    var pace = DownloadPace()

    struct TooLarge: Error {}
    /// The bytes come, but so slowly that there may be no end.
    struct TooSlow: Error {}

    struct AsyncIterator: AsyncIteratorProtocol {
        var chunks: HTTPClientResponse.Body.AsyncIterator
        let limit: Int64
        let pace: DownloadPace
        let start = ContinuousClock.now
        var received: Int64 = 0

        mutating func next() async throws -> [UInt8]? {
            guard let chunk = try await chunks.next() else { return nil }
            return try take(chunk)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            guard let chunk = try await chunks.next(isolation: actor) else { return nil }
            return try take(chunk)
        }

        /// The client's limit of silence makes sure that this is called again and again.
        private mutating func take(_ chunk: ByteBuffer) throws -> [UInt8] {
            received += Int64(chunk.readableBytes)
            guard received <= limit else { throw TooLarge() }
            guard !pace.isTooSlow(received: received, after: .now - start) else { throw TooSlow() }
            return Array(chunk.readableBytesView)
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: body.makeAsyncIterator(), limit: limit, pace: pace)
    }
}
