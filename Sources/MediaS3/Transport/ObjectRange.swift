import AsyncHTTPClient
import GatewayCore
import NIOCore
import NIOHTTP1
import Synchronization

/// The bytes of a range of an object, in chunks of at most 256 KiB. A connection that breaks, or that is closed because
/// the reader took its time, is made anew where it ended. Dropping the iterator closes it.
struct ObjectRange: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    private static let chunkSize = 256 << 10

    let transport: S3Transport
    let key: String
    let range: Range<Int64>
    /// An answer that has begun at the beginning of the range, for the first who iterates.
    var begun: Begun?

    /// A body that one may take.
    final class Begun: Sendable {
        private let body: Mutex<HTTPClientResponse.Body?>

        init(_ body: HTTPClientResponse.Body) {
            self.body = Mutex(body)
        }

        func take() -> HTTPClientResponse.Body? {
            body.withLock { body in
                defer { body = nil }
                return body
            }
        }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(
            transport: transport, key: key, offset: range.lowerBound, end: range.upperBound,
            chunks: begun?.take()?.makeAsyncIterator())
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let transport: S3Transport
        fileprivate let key: String
        /// What comes next.
        fileprivate var offset: Int64
        fileprivate let end: Int64
        private var chunks: HTTPClientResponse.Body.AsyncIterator?
        private var pending = ByteBuffer()
        /// Breaks since the last byte came.
        private var breaks = 0

        fileprivate init(
            transport: S3Transport, key: String, offset: Int64, end: Int64,
            chunks: HTTPClientResponse.Body.AsyncIterator?
        ) {
            self.chunks = chunks
            self.transport = transport
            self.key = key
            self.offset = offset
            self.end = end
        }

        /// - Throws: ``MediaFault`` of kind `unavailable` when the object is gone, is shorter than the range, or can't be
        ///   had; `CancellationError`.
        mutating func next() async throws -> [UInt8]? {
            guard offset < end else { return nil }
            while pending.readableBytes == 0 {
                do {
                    if chunks == nil { chunks = try await open().makeAsyncIterator() }
                    guard let buffer = try await chunks?.next() else { throw S3Problem(.lost("end of body")) }
                    pending = buffer
                    breaks = 0
                } catch {
                    try Task.checkCancellation()
                    chunks = nil
                    let problem = S3Transport.problem(of: error)
                    guard problem.mayPass, try await transport.pause(before: breaks) else {
                        throw MediaFault(.unavailable, cause: problem)
                    }
                    breaks += 1
                }
            }
            let count = Int(Swift.min(Int64(pending.readableBytes), end - offset, Int64(chunkSize)))
            let bytes = pending.readBytes(length: count) ?? []
            offset += Int64(count)
            return bytes
        }

        private var chunkSize: Int { ObjectRange.chunkSize }

        private func open() async throws -> HTTPClientResponse.Body {
            let request = S3Request(
                method: .get, key: key, headers: [S3Field("range", "bytes=\(offset)-\(end - 1)")])
            let response = try await transport.open(request)
            // A server that knows no ranges begins at the beginning.
            guard response.status == .partialContent || offset == 0 else { throw S3Problem(.senseless) }
            return response.body
        }
    }
}
