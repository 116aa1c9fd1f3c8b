import NIOCore
import Synchronization

/// Tells whether any of a request's body has been asked for by the HTTP client. The client asks for it only after the
/// connection stands and the head is out, so as long as the mark is not set the server can't have understood the
/// request: that is what makes "not sent" certain.
final class SendMark: Sendable {
    private let mark = Atomic(false)

    var isSet: Bool { mark.load(ordering: .acquiring) }

    func set() { mark.store(true, ordering: .releasing) }
}

/// A body of one chunk that sets its mark when it is read.
struct MarkedBody: AsyncSequence, Sendable {
    let bytes: ByteBuffer
    let mark: SendMark

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ByteBuffer?
        let mark: SendMark

        mutating func next() async -> ByteBuffer? {
            defer { rest = nil }
            if rest != nil { mark.set() }
            return rest
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: bytes, mark: mark) }
}
