import GatewayCore
package import Hummingbird
import NIOCore

/// What belongs to one request.
package struct GatewayRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The connection, for noticing that the client left.
    let channel: any Channel
    /// Answered as `x-request-id`.
    var requestID = ""
    let notes = RequestNotes()
    var startedAt = Timestamp(milliseconds: 0)

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Who has connected: the client, or a proxy in front.
    var peer: IPAddress? { channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) } }
}
