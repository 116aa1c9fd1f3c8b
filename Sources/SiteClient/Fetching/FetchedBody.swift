import AsyncHTTPClient
import GatewayCore
import NIOCore

/// The bytes of a fetched file, bounded in size and time. Can be read once; reading it to the end or dropping it closes
/// the connection.
struct FetchedBody: AsyncSequence, Sendable {
    let body: HTTPClientResponse.Body
    let client: PinnedClient
    let isSecure: Bool
    let limit: Int64

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var chunks: HTTPClientResponse.Body.AsyncIterator
        fileprivate let client: PinnedClient
        fileprivate let isSecure: Bool
        fileprivate let limit: Int64
        fileprivate var left: Int64

        /// - Throws: ``InputFault``; `CancellationError`.
        mutating func next() async throws -> [UInt8]? {
            do {
                return try accept(try await chunks.next())
            } catch {
                throw failure(error)
            }
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            do {
                return try accept(try await chunks.next(isolation: actor))
            } catch {
                throw failure(error)
            }
        }

        private mutating func accept(_ chunk: ByteBuffer?) throws -> [UInt8]? {
            guard let chunk else {
                client.close()
                return nil
            }
            left -= Int64(chunk.readableBytes)
            guard left >= 0 else { throw InputFault(.tooLarge(.image, limit: limit)) }
            return Array(chunk.readableBytesView)
        }

        private func failure(_ error: any Error) -> any Error {
            // Read first: closing is what an expired exchange looks like.
            let isExpired = client.isExpired
            client.close()
            if Task.isCancelled { return CancellationError() }
            return isExpired ? InputFault(.remoteTimeout) : InputFault.fetching(error, isSecure: isSecure, client)
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(
            chunks: body.makeAsyncIterator(), client: client, isSecure: isSecure, limit: limit, left: limit)
    }
}
