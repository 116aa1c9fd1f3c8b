import Foundation
import GRDB
import GatewayCore
import GatewayTesting
import Logging
import Synchronization
import Testing

@testable import StoreSQLite

@Suite("The store in a SQLite file", .timeLimit(.minutes(10)))
struct SQLiteStoreTests {
    private let folder: TemporaryFolder
    private let logs = LogRecorder()

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { folder.file("data/jimeng.sqlite") }

    private func open() throws -> SQLiteStore {
        try SQLiteStore(path: path, logger: logs.logger)
    }

    @Test("keeps every law of the stores", arguments: StoreLaw.all)
    func law(_ law: StoreLaw) async throws {
        let first = try open()
        try await law.check(
            StoreUnderTest(store: first) {
                try await first.close()
                return try open()
            })
    }

    // MARK: - Opening

    @Test("folder and files can be read by their owner only")
    func modes() async throws {
        let store = try open()
        _ = try await store.insert(.sample(), joining: .never)
        #expect(folder.mode(of: "data") == 0o700)
        for name in ["jimeng.sqlite", "jimeng.sqlite-wal", "jimeng.sqlite-shm", "jimeng.sqlite.lock"] {
            #expect(folder.mode(of: "data/" + name) == 0o600, "\(name)")
        }
        try await store.close()
    }

    @Test("a second store on the same file gets a clear error until the first one is closed")
    func secondStore() async throws {
        let first = try open()
        let fault = #expect(throws: StoreFault.self) { try open() }
        #expect(fault?.kind == .unavailable)
        #expect(fault?.detail == "another jimeng uses this data folder")
        try await first.close()
        await #expect(throws: Never.self) { try await open().close() }
    }

    @Test("a database of a newer version is refused")
    func newerVersion() async throws {
        let old = try open()
        _ = try await old.insert(.sample(1), joining: .never)
        try await old.close()
        let queue = try DatabaseQueue(path: path)
        let dump: @Sendable (Database) throws -> String = { db in
            let stream = DumpText()
            try db.dumpContent(to: stream)
            return stream.text.withLock { $0 }
        }
        let before = try await queue.write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('v999')")
            return try dump(db)
        }
        try queue.close()
        let fault = #expect(throws: StoreFault.self) { try open() }
        #expect(fault?.kind == .corrupt)
        #expect(fault?.detail.contains("newer version") == true)
        let again = try DatabaseQueue(path: path)
        #expect(try await again.read(dump) == before)
        #expect(before.contains("gen_000000000001"))
        try again.close()
    }

    /// What a dump of the database writes.
    private final class DumpText: TextOutputStream, Sendable {
        let text = Mutex("")
        func write(_ string: String) { text.withLock { $0 += string } }
    }

    @Test("a database of the version before webhooks keeps its jobs and can announce new ones")
    func beforeWebhooks() async throws {
        let old = try open()
        _ = try await old.insert(.sample(1), joining: .never)
        try await old.write { db in
            try db.execute(sql: "DROP TABLE webhook; DELETE FROM grdb_migrations WHERE identifier = 'v3'")
        }
        try await old.close()
        let store = try open()
        #expect(try await store.unfinishedJobs(after: nil, limit: 10) == [.sample(1)])
        let job = Job.sample(2, sealedWebhook: [1])
        _ = try await store.insert(job, joining: .never)
        _ = try await store.save(job.with { $0.state = .canceled }, expecting: .queued, lease: nil)
        #expect(try await store.webhook(of: job.id)?.state == .open)
        try await store.close()
    }

    @Test("a database of the version before the account book gets a line for every job it has")
    func beforeUsage() async throws {
        let old = try open()
        for number in 1...3 { _ = try await old.insert(.sample(number), joining: .never) }
        var sent = Job.sample(1)
        sent.account = .sample()
        sent.submitID = .sample()
        sent.submissions = 1
        sent.submittedAt = .sample
        sent.state = .submitting
        sent = try await old.save(sent, expecting: .queued, lease: nil)
        sent.state = .failed
        sent.completedAt = .sample + .seconds(9)
        sent = try await old.save(sent, expecting: .submitting, lease: nil)
        _ = try await old.save(Job.sample(2).with { $0.state = .canceled }, expecting: .queued, lease: nil)
        try await old.write { db in
            try db.execute(
                sql: """
                    DROP TABLE usage; DROP TABLE learnt_price; ALTER TABLE job DROP COLUMN quoted;
                    ALTER TABLE job DROP COLUMN cost; DELETE FROM grdb_migrations WHERE identifier IN ('usage', 'reservations')
                    """)
        }
        try await old.close()
        let store = try open()
        #expect(try await store.job(sent.id) == sent)
        let bought = try #require(try await store.usage(of: .sample(1)))
        #expect(bought.stage == .pending && bought.outcome == .failed && bought.submitID == .sample())
        #expect(try await store.uncheckedUsage() == [.sample(): .sample + .seconds(9)])
        #expect(try await store.usage(of: .sample(2))?.stage == .settled)
        #expect(try await store.usage(of: .sample(3))?.stage == .open)
        let waiting = try #require(try await store.job(.sample(3)))
        _ = try await store.save(waiting.with { $0.state = .canceled }, expecting: .queued, lease: nil)
        #expect(try await store.usage(of: .sample(3))?.outcome == .canceled)
        try await store.close()
    }

    @Test("a database of the version before reservations counts what runs with its quote")
    func beforeReservations() async throws {
        let old = try open()
        _ = try await old.insert(.sample(1, quotedCredits: 12), joining: .never)
        try await old.write { db in
            try db.execute(
                sql: """
                    DROP INDEX usage_by_owner; ALTER TABLE usage DROP COLUMN reservation;
                    CREATE INDEX usage_by_owner ON usage (owner, created_at, stage, quoted, charged, refunded);
                    DELETE FROM grdb_migrations WHERE identifier = 'reservations'
                    """)
        }
        try await old.close()
        let store = try open()
        _ = try await store.insert(.sample(2), joining: .never, reserving: 8)
        #expect(try await store.spent(by: "owner-1", since: .sample) == SpentCredits(reserved: 20))
        try await store.close()
    }

    @Test("a database of the version before kept files were counted knows those that its jobs name")
    func beforeKeptMedia() async throws {
        let old = try open()
        let stored = StoredMedia(
            id: MediaID(rawValue: "media_01m7k3vfv000000000000"), fileExtension: "webp", mimeType: "image/webp",
            byteCount: 7, sha256: "", width: nil, height: nil, createdAt: .sample)
        for number in 1...2 {
            let job = Job.sample(number)
            _ = try await old.insert(job, joining: .never)
            let ended = try await old.save(job.with { $0.state = .canceled }, expecting: .queued, lease: nil)
            _ = try await old.updateOutputs(of: ended) { outputs in
                outputs = [GenerationOutput(remote: .sample(1), stored: stored), GenerationOutput(remote: .sample(2))]
            }
        }
        try await old.write { db in
            try db.execute(
                sql: """
                    DROP TABLE media; DROP TABLE media_use;
                    DELETE FROM grdb_migrations WHERE identifier = 'kept media'
                    """)
        }
        try await old.close()
        let store = try open()
        #expect(try await store.mediaTotals() == MediaTotals(files: 1, bytes: 7))
        _ = try await store.removeJob(Job.sample(1).id)
        #expect(try await store.condemnMedia(.unused([stored.id]), at: .sample).isEmpty)
        _ = try await store.removeJob(Job.sample(2).id)
        let condemned = CondemnedMedia(
            id: stored.id, fileExtension: "webp", byteCount: 7, condemnedAt: .sample)
        #expect(try await store.condemnMedia(.unused([stored.id]), at: .sample) == [condemned])
        try await store.close()
    }

    @Test("accounts of the version before the pool keep what matters, and show only the end of their session")
    func beforePool() async throws {
        let old = try open()
        try await old.write { db in
            try db.execute(
                sql: """
                    DROP TABLE account;
                    DROP TABLE setting;
                    DELETE FROM grdb_migrations WHERE identifier = 'account-pool';
                    CREATE TABLE account (
                        id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
                        region TEXT NOT NULL,
                        is_sandbox INTEGER NOT NULL CHECK (is_sandbox IN (0, 1)),
                        sealed_credential BLOB NOT NULL,
                        preview TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        last_used_at INTEGER NOT NULL,
                        restriction_reason TEXT,
                        restricted_until INTEGER,
                        CHECK ((restriction_reason IS NULL) = (restricted_until IS NULL))
                    ) STRICT, WITHOUT ROWID;
                    INSERT INTO account VALUES
                        ('a', 'us', 0, x'01', 'abcd****wxyz', 1, 2, 'risk_control', 1790001800000),
                        ('b', 'cn', 1, x'02', '****', 3, 4, 'no_credits', 1790001800000),
                        ('c', 'jp', 0, x'03', '****', 5, 6, NULL, NULL);
                    """)
        }
        try await old.close()
        let store = try open()
        let accounts = try await store.accounts(nil, after: nil, limit: 10)
        #expect(accounts.map(\.preview) == ["****wxyz", "****", "****"])
        #expect(accounts.map(\.health.condition) == [.riskControl, .healthy, .healthy])
        #expect(accounts.first?.health.until == .sample + .seconds(1800))
        #expect(accounts.map(\.sealedCredential) == [[1], [2], [3]])
        #expect(accounts.allSatisfy { $0.origin == .token && $0.isEnabled && $0.balance == nil })
        let health = AccountHealth.after(.dailyLimitReached)
        try await store.saveHealth(health, of: AccountID(rawValue: "c"))
        #expect(try await store.account(AccountID(rawValue: "c"))?.health == health)
        try await store.close()
    }

    @Test("a file that is no database is refused as corrupt, and left as it was")
    func noDatabase() throws {
        let other = folder.file("other.sqlite")
        let text = String(repeating: "this is a shopping list. ", count: 100)
        try text.write(toFile: other, atomically: false, encoding: .utf8)
        let fault = #expect(throws: StoreFault.self) { try SQLiteStore(path: other, logger: logs.logger) }
        #expect(fault?.kind == .corrupt)
        #expect(try String(contentsOfFile: other, encoding: .utf8) == text)
    }

    @Test("what was sealed is read from a file of any version before a store is made of it")
    func lookBefore() async throws {
        let fresh = try StoreFile(path: path)
        #expect(try fresh.setting("check") == nil)
        #expect(try fresh.anySealedCredential() == nil)
        let old = try SQLiteStore(fresh, logger: logs.logger)
        try old.addSetting("check", [1, 2])
        try old.addSetting("check", [3])
        _ = try await old.upsert(.sample())
        try await old.close()
        let file = try StoreFile(path: path)
        #expect(try file.setting("check") == [1, 2])
        #expect(try file.setting("other") == nil)
        #expect(try file.anySealedCredential() == StoredAccount.sample().sealedCredential)
        let fault = #expect(throws: StoreFault.self) { try StoreFile(path: path) }
        #expect(fault?.detail.contains("another jimeng") == true)
        let store = try SQLiteStore(file, logger: logs.logger)
        try await store.write { db in try db.execute(sql: "DROP TABLE setting") }
        try await store.close()
        #expect(try StoreFile(path: path).setting("check") == nil)
    }

    @Test("a folder that can't be made is reported as unavailable")
    func noFolder() {
        let fault = #expect(throws: StoreFault.self) {
            try SQLiteStore(path: "/proc/jimeng/data.sqlite", logger: logs.logger)
        }
        #expect(fault?.kind == .unavailable)
    }

    @Test("every commit is synced, in a write-ahead log, with typed tables")
    func durability() async throws {
        let store = try open()
        let tables = try await store.write { db in
            #expect(try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal")
            #expect(try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2)
            return try String.fetchAll(
                db, sql: "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'grdb%'")
        }
        #expect(tables.count == 13)
        #expect(tables.allSatisfy { $0.contains("STRICT") })
        try await store.close()
    }

    @Test("leases of an earlier process are void")
    func staleLeases() async throws {
        let first = try open()
        let end = Timestamp.sample + .seconds(3600)
        let old = try #require(
            try await first.acquireLease(of: .sample(), holder: "old", now: .sample, until: end))
        try await first.close()
        // A process that another test starts at this instant holds a copy of the lock for a moment.
        var reopened = try? open()
        while reopened == nil {
            await Task.yield()
            reopened = try? open()
        }
        let second = try #require(reopened)
        #expect(try await second.renewLease(old, until: end) == false)
        let new = try #require(
            try await second.acquireLease(of: .sample(), holder: "new", now: .sample, until: end))
        #expect(new.number > old.number)
        try await second.close()
    }

    // MARK: - Closing

    @Test("a closed store fails every call as unavailable")
    func closed() async throws {
        let store = try open()
        try await store.close()
        let write = await #expect(throws: StoreFault.self) { try await store.insert(.sample(), joining: .never) }
        #expect(write?.kind == .unavailable)
        let read = await #expect(throws: StoreFault.self) { try await store.job(.sample()) }
        #expect(read?.kind == .unavailable)
        await #expect(throws: Never.self) { try await store.close() }
    }

    @Test("writes under way are finished before the store closes")
    func closingWaits() async throws {
        let store = try open()
        await withTaskGroup(of: Void.self) { group in
            for number in 1...200 {
                group.addTask { _ = try? await store.insert(.sample(number), joining: .never) }
            }
            await group.waitForAll()
        }
        try await store.close()
        let reopened = try open()
        #expect(try await reopened.unfinishedJobs(after: nil, limit: 1000).count == 200)
        try await reopened.close()
    }

    // MARK: - Groups

    @Test("a write that fails leaves the others of its group alone")
    func failureInGroup() async throws {
        let store = try open()
        _ = try await store.insert(.sample(1_000), joining: .never)
        let failures = await withTaskGroup(of: Bool.self) { group in
            for number in 1...300 {
                group.addTask {
                    // Every third one has an id that exists, which the database itself refuses.
                    let id = number.isMultiple(of: 3) ? 1_000 : number
                    return (try? await store.insert(.sample(id), joining: .never)) == nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failures == 100)
        #expect(try await store.unfinishedJobs(after: nil, limit: 1000).count == 201)
        try await store.close()
    }

    @Test("a cancelled caller's write is done all the same")
    func cancelledCaller() async throws {
        let store = try open()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await store.insert(.sample(), joining: .never)
        }
        #expect(try await task.value == .inserted(.sample()))
        #expect(try await store.job(.sample()) == .sample())
        try await store.close()
    }

    @Test("what was reported as done is in the files, without the store being closed")
    func crash() async throws {
        let store = try open()
        _ = try await store.insert(.sample(), joining: .never)
        let saved = try await store.save(
            Job.sample().with { $0.state = .submitting }, expecting: .queued, lease: nil)
        // What a process that is killed now would leave behind.
        for ending in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + ending, toPath: folder.file("copy.sqlite" + ending))
        }
        let copy = try SQLiteStore(path: folder.file("copy.sqlite"), logger: logs.logger)
        #expect(try await copy.unfinishedJobs(after: nil, limit: 10) == [saved])
        try await copy.close()
        try await store.close()
    }

    @Test("a full disk fails writes as unavailable, loses nothing, and is forgotten when there is room")
    func fullDisk() async throws {
        let store = try open()
        _ = try await store.insert(.sample(1), joining: .never)
        try await store.write { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)")
        }
        let faults = await withTaskGroup(of: StoreFault?.self) { group in
            for number in 2...60 {
                group.addTask {
                    let long = Job.sample(
                        number, task: .textToImage(.sample(prompt: String(repeating: "x", count: 50_000))))
                    do throws(StoreFault) {
                        _ = try await store.insert(long, joining: .never)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(faults.map { $0?.kind } == Array(repeating: .unavailable, count: 59))
        #expect(faults.allSatisfy { $0?.detail == "the disk is full" })
        #expect(try await store.unfinishedJobs(after: nil, limit: 100) == [.sample(1)])
        _ = try await store.write { db in try Int.fetchOne(db, sql: "PRAGMA max_page_count = 100000") }
        #expect(try await store.insert(.sample(2), joining: .never) == .inserted(.sample(2)))
        try await store.close()
    }

    // MARK: - Bad rows

    @Test("a row that can't be read is left out of lists and reported; asked for by id it is corrupt")
    func badRow() async throws {
        let store = try open()
        for number in 1...3 { _ = try await store.insert(.sample(number), joining: .never) }
        try await store.close()
        let queue = try DatabaseQueue(path: path)
        try await queue.write { db in
            try db.execute(
                sql: "UPDATE job SET request = '{}' WHERE id = ?", arguments: [GenerationID.sample(2).rawValue])
        }
        try queue.close()
        let reopened = try open()
        let page = try await reopened.unfinishedJobs(after: nil, limit: 2)
        #expect(page.map(\.id) == [.sample(1), .sample(3)])
        let list = try await reopened.jobs(matching: JobFilter(limit: 2))
        #expect(list.jobs.map(\.id) == [.sample(3), .sample(1)])
        #expect(list.hasMore == false)
        #expect(logs.lines.count == 2)
        #expect(logs.lines.allSatisfy { $0.contains("gen_000000000002") && !$0.contains("lighthouse") })
        let fault = await #expect(throws: StoreFault.self) { try await reopened.job(.sample(2)) }
        #expect(fault?.kind == .corrupt)
        try await reopened.close()
    }
}
