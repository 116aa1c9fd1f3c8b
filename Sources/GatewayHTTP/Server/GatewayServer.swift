import GatewayCore
import Hummingbird
package import HummingbirdCore
import NIOCore
import ServerConnections

/// The connection side of the API for `Application(responder:server:)`.
package enum GatewayServer {
    /// HTTP/1.1 with what the API needs of a connection: idle timeout, `100 Continue`, HTTP/1.0, refused bodies, and
    /// notice of clients that leave.
    package static func http1(_ configuration: HTTPConfiguration) -> HTTPServerBuilder {
        let (bodyLimit, formLimit) = (configuration.bodyLimit, configuration.multipartLimit)
        return .steadyHTTP1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionWatch(bodyLimit: bodyLimit, formLimit: formLimit)],
                idleTimeout: .nanoseconds(configuration.idleTimeout.wholeMilliseconds * 1_000_000)))
    }
}
