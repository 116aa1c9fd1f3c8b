import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("The history")
struct HistoryTests {
    @Test("answers by the ids it was asked for, of both kinds at once")
    func keys() throws {
        let bench = SiteBench()
        let (first, second) = (try bench.submit(), try bench.submit())
        let answer = try bench.json(
            .history, body: SiteBench.query([first.submitID, bench.nextID()], history: [second.historyID]))
        #expect(Set(answer["data"]?.object?.keys ?? []) == [first.submitID, second.historyID])
        #expect(answer["data"]?[second.historyID]?["submit_id"]?.string == second.submitID)
    }

    @Test("shows nothing of another account, of another region or of nowhere")
    func foreign() throws {
        let bench = SiteBench()
        let job = try bench.submit()
        let query = SiteBench.query([job.submitID], history: [job.historyID, "13000000009999", "1", "-5"])
        #expect(try bench.json(.history, session: "sandbox-demo-2", body: query)["data"]?.object?.isEmpty == true)
        #expect(try bench.json(.history, region: .us, body: query)["data"]?.object?.isEmpty == true)
    }

    @Test(
        "refuses queries without ids, with too many and with other things than strings",
        arguments: [
            [:], ["submit_ids": []], ["submit_ids": "x"], ["history_ids": [1]],
            ["submit_ids": .array((0..<21).map { .string("\($0)") })],
        ] as [JSONValue])
    func refused(body: JSONValue) throws {
        let bench = SiteBench()
        #expect(SiteBench.ret(try bench.json(.history, body: body)) == 1000)
    }

    @Test("gives URLs only to a query that says what pictures it wants")
    func imageInfo() throws {
        let bench = SiteBench()
        let job = try bench.submit()
        bench.advance(seconds: 60)
        func url(_ hasImageInfo: Bool) throws -> String? {
            let body = SiteBench.query([job.submitID], hasImageInfo: hasImageInfo)
            let item = try bench.json(.history, body: body)["data"]?[job.submitID]?["item_list"]?[0]
            return item?["image"]?["large_images"]?[0]?["image_url"]?.string
        }
        #expect(try url(true)?.hasPrefix("http://127.0.0.1:5999/media/tos-cn-i-") == true)
        #expect(try url(false) == "")
    }

    @Test("tells places in the line and forecasts in seconds")
    func queue() throws {
        let bench = SiteBench()
        let job = try bench.submit(session: "sandbox-queue")
        var places: [Int64] = []
        for _ in 0..<4 {
            let record = try #require(try bench.record(job.submitID, session: "sandbox-queue"))
            let info = try #require(record["queue_info"])
            #expect(info["queue_status"]?.int == 1)
            places.append(info["queue_idx"]?.int ?? 0)
            let forecast = try #require(record["forecast_generate_cost"]?.int)
            #expect((8...25).contains(forecast))
            bench.advance(seconds: 5)
        }
        #expect(places == [40, 30, 20, 10])
        let info = try bench.json(
            .queueInfo, session: "sandbox-queue", body: SiteBench.query([], history: [job.historyID]))
        #expect(info["data"]?[job.historyID]?["queue_info"]?["queue_status"]?.int == 2)
        #expect(info["data"]?[job.historyID]?["forecast_cost_time"]?["forecast_queue_cost"]?.int == 0)
    }

    @Test("gives finish times and equal or unequal statuses as the script has it")
    func statuses() throws {
        let bench = SiteBench()
        let job = try bench.submit(session: "sandbox-reject10")
        bench.advance(seconds: 60)
        let record = try #require(try bench.record(job.submitID, session: "sandbox-reject10"))
        #expect(record["status"]?.int == 30)
        #expect(record["task"]?["status"]?.int == 10)
        #expect(record["task"]?["finish_time"]?.int == SiteBench.start / 1_000 + 12)
        #expect(record["fail_code"]?.string == "2038")
    }

    @Test("lists withheld pictures as failed, without a URL")
    func failedItems() throws {
        let bench = SiteBench()
        let job = try bench.submit(session: "sandbox-partial")
        bench.advance(seconds: 60)
        let record = try #require(try bench.record(job.submitID, session: "sandbox-partial"))
        #expect(record["item_list"]?.array?.count == 2)
        #expect(record["failed_item_list"]?.array?.count == 2)
        #expect(record["failed_item_list"]?[0]?["gen_result_data"]?["result_code"]?.int == 2_041)
        #expect(record["finished_image_count"]?.int == 2)
    }

    @Test("forgets finished jobs, by number and by age, but not running ones")
    func forgetting() throws {
        let bench = SiteBench { $0.keptJobs = 3 }
        let endless = try bench.submit(session: "sandbox-endless")
        let old = try bench.submit()
        bench.advance(seconds: 60)
        let younger = try (0..<5).map { _ in try bench.submit(session: "sandbox-fast") }
        #expect(try bench.record(endless.submitID, session: "sandbox-endless") != nil)
        for _ in 0..<5 { _ = try bench.submit(session: "sandbox-fast") }
        #expect(bench.site.statistics.keptJobs <= 6)
        #expect(try bench.record(old.submitID) == nil)
        #expect(try bench.record(younger[0].submitID, session: "sandbox-fast") == nil)
        let aged = SiteBench()
        let first = try aged.submit()
        aged.advance(seconds: 4_000)
        _ = try aged.submit()
        #expect(try aged.record(first.submitID) == nil)
    }

    @Test("shows a job that was cancelled in the line, and cancels no running one")
    func cancelling() throws {
        let bench = SiteBench()
        let session = "sandbox-queue"
        let (job, other) = (try bench.submit(session: session), try bench.submit(session: session))
        let cancelled = try bench.json(.cancel, session: session, body: ["history_id": .string(job.historyID)])
        #expect(SiteBench.ret(cancelled) == 0)
        let record = try #require(try bench.record(job.submitID, session: session))
        #expect(record["status"]?.int == 30)
        #expect(record["queue_info"]?["queue_status"]?.int == 3)
        #expect(bench.site.statistics.sessions[session]?.credits == 100_000 - 12)
        bench.advance(seconds: 21)
        let refused = try bench.json(.cancel, session: session, body: ["history_id": .string(other.historyID)])
        #expect(SiteBench.ret(refused) == 1002)
    }

    @Test("continues a stalled job for another charge, and only such a one")
    func continuing() throws {
        let bench = SiteBench()
        let session = "sandbox-stall45"
        let id = bench.nextID()
        let job = try bench.submit(session: session, id: id)
        let body = try bench.submission(id: id, [("action", 2), ("history_id", .string(job.historyID))])
        #expect(SiteBench.ret(try bench.json(.generate, session: session, body: body)) == 1002)
        bench.advance(seconds: 60)
        #expect(try bench.record(id, session: session)?["item_list"]?.array?.count == 2)
        #expect(SiteBench.ret(try bench.json(.generate, session: session, body: body)) == 0)
        bench.advance(seconds: 60)
        let record = try #require(try bench.record(id, session: session))
        #expect(record["status"]?.int == 50)
        #expect(record["item_list"]?.array?.count == 4)
        #expect(bench.site.statistics.sessions[session]?.credits == 100_000 - 24)
        #expect(bench.site.statistics.sessions[session]?.violations.contains("submit_id sent twice") == false)
    }
}
