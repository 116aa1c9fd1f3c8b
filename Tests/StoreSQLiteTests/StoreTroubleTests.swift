import Foundation
import GRDB
import GatewayCore
import GatewayTesting
import Testing

@testable import StoreSQLite

/// Whether the store can be written to, as readiness asks.
@Suite(.timeLimit(.minutes(10))) struct StoreTroubleTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { folder.file("jimeng.db") }

    private func open() throws -> SQLiteStore {
        try SQLiteStore(path: path, lockPatience: .milliseconds(20), logger: LogRecorder().logger)
    }

    /// Holds the file's write lock, as another program would, while `body` works.
    private func locked(_ body: () async throws -> Void) async throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: path, configuration: configuration)
        try await other.writeWithoutTransaction { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        try await body()
        try await other.writeWithoutTransaction { db in try db.execute(sql: "COMMIT") }
        try other.close()
    }

    @Test func `a store that works has no trouble, asked for the first time and after writes`() async throws {
        let store = try open()
        #expect(await store.trouble(at: .sample) == nil)
        _ = try await store.insert(.sample(1), joining: .never)
        #expect(await store.trouble(at: .sample) == nil)
        try await store.close()
    }

    @Test func `a locked database fails writes with one clear reason, is in trouble, and recovers by itself`()
        async throws
    {
        let store = try open()
        _ = try await store.insert(.sample(1), joining: .never)
        try await locked { () async throws in
            let fault = await #expect(throws: StoreFault.self) {
                try await store.insert(.sample(2), joining: .never)
            }
            #expect(fault?.kind == .unavailable)
            #expect(fault?.detail == "the database is locked by another program")
            #expect(await store.trouble(at: .sample)?.detail == fault?.detail)
            // What is there can still be read.
            let kept = try await store.job(.sample(1))
            #expect(kept == .sample(1))
        }
        // Not asked again within a second; then one try finds it well.
        #expect(await store.trouble(at: .sample + .milliseconds(999)) != nil)
        #expect(await store.trouble(at: .sample + .seconds(1)) == nil)
        #expect(try await store.insert(.sample(2), joining: .never) == .inserted(.sample(2)))
        try await store.close()
    }

    @Test func `trouble that nobody's write has met is found by the question itself`() async throws {
        let store = try open()
        #expect(await store.trouble(at: .sample) == nil)
        try await locked {
            #expect(await store.trouble(at: .sample + .seconds(9)) == nil)
            #expect(await store.trouble(at: .sample + .seconds(10)) != nil)
        }
        #expect(await store.trouble(at: .sample + .seconds(11)) == nil)
        try await store.close()
    }

    @Test func `a write that succeeds ends the trouble without a question`() async throws {
        let store = try open()
        try await locked {
            _ = await #expect(throws: StoreFault.self) { try await store.insert(.sample(1), joining: .never) }
        }
        _ = try await store.insert(.sample(1), joining: .never)
        #expect(await store.trouble(at: .sample) == nil)
        try await store.close()
    }

    @Test func `a rule that refuses a write is no trouble`() async throws {
        let store = try open()
        _ = try await store.insert(.sample(1), joining: .never)
        _ = await #expect(throws: StoreFault.self) { try await store.insert(.sample(1), joining: .never) }
        #expect(await store.trouble(at: .sample) == nil)
        try await store.close()
    }

    @Test func `a closed store is in trouble`() async throws {
        let store = try open()
        try await store.close()
        #expect(await store.trouble(at: .sample)?.detail == "the store is closed")
    }

    @Test func `a database that another program has locked is not opened, and says why`() async throws {
        try await open().close()
        try await locked {
            let fault = #expect(throws: StoreFault.self) { try open() }
            #expect(fault?.kind == .unavailable)
            #expect(fault?.detail == "the database is locked by another program")
        }
        try await open().close()
    }
}
