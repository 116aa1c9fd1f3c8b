import GatewayCore
import GatewayTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import GatewayHTTP

/// Which proxies are believed about the client, and what of it.
@Suite(.timeLimit(.minutes(10))) struct ProxyTrustTests {
    private static func trust(_ networks: [String], everybody: Bool = false) -> ProxyTrust {
        var configuration = HTTPConfiguration()
        configuration.trustedProxies = networks.compactMap(IPNetwork.reading)
        configuration.trustsForwardedHeaders = everybody
        return ProxyTrust(Boxed(configuration))
    }

    private static let forwarded: HTTPFields = [
        .xForwardedFor: "8.8.8.8", .xForwardedProto: "https", .xForwardedHost: "public.example", .accept: "*/*",
    ]

    private static func request(_ headers: HTTPFields = forwarded) -> Request {
        Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "x", path: "/", headerFields: headers),
            body: .init(buffer: .init()))
    }

    @Test(
        arguments: [
            ([], false, "127.0.0.1", false), ([], true, "127.0.0.1", true), ([], true, nil, true),
            (["127.0.0.1"], false, "127.0.0.1", true), (["127.0.0.1"], false, "127.0.0.2", false),
            (["127.0.0.1"], false, nil, false), (["10.0.0.0/8", "fd00::/8"], false, "fd12::1", true),
            (["10.0.0.0/8"], false, "::ffff:10.1.2.3", true), (["10.0.0.0/8"], false, "::ffff:11.1.2.3", false),
        ] as [([String], Bool, String?, Bool)])
    func `what is forwarded stays only when a proxy says it`(
        networks: [String], everybody: Bool, peer: String?, stays: Bool
    ) {
        let cleaned = Self.trust(networks, everybody: everybody)
            .cleaned(Self.request(), from: peer.flatMap { IPAddress($0) })
        #expect(cleaned.headers == (stays ? Self.forwarded : [.accept: "*/*"]))
    }

    @Test(
        arguments: [
            (nil, "10.0.0.1"), ("8.8.8.8", "8.8.8.8"), ("6.6.6.6, 8.8.8.8", "8.8.8.8"),
            ("6.6.6.6, 8.8.8.8, 10.0.0.2,10.0.0.3", "8.8.8.8"), ("10.0.0.2, 10.0.0.3", "10.0.0.2"),
            ("8.8.8.8:4711", "8.8.8.8"), ("[2001:db8::1]:4711", "2001:db8::1"), ("2001:db8::1", "2001:db8::1"),
            ("8.8.8.8, ::ffff:10.0.0.2", "8.8.8.8"), ("8.8.8.8, somebody", nil), ("8.8.8.8, ", nil), ("", nil),
        ] as [(String?, String?)])
    func `the client is the right-most address that is no proxy`(header: String?, client: String?) {
        let found = Self.trust(["10.0.0.0/8"]).client(IPAddress("10.0.0.1"), forwardedFor: header)
        #expect(found == client.flatMap { IPAddress($0) })
    }

    @Test(arguments: [true, false])
    func `a key that is bound to addresses and the links obey the proxy that connects`(isKnown: Bool) async throws {
        let subject = KeyedGateway {
            $0.trustedProxies = isKnown ? [IPNetwork.reading("127.0.0.0/8")].compactMap { $0 } : []
        }
        let network = try #require(IPNetwork("8.8.8.0/24"))
        let bound = try await subject.key { $0.rules.networks = [network] }
        let free = try await subject.key()
        try await subject.gateway.application.test(.live) { client in
            for (key, addresses, expected) in [
                (bound, "1.1.1.1, 8.8.8.8", isKnown ? 200 : 403),
                (bound, "1.1.1.1, 8.8.8.8, 127.0.0.9", isKnown ? 200 : 403),
                (bound, "8.8.8.8, 1.1.1.1", 403), (free, "1.1.1.1", 200),
            ] {
                let status = try await client.execute(
                    uri: "/v1/generations", method: .get,
                    headers: [.authorization: "Bearer \(key)", .xForwardedFor: addresses]
                ) { $0.status.code }
                #expect(status == expected, "\(addresses)")
            }
        }
    }
}
