import Foundation
import GatewayCore
import GatewayTesting
import Logging
import SiteSandbox
import StoreSQLite
import Synchronization
import Testing
import WireJSON

/// Very many generations on twenty accounts of a site where fifteen of a hundred calls, jobs and downloads go wrong.
/// Afterwards every generation is where the site says, every credit is accounted for, and nothing shows a secret.
///
/// A short run belongs to every test run; `script/soak-test` makes the long one.
@Suite(.timeLimit(.minutes(20))) struct SoakTests {
    private static let accounts = 20
    private static let count = Int(ProcessInfo.processInfo.environment["JIMENG_SOAK_GENERATIONS"] ?? "") ?? 60
    private static let session = "5e5510nfeedfacecafe"
    private static let password = "hunter2secret"
    /// Mishaps take their time: what never ends is given up early here, and stopped jobs don't wait five minutes.
    private static let flags = [
        "log.level": "trace", "media.previews": "false", "upstream.lookup_seconds": "6",
        "upstream.stall_seconds": "3",
        "upstream.submit_timeout_seconds": "5", "upstream.poll_timeout_seconds": "3", "upstream.poll_floor_ms": "200",
        "credits.settle_seconds": "1", "credits.settle_gap_seconds": "1",
    ]

    private static func token(_ number: Int) -> String { "chaos-15-\(session)-\(number % accounts)" }

    /// The account whose proxy does not answer: its password must not show either.
    private static let behindProxy = "http://user:\(password)@127.0.0.1:9@\(session)-proxy"

    @Test func `a site full of faults loses nothing, buys nothing twice and charges nothing unseen`() async throws {
        // An hour of the ledger passes in nine seconds.
        try await withSandbox(speed: 400, runSeconds: 400) { site, base in
            let gateway = try TestGateway(upstream: base, flags: Self.flags)
            let shown = Shown()
            let key = try await gateway.run { api in
                let key = try await ScrapeKey.make(gateway, api)
                try await Self.startAll(on: api, shown)
                let refused = try await api.post(
                    "/v1/images/generations", token: Self.behindProxy, ["prompt": "a fox", "n": 2])
                #expect(refused.status == 502)
                shown.add(refused.bytes)
                try await Self.waitForEnds(on: api, shown, key)
                try await Self.waitForCosts(of: site, on: api, shown, key)
                return key
            }
            let store = try SQLiteStore(
                path: gateway.folder + "/jimeng.db",
                logger: Logger(label: "store") { _ in
                    SwiftLogNoOpLogHandler()
                })
            try await Self.compare(store, with: site)
            try await store.close()
            for secret in [Self.session, Self.password, key] {
                #expect(!shown.contains(secret))
                #expect(!gateway.logs.text.contains(secret))
                #expect(Self.files(below: gateway.folder, with: secret) == [])
            }
        }
    }

    // MARK: - Running

    private static func startAll(on api: APIClient, _ shown: Shown) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<accounts {
                group.addTask {
                    for number in stride(from: client, to: count, by: accounts) {
                        let answer = try await api.post(
                            "/v1/images/generations", token: token(number),
                            ["prompt": .string("fox \(number)"), "n": 2, "async": true])
                        guard answer.status == 202 else {
                            throw TestProblem("not accepted: \(answer.status) \(answer.json.serializedString())")
                        }
                        shown.add(answer.bytes)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func page(_ api: APIClient, _ shown: Shown, _ key: String) async throws -> MetricPage {
        let answer = try await api.get("/metrics", token: key)
        shown.add(answer.bytes)
        return try MetricPage(parsing: String(decoding: answer.bytes, as: UTF8.self))
    }

    private static func waitForEnds(on api: APIClient, _ shown: Shown, _ key: String) async throws {
        while try await page(api, shown, key).sum("jimeng_generations_active") > 0 {
            try await Task.sleep(for: .milliseconds(500))
        }
        for number in 0..<accounts {
            let list = try await api.get("/v1/generations?limit=100", token: token(number))
            #expect(list.json["data"]?.array?.isEmpty == false)
            shown.add(list.bytes)
        }
    }

    /// What the ledgers show late is found late.
    private static func waitForCosts(of site: SandboxServer, on api: APIClient, _ shown: Shown, _ key: String)
        async throws
    {
        let records = site.records()
        let (charged, refunded) = (
            records.reduce(0) { $0 + $1.charged }, records.reduce(0) { $0 + $1.refunded }
        )
        while true {
            let page = try await page(api, shown, key)
            if page.sum("jimeng_credits_used_total") >= Double(charged),
                page.sum("jimeng_credits_refunded_total") >= Double(refunded)
            {
                return
            }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    // MARK: - Comparing

    private static func compare(_ store: SQLiteStore, with site: SandboxServer) async throws {
        let jobs = try await store.jobs(matching: JobFilter(limit: count + 10)).jobs
        #expect(jobs.count == count + 1)
        let records = Dictionary(uniqueKeysWithValues: site.records().map { ($0.submitID, $0) })
        #expect(records.count > count / 2)
        var known = 0
        var succeeded = 0
        for job in jobs {
            #expect(job.state.isTerminal, "\(job.id)")
            let line = try #require(try await store.usage(of: job.id))
            guard let record = job.submitID.flatMap({ records[$0.rawValue] }) else {
                // The site has nothing of it, so it has failed and cost nothing.
                #expect(job.state == .failed, "\(job.id) \(job.state)")
                #expect(line.charged == 0)
                continue
            }
            known += 1
            #expect(job.outputs.count == record.delivered, "\(job.id) \(job.state)")
            #expect((job.state == .failed) == (record.delivered == 0), "\(job.id) \(job.state)")
            #expect(line.charged == record.charged, "\(job.id)")
            #expect(line.refunded == record.refunded, "\(job.id)")
            if job.state == .succeeded { succeeded += 1 }
        }
        // Nothing at the site that ours does not know of: each record was found for exactly one job.
        #expect(known == records.count)
        #expect(succeeded > count / 2)
        let statistics = site.statistics()
        #expect(statistics.violations == [])
        let sessions = statistics.sessions.values
        #expect(sessions.reduce(0) { $0 + $1.jobs } == records.count)
        let spent = records.values.reduce(0) { $0 + $1.charged - $1.refunded }
        #expect(sessions.reduce(0) { $0 + 100_000 - $1.credits } == spent)
        #expect(try await store.usageSums(everything).first?.used == spent)
    }

    private static var everything: UsageQuery {
        UsageQuery(
            owner: nil, from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: .max / 2), groups: [],
            limit: 1)
    }

    /// The files below a folder that hold a text.
    private static func files(below folder: String, with text: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
        return names.filter { name in
            FileManager.default.contents(atPath: folder + "/" + name)?.range(of: Data(text.utf8)) != nil
        }
    }

    /// Everything the gateway has answered.
    private final class Shown: Sendable {
        private let text = Mutex(Data())
        func add(_ bytes: [UInt8]) { text.withLock { $0.append(contentsOf: bytes) } }
        func contains(_ secret: String) -> Bool { text.withLock { $0.range(of: Data(secret.utf8)) != nil } }
    }
}
