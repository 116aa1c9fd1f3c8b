import Foundation
import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

/// A site that is thrown away at any moment, as by `kill -9`, and one that is made from what it left.
@Suite("The journal")
struct JournalTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID())")
    private let path: String

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appendingPathComponent("sandbox.jsonl").path
    }

    /// A bench whose clock goes on where `earlier` stands.
    private func bench(after earlier: SiteBench? = nil, complaints: Counter = Counter()) -> SiteBench {
        SiteBench(
            { $0.keptFor = .seconds(600) },
            journal: SandboxJournal(path: path) { _ in complaints.add() }, clock: earlier?.clock ?? BenchClock())
    }

    private var text: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    private func credits(_ bench: SiteBench, _ session: String = "sandbox-demo") throws -> Int64? {
        try bench.json(.credits, session: session)["data"]?["credit"]?["gift_credit"]?.int
    }

    private func ledger(_ bench: SiteBench, _ session: String = "sandbox-demo") throws -> [JSONValue] {
        try bench.json(.ledger, session: session, body: ["count": 50, "cursor": "0"])["data"]?["records"]?.array ?? []
    }

    @Test("brings back running jobs, which end when they would have ended")
    func running() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = bench()
        let job = try first.submit()
        first.advance(seconds: 3)
        let before = try #require(try first.record(job.submitID))
        let second = bench(after: first)
        #expect(try second.record(job.submitID) == before)
        second.advance(seconds: 60)
        let record = try #require(try second.record(job.submitID))
        #expect(record["status"]?.int == 50)
        #expect(record["history_record_id"]?.string == job.historyID)
        let uri = try #require(record["item_list"]?[0]?["image"]?["large_images"]?[0]?["image_uri"]?.string)
        let third = bench(after: second)
        #expect(
            try third.record(job.submitID)?["item_list"]?[0]?["image"]?["large_images"]?[0]?["image_uri"]?.string == uri
        )
        // Its numbers are not given to another job.
        #expect(try third.submit().historyID != job.historyID)
    }

    @Test("brings back charges, refunds and gifts, once, however often it is read")
    func money() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var bench = bench()
        _ = try bench.submit()
        _ = try bench.submit(session: "sandbox-moderation-output")
        #expect(SiteBench.ret(try bench.json(.claim, body: ["time_zone": "Asia/Shanghai"])) == 0)
        for seconds in [1.0, 60, 60, 60] {
            bench = self.bench(after: bench)
            #expect(try credits(bench) == 100_000 - 12 + 66)
            #expect(SiteBench.ret(try bench.json(.claim, body: ["time_zone": "Asia/Shanghai"])) == 34_010_105)
            bench.advance(seconds: seconds)
        }
        #expect(try credits(bench, "sandbox-moderation-output") == 100_000)
        #expect(try ledger(bench, "sandbox-moderation-output").map { $0["history_type"]?.int } == [1, 2])
        #expect(try ledger(bench).map { $0["amount"]?.int }.contains(12))
        // Long after, the jobs are gone and the balance is still right.
        bench.advance(seconds: 3_600)
        bench = self.bench(after: bench)
        #expect(bench.site.statistics.keptJobs == 0)
        #expect(try credits(bench) == 100_000 - 12 + 66)
        #expect(try credits(bench, "sandbox-moderation-output") == 100_000)
        #expect(try bench.submit().historyID == "13000000000003")
    }

    @Test("brings back what was cancelled and what was continued")
    func changes() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = bench()
        let cancelled = try first.submit(session: "sandbox-queue")
        #expect(
            SiteBench.ret(
                try first.json(
                    .cancel, session: "sandbox-queue", body: ["history_id": .string(cancelled.historyID)])) == 0)
        let stalledBody = try first.submission()
        let stalledID = try #require(stalledBody["submit_id"]?.string)
        let answer = try first.json(.generate, session: "sandbox-stall45", body: stalledBody)
        let history = try #require(answer["data"]?["aigc_data"]?["history_record_id"]?.string)
        first.advance(seconds: 30)
        let again = stalledBody.setting(["action"], to: 2).setting(["history_id"], to: .string(history))
        #expect(SiteBench.ret(try first.json(.generate, session: "sandbox-stall45", body: again)) == 0)
        let second = bench(after: first)
        #expect(try second.record(cancelled.submitID, session: "sandbox-queue")?["status"]?.int == 30)
        #expect(try credits(second, "sandbox-queue") == 100_000)
        second.advance(seconds: 30)
        #expect(try second.record(stalledID, session: "sandbox-stall45")?["status"]?.int == 50)
        #expect(try credits(second, "sandbox-stall45") == 100_000 - 24)
    }

    @Test("brings back uploads and blends and edits made of them")
    func uploads() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = bench()
        let uri = try first.picture(width: 512, height: 256)
        let edit = first.edit(
            .outpaint, ["origin_image": SiteBench.image(uri)],
            ["up_scale": ["top": 0.5, "bottom": 0, "left": 0, "right": 0, "max_size": 12_960]], count: 2)
        let blend = try first.blend()
        for body in [edit, blend] { #expect(SiteBench.ret(try first.json(.generate, body: body)) == 0) }
        let second = bench(after: first)
        let answer = try second.json(.imageByURI, body: ["uris": [.string(uri)]])
        #expect(answer["uri2image"]?[uri]?["width"]?.int == 512)
        second.advance(seconds: 60)
        for (body, type) in [(edit, 8), (blend, 12)] as [(JSONValue, Int64)] {
            let id = try #require(body["submit_id"]?.string)
            let record = try #require(try second.record(id))
            #expect(record["generate_type"]?.int == type)
            #expect(record["status"]?.int == 50)
        }
        #expect(try second.picture() != uri)
    }

    @Test("holds no session that could be a real one")
    func secrets() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = bench()
        let secret = "0123456789abcdef0123456789abcdef"
        _ = try first.submit(session: secret)
        _ = try first.picture(session: secret)
        _ = try first.json(.claim, session: secret, body: ["time_zone": "Asia/Shanghai"])
        _ = try first.submit()
        _ = bench(after: first)
        #expect(text.contains("sandbox-demo"))
        #expect(!text.contains(secret))
    }

    @Test("that was cut off or damaged gives what can be read")
    func damage() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = bench()
        let jobs = try (0..<3).map { _ in try first.submit() }
        let long = String(repeating: "x", count: SandboxJournal.lineLimit + 10)
        let whole = Data((text.dropLast(20) + "\n{\"type\":\"job\"}\nnonsense\n[[[\n\(long)\n").utf8)
        try whole.write(to: URL(fileURLWithPath: path))
        let second = bench(after: first)
        let found = try jobs.map { try second.record($0.submitID) != nil }
        #expect(found == [true, true, false])
        #expect(!text.contains("nonsense"))
    }

    @Test("that cannot be kept is complained about once, and the site goes on")
    func unwritable() throws {
        try FileManager.default.removeItem(at: folder)
        let complaints = Counter()
        let bench = bench(complaints: complaints)
        _ = try bench.submit()
        _ = try bench.submit()
        #expect(complaints.count == 1)
    }
}
