import GatewayCore
import Logging
import Testing

@testable import SiteClient

@Suite struct ClientPoolTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func account(_ proxy: String?, region: Region = .cn, isSandbox: Bool = false) -> AccountCredential {
        AccountCredential(
            id: AccountID(rawValue: "acct_1"), region: region, session: Secret("s"), proxy: proxy.map { Secret($0) },
            isSandbox: isSandbox)
    }

    @Test func `the proxy that was not used for longest gives way`() async throws {
        var settings = ClientPool.Settings()
        (settings.proxies, settings.retired) = (2, 1)
        let pool = ClientPool(settings: settings)
        let first = try await pool.client(for: account("http://a"))
        let second = try await pool.client(for: account("http://b"))
        #expect(try await pool.client(for: account("http://a")) === first)
        _ = try await pool.client(for: account("http://c"))
        #expect(try await pool.client(for: account("http://a")) === first)
        #expect(try await pool.client(for: account("http://b")) !== second)
        await pool.shutdown(logger: logger)
    }

    @Test func `the number of clients is bounded, those pushed out included`() async throws {
        var settings = ClientPool.Settings()
        (settings.proxies, settings.retired) = (3, 2)
        let pool = ClientPool(settings: settings)
        for number in 0..<20 { _ = try await pool.client(for: account("http://h\(number)")) }
        #expect(pool.counts.inUse == 3)
        #expect(pool.counts.retired == 2)
        await pool.shutdown(logger: logger)
    }

    @Test func `callers at the same time share one client`() async throws {
        let pool = ClientPool()
        let account = account("socks5://u:p@127.0.0.1:1")
        let clients = try await withThrowingTaskGroup { group in
            for _ in 0..<50 { group.addTask { ObjectIdentifier(try await pool.client(for: account)) } }
            var found: Set<ObjectIdentifier> = []
            for try await client in group { found.insert(client) }
            return found
        }
        #expect(clients.count == 1)
        #expect(pool.counts.retired == 0)
        await pool.shutdown(logger: logger)
    }

    @Test func `nothing is made after the end`() async throws {
        let pool = ClientPool()
        await pool.shutdown(logger: logger)
        for proxy in ["http://a", "socks5://u:p@a"] {
            await #expect(throws: GenerationFault.self) { try await pool.client(for: account(proxy)) }
        }
        #expect(pool.counts.inUse == 0)
    }

    @Test func `the token's proxy comes before the region's, and that before the environment's`() {
        var paths = NetworkPaths()
        #expect(paths.proxy(of: account(nil)) == nil)
        paths.environment = Secret("http://env")
        paths.proxies = [.us: Secret("http://us")]
        #expect(paths.proxy(of: account(nil)) == Secret("http://env"))
        #expect(paths.proxy(of: account(nil, region: .us)) == Secret("http://us"))
        #expect(paths.proxy(of: account("http://own", region: .us)) == Secret("http://own"))
        #expect(paths.proxy(of: account(nil, region: .us, isSandbox: true)) == nil)
    }
}
