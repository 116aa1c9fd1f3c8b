import AsyncHTTPClient
import GatewayCore
import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension InputFault {
    /// What a broken exchange amounts to, in the closed words of errors.md section 3.4.
    static func fetching(_ error: any Error, isSecure: Bool, _ client: PinnedClient) -> InputFault {
        switch error {
        case let fault as InputFault: return fault
        case is PinnedClient.WrongPeer: return InputFault(.addressNotAllowed)
        case let error as IOError:
            return InputFault(
                error.errnoCode == ETIMEDOUT
                    ? .remoteTimeout
                    : .remoteUnreachable(error.errnoCode == ECONNREFUSED ? "connection refused" : "connection failed"))
        case let error as HTTPClientError where timeouts.contains(error): return InputFault(.remoteTimeout)
        case is ChannelError, is HTTPClientError: return InputFault(.remoteUnreachable("connection failed"))
        default:
            // Between connecting and the request there is only the TLS handshake.
            return InputFault(
                .remoteUnreachable(isSecure && !client.isConnected ? "TLS failure" : "connection failed"))
        }
    }

    private static let timeouts: [HTTPClientError] = [
        .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .tlsHandshakeTimeout,
        .getConnectionFromPoolTimeout,
    ]
}
