import GatewayCore
import HTTPTypes
import NIOCore
import WireJSON

/// What a finished generation is answered with, however late it comes.
struct FinishedAnswer: Sendable {
    enum Body: Sendable {
        /// Made when it is sent.
        case whole(@Sendable () -> ByteBuffer)
        /// Too large to be held.
        case pieces(any AsyncSequence<ByteBuffer, any Error> & Sendable)
    }

    var headers: HTTPFields
    var body: Body
    /// The same as server-sent events, one after another; empty where there is no such form.
    var events: [@Sendable () -> ByteBuffer] = []

    /// Headers that every such answer has.
    static func headers(for job: Job, notices: [String]) -> HTTPFields {
        var headers: HTTPFields = [.xGenerationID: job.id.rawValue, .xJimengModel: job.task.model]
        if !notices.isEmpty { headers[.xJimengNotice] = notices.joined(separator: ",") }
        return headers
    }
}
