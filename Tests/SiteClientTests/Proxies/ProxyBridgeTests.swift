import AsyncHTTPClient
import GatewayCore
import Logging
import NIOCore
import NIOSSL
import Testing

@testable import SiteClient

/// Requests that reach a server through proxies which the HTTP client can't use by itself.
@Suite(.timeLimit(.minutes(10))) struct ProxyBridgeTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let hello = Array("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello".utf8)
    private static let target = "target.example"

    private static var tls: TLSConfiguration {
        get throws {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .certificates([
                try NIOSSLCertificate(bytes: Array(TestCertificate.certificate.utf8), format: .pem)
            ])
            return configuration
        }
    }

    /// What comes back through `proxy`, asked for with the pool's client.
    private func fetch(
        by proxy: String, from url: String = "http://target.example/x", bridge: ProxyBridge.Settings = .init()
    ) async throws -> ByteBuffer {
        let pool = ClientPool(bridge: ProxyBridge(settings: bridge))
        let result: Result<ByteBuffer, any Error>
        do {
            let account = AccountCredential(
                id: AccountID(rawValue: "acct_1"), region: .cn, session: Secret("s"), proxy: Secret(proxy),
                isSandbox: false)
            let client = try await pool.client(for: account)
            let response = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(30))
            result = .success(try await response.body.collect(upTo: 64 << 20))
        } catch {
            result = .failure(error)
        }
        await pool.shutdown(logger: Self.logger)
        return try result.get()
    }

    private func fault(_ body: () async throws -> ByteBuffer) async -> GenerationFault.Kind? {
        do {
            _ = try await body()
            return nil
        } catch let fault as GenerationFault {
            return fault.kind
        } catch {
            return SiteTransport.fault(of: error).kind
        }
    }

    private static let named: [UInt8] = [3, 14] + Array(target.utf8) + [0, 80]

    @Test(arguments: ["socks5", "socks", "SOCKS5h"])
    func `SOCKS5 takes user and password, and resolves the name`(scheme: String) async throws {
        try await ScriptedProxy.with([
            .bytes([5, 2, 0, 2], answer: [5, 2]),
            .bytes([1, 4] + Array("us:r".utf8) + [4] + Array("p@ss".utf8), answer: [1, 0]),
            .bytes([5, 1, 0] + Self.named, answer: [5, 0, 0, 1, 10, 0, 0, 2, 4, 56]),
            .head(answer: Self.hello),
        ]) { proxy in
            let body = try await fetch(by: "\(scheme)://us%3Ar:p%40ss@127.0.0.1:\(proxy.port)")
            #expect(String(buffer: body) == "hello")
            #expect(proxy.surprises == [])
            #expect(proxy.heads.first?.hasPrefix("GET /x HTTP/1.1\r\n") == true)
        }
    }

    @Test func `SOCKS5 may do without the login it was offered`() async throws {
        try await ScriptedProxy.with([
            .bytes([5, 2, 0, 2], answer: [5, 0]),
            .bytes([5, 1, 0] + Self.named, answer: [5, 0, 0, 3, 1, 0x61, 4, 56]),
            .head(answer: Self.hello),
        ]) { proxy in
            let body = try await fetch(by: "socks5://u:p@127.0.0.1:\(proxy.port)")
            #expect(String(buffer: body) == "hello")
        }
    }

    @Test func `SOCKS4 gets names in the form of 4a, and addresses as they are`() async throws {
        let granted: [UInt8] = [0, 90, 0, 0, 0, 0, 0, 0]
        try await ScriptedProxy.with([
            .bytes(
                [4, 1, 0, 80, 0, 0, 0, 1] + Array("me".utf8) + [0] + Array(Self.target.utf8) + [0], answer: granted),
            .head(answer: Self.hello),
        ]) { proxy in
            let body = try await fetch(by: "socks4a://me@127.0.0.1:\(proxy.port)")
            #expect(String(buffer: body) == "hello")
            #expect(proxy.surprises == [])
        }
        try await ScriptedProxy.with([
            .bytes([4, 1, 0x1F, 0x90, 192, 0, 2, 7, 0], answer: granted), .head(answer: Self.hello),
        ]) { proxy in
            let body = try await fetch(by: "socks4://127.0.0.1:\(proxy.port)", from: "http://192.0.2.7:8080/")
            #expect(String(buffer: body) == "hello")
        }
    }

    @Test func `a proxy inside TLS is spoken to in TLS, login included`() async throws {
        var settings = ProxyBridge.Settings()
        settings.tls = try Self.tls
        let bridge = settings
        try await ScriptedProxy.with(
            [.head(answer: Array("HTTP/1.1 200 Yes\r\n\r\n".utf8)), .head(answer: Self.hello)], isInsideTLS: true
        ) { proxy in
            let body = try await fetch(by: "https://me:secret@localhost:\(proxy.port)", bridge: bridge)
            #expect(String(buffer: body) == "hello")
            #expect(
                proxy.heads.first
                    == "CONNECT target.example:80 HTTP/1.1\r\nHost: target.example:80\r\n"
                    + "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n")
        }
    }

    @Test func `a certificate nobody vouches for ends the attempt before the login is said`() async throws {
        try await ScriptedProxy.with([.head(answer: Self.hello)], isInsideTLS: true) { proxy in
            let kind = await fault { try await fetch(by: "https://me:secret@localhost:\(proxy.port)") }
            #expect(kind == .proxyError)
            #expect(proxy.heads == [])
        }
    }

    @Test(arguments: [
        // The login is refused, no method fits, the target is out of reach, another protocol answers.
        [ScriptedProxy.Step.bytes([5, 2, 0, 2], answer: [5, 2]), .bytes([1, 1, 0x75, 1, 0x70], answer: [1, 1])],
        [.bytes([5, 2, 0, 2], answer: [5, 0xFF])],
        [.bytes([5, 2, 0, 2], answer: [5, 0]), .bytes([5, 1, 0] + named, answer: [5, 5, 0, 1, 0, 0, 0, 0, 0, 0])],
        [.bytes([5, 2, 0, 2], answer: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))],
    ])
    func `a proxy that says no is an error of the proxy`(script: [ScriptedProxy.Step]) async throws {
        try await ScriptedProxy.with(script) { proxy in
            #expect(await fault { try await fetch(by: "socks5://u:p@127.0.0.1:\(proxy.port)") } == .proxyError)
        }
    }

    @Test func `a proxy that says nothing is given up after the limit`() async throws {
        var settings = ProxyBridge.Settings()
        settings.handshake = .milliseconds(50)
        let bridge = settings
        try await ScriptedProxy.with([.silence]) { proxy in
            let kind = await fault { try await fetch(by: "socks5://u:p@127.0.0.1:\(proxy.port)", bridge: bridge) }
            #expect(kind == .proxyError)
        }
    }

    @Test func `what the target says comes whole, however long it is`() async throws {
        let block = (0..<(64 << 10)).map { UInt8(truncatingIfNeeded: $0 / 251) }
        var content: [UInt8] = []
        for _ in 0..<128 { content += block }
        let head = Array("HTTP/1.1 200 OK\r\ncontent-length: \(content.count)\r\nconnection: close\r\n\r\n".utf8)
        try await ScriptedProxy.with([
            .bytes([5, 2, 0, 2], answer: [5, 0]),
            .bytes([5, 1, 0] + Self.named, answer: [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
            .head(answer: head + content),
        ]) { [content] proxy in
            let body = try await fetch(by: "socks5://u:p@127.0.0.1:\(proxy.port)")
            let isWhole = body == ByteBuffer(bytes: content)
            #expect(isWhole)
        }
    }

    @Test func `other programs of this machine get nowhere`() async throws {
        try await ScriptedProxy.with([.silence]) { proxy in
            let bridge = ProxyBridge()
            let address = try #require(ProxyAddress(Secret("socks5://u:p@127.0.0.1:\(proxy.port)")))
            let (own, route) = try await bridge.route(to: address)
            for login in ["", "Bearer \(route).", "Bearer \(route).guessed", "Basic abc"] {
                #expect(bridge.address(forLogin: login) == nil)
            }
            for authorization in [nil, HTTPClient.Authorization.bearer(tokens: "\(route).guessed")] {
                var configuration = HTTPClient.Configuration(
                    proxy: .server(host: "127.0.0.1", port: own.port, authorization: authorization))
                configuration.connectionPool.retryConnectionEstablishment = false
                let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
                await #expect(throws: HTTPClientError.proxyAuthenticationRequired) {
                    try await client.execute(HTTPClientRequest(url: "http://target.example/"), timeout: .seconds(30))
                }
                try await client.shutdown()
            }
            // The own login is good until the route is forgotten.
            let login = try #require(own.authorization?.headerValue)
            #expect(bridge.address(forLogin: login) == address)
            bridge.forget(route)
            #expect(bridge.address(forLogin: login) == nil)
            await bridge.shutdown()
        }
    }
}
