import Dispatch
import GatewayCore
import NIOPosix
import Testing

@testable import SiteClient

@Suite("The system's resolver", .timeLimit(.minutes(10)))
struct SystemResolverTests {
    @Test(
        "numeric spellings come out as the addresses they lead to",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("2130706433", "127.0.0.1"), ("0x7f.1", "127.0.0.1"), ("127.1", "127.0.0.1"),
            ("0177.0.0.1", "127.0.0.1"), ("::1", "::1"),
        ])
    func numeric(_ pair: (host: String, address: String)) async throws {
        let found = try await SystemResolver(threads: .singleton).addresses(of: pair.host)
        #expect(found.map(\.description) == [pair.address])
    }

    @Test("a name that can't be looked up is a DNS failure")
    func unknown() async throws {
        await #expect(throws: InputFault(.remoteUnreachable("DNS failure"))) {
            try await SystemResolver(threads: .singleton).addresses(of: "a name with blanks")
        }
    }

    @Test("a look-up that takes too long is given up")
    func timeout() async throws {
        try await withTakenThread { pool in
            let resolver = SystemResolver(threads: pool, limit: .milliseconds(1))
            await #expect(throws: InputFault(.remoteTimeout)) { try await resolver.addresses(of: "localhost") }
        }
    }

    @Test("a cancelled caller does not wait for the name servers")
    func cancellation() async throws {
        try await withTakenThread { pool in
            let resolver = SystemResolver(threads: pool)
            let task = Task { try await resolver.addresses(of: "localhost") }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    /// A pool whose only thread is busy for as long as the body runs.
    private func withTakenThread(_ body: (NIOThreadPool) async throws -> Void) async throws {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        let release = DispatchSemaphore(value: 0)
        let (started, feed) = AsyncStream.makeStream(of: Void.self)
        let held = Task {
            try await pool.runIfActive {
                feed.finish()
                release.wait()
            }
        }
        for await _ in started {}
        var failure: (any Error)?
        do {
            try await body(pool)
        } catch {
            failure = error
        }
        release.signal()
        try await held.value
        try await pool.shutdownGracefully()
        if let failure { throw failure }
    }
}
