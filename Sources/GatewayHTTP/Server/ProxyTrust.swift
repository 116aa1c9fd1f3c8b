import GatewayCore
import HTTPTypes
import Hummingbird

/// Whose word counts about where a request really comes from (`x-forwarded-for`, `x-forwarded-proto`,
/// `x-forwarded-host`): proxies in front, which are known by their addresses.
struct ProxyTrust: Hashable, Sendable {
    /// Whoever connects is a proxy in front.
    let trustsEverybody: Bool
    let proxies: [IPNetwork]

    private static let names: [HTTPField.Name] = [.xForwardedFor, .xForwardedHost, .xForwardedProto]

    init(_ configuration: Boxed<HTTPConfiguration>) {
        trustsEverybody = configuration.trustsForwardedHeaders
        proxies = configuration.trustedProxies
    }

    /// The request without what its sender may not say. Nobody behind this has to ask again who is believed.
    func cleaned(_ request: Request, from peer: @autoclosure () -> IPAddress?) -> Request {
        guard !trustsEverybody, Self.names.contains(where: request.headers.contains), !isProxy(peer()) else {
            return request
        }
        var head = request.head
        for name in Self.names { head.headerFields[name] = nil }
        return Request(head: head, body: request.body)
    }

    /// Where a cleaned request comes from: of the connection and of those that proxies have written down one behind the
    /// other, the nearest that is no proxy of ours; what stands before it anybody can have written. Nil when that can't
    /// be read.
    func client(_ peer: IPAddress?, forwardedFor header: String?) -> IPAddress? {
        guard let header else { return peer }
        var client: IPAddress?
        for entry in header.split(separator: ",", omittingEmptySubsequences: false).reversed() {
            client = Self.address(String(entry).trimmingBlanks())
            guard isProxy(client) else { break }
        }
        return client
    }

    private func isProxy(_ address: IPAddress?) -> Bool {
        guard !proxies.isEmpty, let address else { return false }
        // As sockets for both versions write it.
        let judged = address.embeddedVersion4 ?? address
        return proxies.contains { $0.contains(judged) }
    }

    /// Some proxies add a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static func address(_ text: String) -> IPAddress? {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            return IPAddress(String(text[text.index(after: text.startIndex)..<end]))
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return IPAddress(parts.count == 2 ? String(parts[0]) : text)
    }
}
