import AsyncHTTPClient
package import GatewayCore
import NIOCore
import NIOHTTP1

/// Sends announcements under the rules of ``SafeFetcher``: the connection goes to an address that was checked, nothing is
/// sent along that belongs to anybody, redirects are not followed. At most one request leaves, and its answer's body is
/// not read.
package struct WebhookPoster: WebhookSender {
    /// How long a receiver may take (endpoints.md section 13.3).
    private static let limit = Duration.seconds(10)

    private let fetcher: SafeFetcher
    private let time: any TimeSource

    /// `configuration`: ports, exceptions and whether private networks are allowed; its times are not used.
    /// `resolver`: usually ``SystemResolver/addresses(of:)``.
    package init(
        configuration: SafeFetcher.Configuration, policy: AddressPolicy = .standard,
        resolver: @escaping NameResolver, time: any TimeSource = SystemTime()
    ) {
        var own = configuration
        own.totalTimeout = Self.limit
        own.connectTimeout = min(configuration.connectTimeout, Self.limit)
        fetcher = SafeFetcher(configuration: own, policy: policy, resolver: resolver, time: time)
        self.time = time
    }

    package func send(_ message: WebhookMessage) async throws(WebhookFault) -> Int {
        guard let place = FetchURL(message.url.reveal()) else { throw .addressNotAllowed }
        var request = HTTPClientRequest(url: place.text)
        request.method = .POST
        for (name, value) in message.headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: message.body))
        do {
            let (response, client) = try await fetcher.exchange(request, with: place, until: time.now + Self.limit)
            client.close()
            return Int(response.status.code)
        } catch let fault as InputFault {
            throw WebhookFault(fault)
        } catch {
            throw error is CancellationError ? .canceled : .unreachable
        }
    }
}

extension WebhookFault {
    fileprivate init(_ fault: InputFault) {
        self =
            switch fault.kind {
            case .addressNotAllowed: .addressNotAllowed
            case .remoteTimeout: .timeout
            case .tooLarge, .empty, .unsupportedFormat, .unavailable, .remoteStatus, .remoteUnreachable,
                .remoteNotMedia:
                .unreachable
            }
    }
}
