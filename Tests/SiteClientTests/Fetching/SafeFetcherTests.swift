import AsyncHTTPClient
import GatewayCore
import GatewayTesting
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import SiteClient

/// In these tests 127.0.0.1 stands for the machine's own services and 127.0.0.2 for the public internet.
@Suite("Fetching what clients name", .timeLimit(.minutes(10)))
struct SafeFetcherTests {
    private static let policy: AddressPolicy = {
        let loopback = IPNetwork("127.0.0.0/8")
        let ours = ["127.0.0.0/31"].compactMap(IPNetwork.init)
        return AddressPolicy(refused: AddressPolicy.standard.refused.filter { $0 != loopback } + ours)
    }()

    private static let names = [
        "public.test": ["127.0.0.2"], "private.test": ["127.0.0.1"], "mixed.test": ["127.0.0.2", "127.0.0.1"],
        "mapped.test": ["::ffff:127.0.0.1"], "localhost": ["127.0.0.1"], "localhost.": ["127.0.0.1"],
        "unreachable-first.test": ["127.0.0.3", "127.0.0.2"],
    ]

    private static let resolver: NameResolver = { host in
        if let found = names[host] { return found.compactMap { IPAddress($0) } }
        // Numeric spellings, which need no network.
        guard host.allSatisfy({ $0.isHexDigit || ".x:".contains($0) }) else {
            throw InputFault(.remoteUnreachable("DNS failure"))
        }
        return try await SystemResolver(threads: .singleton).addresses(of: host)
    }

    private func fetcher(
        _ ports: [Int], time: any TimeSource = ManualTime(), resolver: @escaping NameResolver = Self.resolver,
        change: (inout SafeFetcher.Configuration) -> Void = { _ in }
    ) -> SafeFetcher {
        var configuration = SafeFetcher.Configuration()
        configuration.ports = Set(ports)
        change(&configuration)
        return SafeFetcher(configuration: configuration, policy: Self.policy, resolver: resolver, time: time)
    }

    private func text(_ body: MediaBody) async throws -> String {
        String(decoding: try await ByteChunks.collect(body), as: UTF8.self)
    }

    // MARK: - What is fetched

    @Test("a file is fetched by its name, and nothing goes along that belongs to anybody")
    func fetching() async throws {
        try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in .ok("picture") }) { server in
            let body = try await fetcher([server.port]).open("http://Public.test:\(server.port)/a.png?x=1", limit: 7)
            #expect(try await text(body) == "picture")
            let head = try #require(server.requests.first).lowercased()
            #expect(head.hasPrefix("get /a.png?x=1 http/1.1\r\n"))
            #expect(head.contains("\r\nhost: public.test:\(server.port)\r\n"))
            #expect(head.contains("\r\nuser-agent: mozilla/5.0"))
            for name in ["cookie", "authorization", "referer", "proxy-authorization"] {
                #expect(!head.contains("\r\n\(name):"))
            }
        }
    }

    @Test("the connection ends with the last byte, and when the body is dropped")
    func closing() async throws {
        try await ScriptedServer.with(
            host: "127.0.0.2", answer: { _ in .hanging("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsome") }
        ) { server in
            var body: MediaBody? = try await fetcher([server.port]).open(
                "http://127.0.0.2:\(server.port)/", limit: 100)
            var iterator = body?.makeAsyncIterator()
            let chunk = try await iterator?.next()
            #expect(chunk == Array("some".utf8))
            iterator = nil
            body = nil
            await server.wait(for: .closed)
        }
    }

    @Test("redirects are followed, relative ones too, at most three")
    func redirects() async throws {
        try await ScriptedServer.with(
            host: "127.0.0.2",
            answer: { target in
                let number = Int(target.dropFirst()) ?? 0
                return switch number {
                case 0: .ok("there")
                case 1: .redirect("0", status: 301)
                default: .redirect("/\(number - 1)", status: number == 2 ? 303 : number == 3 ? 307 : 308)
                }
            }
        ) { server in
            let fetcher = fetcher([server.port])
            let body = try await fetcher.open("http://public.test:\(server.port)/3", limit: 9)
            #expect(try await text(body) == "there")
            await #expect(throws: InputFault(.addressNotAllowed)) {
                try await fetcher.open("http://public.test:\(server.port)/4", limit: 9)
            }
        }
    }

    @Test("another address of the name is tried when one can't be connected to")
    func secondAddress() async throws {
        try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in .ok("there") }) { server in
            let body = try await fetcher([server.port]).open(
                "http://unreachable-first.test:\(server.port)/", limit: 9)
            #expect(try await text(body) == "there")
        }
    }

    // MARK: - What is never reached

    @Test(
        "no spelling of an inner address is connected to",
        arguments: [
            "http://127.0.0.1:PORT/", "http://127.0.0.0:PORT/", "http://2130706433:PORT/", "http://0x7f000001:PORT/",
            "http://0x7f.1:PORT/", "http://127.1:PORT/", "http://0177.0.0.1:PORT/", "http://017700000001:PORT/",
            "http://0:PORT/", "http://0.0.0.0:PORT/", "http://[::1]:PORT/", "http://[::]:PORT/",
            "http://[::ffff:127.0.0.1]:PORT/", "http://[::ffff:7f00:1]:PORT/",
            "http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/",
            "http://[::127.0.0.1]:PORT/", "http://[64:ff9b::127.0.0.1]:PORT/", "http://[::ffff:10.0.0.1]:PORT/",
            "http://10.0.0.1:PORT/", "http://169.254.169.254:PORT/latest/meta-data/", "http://[fd00:ec2::254]:PORT/",
            "http://localhost:PORT/", "http://LOCALHOST.:PORT/", "http://private.test:PORT/", "http://mixed.test:PORT/",
            "http://mapped.test:PORT/", "https://127.0.0.1:PORT/", "http://user@127.0.0.2:PORT/",
            "http://public.test@127.0.0.1:PORT/", "http+unix://127.0.0.1:PORT/", "ftp://127.0.0.1:PORT/",
            "http://public.test:1/", "http://127.0.0.2/", "https://127.0.0.2:22/",
        ])
    func refusedURLs(_ url: String) async throws {
        try await ScriptedServer.with(answer: { _ in .ok("secret") }) { server in
            let url = url.replacing("PORT", with: "\(server.port)")
            await #expect(throws: InputFault(.addressNotAllowed)) {
                try await fetcher([server.port]).open(url, limit: 100)
            }
            #expect(server.history.isEmpty)
        }
    }

    @Test(
        "a redirect is checked like the first URL",
        arguments: [
            "http://127.0.0.1:PORT/", "//private.test:PORT/", "http://mixed.test:PORT/", "http://2130706433:PORT/",
            "http://[::ffff:127.0.0.1]:PORT/", "https://localhost.:PORT/", "file:///etc/passwd",
            "http+unix://%2Frun%2Fdocker.sock/", "http://a:b@127.0.0.2:PORT/", "http://public.test:1/",
        ])
    func refusedRedirects(_ location: String) async throws {
        try await ScriptedServer.with(answer: { _ in .ok("secret") }) { inner in
            let location = location.replacing("PORT", with: "\(inner.port)")
            try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in .redirect(location) }) { outer in
                await #expect(throws: InputFault(.addressNotAllowed)) {
                    try await fetcher([inner.port, outer.port]).open("http://public.test:\(outer.port)/", limit: 100)
                }
                #expect(outer.requests.count == 1)
            }
            #expect(inner.history.isEmpty)
        }
    }

    @Test(
        "a name that leads elsewhere the second time is looked up once for each connection and stays where it was checked"
    )
    func rebinding() async throws {
        let calls = Mutex(0)
        let resolver: NameResolver = { _ in
            let call = calls.withLock { count in
                count += 1
                return count
            }
            return [IPAddress(call == 1 ? "127.0.0.2" : "127.0.0.1")].compactMap { $0 }
        }
        try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in .redirect("/again") }) { outer in
            await #expect(throws: InputFault(.addressNotAllowed)) {
                try await fetcher([outer.port], resolver: resolver).open("http://turn.test:\(outer.port)/", limit: 9)
            }
            #expect(outer.requests.count == 1)
            #expect(calls.withLock { $0 } == 2)
        }
    }

    /// The second line of defence: should the HTTP client ever connect elsewhere than it was told, nothing is sent.
    @Test("a connection to another address than the checked one is closed before a byte is sent")
    func peerGuard() async throws {
        try await ScriptedServer.with(answer: { _ in .ok("secret") }) { server in
            let connected = Flag(false)
            let checked = try #require(IPAddress("127.0.0.2"))
            var configuration = HTTPClient.Configuration()
            configuration.connectionPool.retryConnectionEstablishment = false
            configuration.http1_1ConnectionDebugInitializer = PinnedClient.peerGuard(expecting: checked, connected)
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            await #expect(throws: PinnedClient.WrongPeer.self) {
                try await client.execute(
                    HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"), timeout: .seconds(30))
            }
            await server.wait(for: .closed)
            #expect(server.history == [.opened, .closed])
            #expect(!connected.value)
            try await client.shutdown()
        }
    }

    // MARK: - Exceptions

    @Test("private networks can be opened, ports included")
    func privateNetworks() async throws {
        try await ScriptedServer.with(answer: { _ in .ok("mine") }) { server in
            let body = try await fetcher([], change: { $0.allowsPrivateNetworks = true })
                .open("http://localhost:\(server.port)/", limit: 9)
            #expect(try await text(body) == "mine")
        }
    }

    @Test("a single host can be allowed, on its port or on the ordinary ones")
    func allowedHosts() async throws {
        try await ScriptedServer.with(answer: { _ in .ok("mine") }) { server in
            let url = "http://Private.test:\(server.port)/"
            let byPort = fetcher([], change: { $0.allowedHosts = ["PRIVATE.test:\(server.port)"] })
            let first = try await byPort.open(url, limit: 9)
            #expect(try await text(first) == "mine")
            let byName = fetcher([server.port], change: { $0.allowedHosts = ["private.test"] })
            let second = try await byName.open(url, limit: 9)
            #expect(try await text(second) == "mine")
            for refusing in [
                fetcher([], change: { $0.allowedHosts = ["private.test"] }),
                fetcher([server.port], change: { $0.allowedHosts = ["private.test:1", "other.test"] }),
            ] {
                await #expect(throws: InputFault(.addressNotAllowed)) { try await refusing.open(url, limit: 9) }
            }
            #expect(server.requests.count == 2)
        }
    }

    // MARK: - Bounds

    @Test("an announced length over the limit is refused at once")
    func announcedLength() async throws {
        try await ScriptedServer.with(
            host: "127.0.0.2", answer: { _ in .hanging("HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n") }
        ) { server in
            await #expect(throws: InputFault(.tooLarge(.image, limit: 100))) {
                try await fetcher([server.port]).open("http://127.0.0.2:\(server.port)/", limit: 100)
            }
            await server.wait(for: .closed)
        }
    }

    @Test("a body without end is cut off at the limit")
    func endlessBody() async throws {
        try await ScriptedServer.with(
            host: "127.0.0.2", answer: { _ in .endless("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n") }
        ) { server in
            let body = try await fetcher([server.port]).open("http://127.0.0.2:\(server.port)/", limit: 3_000_000)
            var count = 0
            await #expect(throws: InputFault(.tooLarge(.image, limit: 3_000_000))) {
                for try await chunk in body { count += chunk.count }
            }
            #expect(count <= 3_000_000)
            await server.wait(for: .closed)
        }
    }

    @Test("a body that stops coming is cut off 60 seconds after the beginning")
    func slowBody() async throws {
        try await ScriptedServer.with(
            host: "127.0.0.2", answer: { _ in .hanging("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsome") }
        ) { server in
            let time = ManualTime()
            let end = time.now + .seconds(60)
            let body = try await fetcher([server.port], time: time).open("http://127.0.0.2:\(server.port)/", limit: 9)
            try await time.waitForSleeper(until: end)
            async let outcome = #expect(throws: InputFault(.remoteTimeout)) {
                for try await chunk in body {
                    #expect(chunk == Array("some".utf8))
                    time.advance(to: end)
                }
            }
            _ = await outcome
            await server.wait(for: .closed)
        }
    }

    @Test("an answer that never begins is cut off 60 seconds after the beginning")
    func slowHead() async throws {
        try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in .hanging("HTTP/1.1 200") }) { server in
            let time = ManualTime()
            let end = time.now + .seconds(60)
            let fetcher = fetcher([server.port], time: time)
            let task = Task { try await fetcher.open("http://127.0.0.2:\(server.port)/", limit: 9) }
            try await time.waitForSleeper(until: end)
            time.advance(to: end)
            await #expect(throws: InputFault(.remoteTimeout)) { try await task.value }
        }
    }

    @Test("a cancelled caller gets its cancellation, and the connection ends")
    func cancellation() async throws {
        try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in .hanging("HTTP/1.1 200") }) { server in
            let fetcher = fetcher([server.port])
            let task = Task { try await fetcher.open("http://127.0.0.2:\(server.port)/", limit: 9) }
            await server.wait(for: .opened)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            await server.wait(for: .closed)
        }
    }

    // MARK: - Failures

    @Test("another status than success is told", arguments: [302, 304, 400, 403, 404, 410, 500, 503])
    func statuses(_ status: Int) async throws {
        try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in .status(status) }) { server in
            await #expect(throws: InputFault(.remoteStatus(status))) {
                try await fetcher([server.port]).open("http://127.0.0.2:\(server.port)/", limit: 9)
            }
        }
    }

    @Test("pages and data are no media", arguments: ["text/html; charset=utf-8", "TEXT/HTML", "application/json"])
    func pages(_ type: String) async throws {
        try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in .ok("{}", type: type) }) { server in
            await #expect(throws: InputFault(.remoteNotMedia)) {
                try await fetcher([server.port]).open("http://127.0.0.2:\(server.port)/", limit: 9)
            }
        }
    }

    @Test("an answer that breaks off is an error, not a shorter file")
    func brokenOff() async throws {
        try await ScriptedServer.with(
            host: "127.0.0.2", answer: { _ in .whole("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsome") }
        ) { server in
            let body = try await fetcher([server.port]).open("http://127.0.0.2:\(server.port)/", limit: 9)
            await #expect(throws: InputFault(.remoteUnreachable("connection failed"))) { try await text(body) }
        }
    }

    @Test("a server that is no web server is a failed connection")
    func noise() async throws {
        try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in .whole("220 mail ready\r\n") }) { server in
            await #expect(throws: InputFault(.remoteUnreachable("connection failed"))) {
                try await fetcher([server.port]).open("http://127.0.0.2:\(server.port)/", limit: 9)
            }
        }
    }

    @Test("a closed port, a name that nobody knows and a server without TLS have names of their own")
    func unreachable() async throws {
        let port = try await ScriptedServer.with(
            host: "127.0.0.2", answer: { _ in .whole("HTTP/1.1 400 Bad Request\r\n\r\n") }
        ) { server in
            await #expect(throws: InputFault(.remoteUnreachable("TLS failure"))) {
                try await fetcher([server.port]).open("https://127.0.0.2:\(server.port)/", limit: 9)
            }
            await #expect(throws: InputFault(.remoteUnreachable("DNS failure"))) {
                try await fetcher([server.port]).open("http://nobody.test:\(server.port)/", limit: 9)
            }
            return server.port
        }
        await #expect(throws: InputFault(.remoteUnreachable("connection refused"))) {
            try await fetcher([port]).open("http://127.0.0.2:\(port)/", limit: 9)
        }
    }
}
