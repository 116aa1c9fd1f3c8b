import GatewayCore
import HTTPTypes
import Hummingbird
import NIOCore

/// A request's body as it was before the client packed it (`content-encoding`, endpoints.md section 1). What reads it
/// counts the unpacked bytes against its limit and stops there, so that a small body that stands for a huge one costs no
/// more than the limit.
struct InflatedBody<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable where Base.Element == ByteBuffer {
    let base: Base
    /// What was declared of the packed bytes; fewer mean that the client broke off.
    let declaredLength: Int?
    let mayBeRaw: Bool
    /// What is thrown when the bytes can't be unpacked.
    let malformed: RequestProblem

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var chunks: Base.AsyncIterator
        fileprivate let body: InflatedBody
        fileprivate let inflater: Inflater
        fileprivate var received = 0

        mutating func next() async throws -> ByteBuffer? {
            while true {
                do throws(Inflater.Fault) {
                    if let piece = try inflater.next() { return piece }
                } catch .outOfMemory {
                    throw GenerationFault(.internalError)
                } catch {
                    throw body.malformed
                }
                guard let chunk = try await chunks.next() else {
                    if let declared = body.declaredLength, received < declared { throw WaitInterruption.clientGone }
                    // An empty body is packed to nothing by some clients.
                    guard inflater.isFinished || received == 0 else { throw body.malformed }
                    return nil
                }
                received += chunk.readableBytes
                inflater.feed(chunk)
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: base.makeAsyncIterator(), body: self, inflater: Inflater(mayBeRaw: mayBeRaw))
    }
}

extension Request {
    /// The same request with its body unpacked, if it was packed in a way that is known here.
    var unpacked: Request {
        guard let coding = headers[.contentEncoding]?.trimmingBlanks().lowercased() else { return self }
        let mayBeRaw: Bool
        switch coding {
        case "gzip", "x-gzip": mayBeRaw = false
        case "deflate": mayBeRaw = true
        default: return self
        }
        var head = head
        head.headerFields[.contentEncoding] = nil
        head.headerFields[.contentLength] = nil
        let isForm = headers[.contentType]?.lowercased().hasPrefix("multipart/") ?? false
        let malformed =
            isForm
            ? RequestProblem(
                .invalidMultipart,
                values: [.why: PlaceholderText(english: "it can't be unpacked", chinese: "无法解压")])
            : RequestProblem(.invalidJSON, values: [.line: "1", .column: "1"])
        return Request(
            head: head,
            body: RequestBody(
                asyncSequence: InflatedBody(
                    base: body, declaredLength: headers[.contentLength].flatMap { Int($0) }, mayBeRaw: mayBeRaw,
                    malformed: malformed)))
    }
}
