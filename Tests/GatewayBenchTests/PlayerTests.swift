import NIOCore
import Testing
import WireJSON

@testable import GatewayBench

@Suite struct PlayerTests {
    private let id = "11111111-1111-4111-8111-111111111111"

    private func answer(_ site: PlayerSite, _ path: String, _ body: String = "{}") throws -> JSONValue {
        let answer = Array(body.utf8).withUnsafeBytes { site.answer(path: path, body: $0) }
        return try JSONValue.parse(Array(answer.body.readableBytesView))
    }

    private func submission(_ number: Int) -> String {
        #"{"submit_id":"\#(id)","draft_content":"{\"prompt\":\"bench-\#(number) a lamp\",\"gen_count\":2}"}"#
    }

    @Test("a job is accepted as queued even when it ends at once, and its end is told by the history call")
    func walk() throws {
        let site = PlayerSite(runTimes: .atOnce, base: "http://127.0.0.1:1")
        let accepted = try answer(site, "/mweb/v1/aigc_draft/generate", submission(7))
        #expect(accepted["data"]?["aigc_data"]?["status"]?.int == 20)
        #expect(accepted["data"]?["aigc_data"]?["item_list"]?.array?.isEmpty == true)
        let history = try answer(site, "/mweb/v1/get_history_by_ids", #"{"submit_ids":["\#(id)","other"]}"#)
        #expect(history["data"]?[id]?["status"]?.int == 50)
        #expect(history["data"]?[id]?["item_list"]?.array?.count == 2)
        #expect(history["data"]?["other"] == nil)
        #expect(site.report.told == 1)
        #expect(site.report.idsAsked == 2)
    }

    @Test("a job that runs has no pictures yet")
    func running() throws {
        let site = PlayerSite(runTimes: RunTimes(range: 60_000...60_000), base: "http://127.0.0.1:1")
        _ = try answer(site, "/mweb/v1/aigc_draft/generate", submission(7))
        let history = try answer(site, "/mweb/v1/get_history_by_ids", #"{"submit_ids":["\#(id)"]}"#)
        #expect(history["data"]?[id]?["status"]?.int == 42)
        #expect(site.report.told == 0)
    }

    @Test("a job that is bought twice is noticed, under the same id and under another")
    func repeated() throws {
        let site = PlayerSite(runTimes: .atOnce, base: "http://127.0.0.1:1")
        _ = try answer(site, "/mweb/v1/aigc_draft/generate", submission(7))
        _ = try answer(site, "/mweb/v1/aigc_draft/generate", submission(7))
        #expect(site.report.repeatedIDs == 1)
        #expect(site.report.repeatedNumbers == 1)
        #expect(try PlayerReport(answer(site, "/__player/stats")) == site.report)
        _ = try answer(site, "/__player/reset")
        #expect(site.report == PlayerReport())
    }

    @Test("a submission that can't be read is refused", arguments: ["", "{}", #"{"submit_id":"#])
    func unreadable(_ body: String) throws {
        let site = PlayerSite(runTimes: .atOnce, base: "http://127.0.0.1:1")
        #expect(try answer(site, "/mweb/v1/aigc_draft/generate", body)["ret"]?.string == "1000")
        #expect(site.report.unreadable == 1)
    }

    @Test("run times and forecasts stay in their ranges and depend on the number alone")
    func runTimes() {
        for number in 0..<500 {
            let seconds = Double(RunTimes.pictures.nanoseconds(of: number)) / 1e9
            #expect((5...25).contains(seconds))
            #expect(RunTimes.pictures.nanoseconds(of: number) == RunTimes.pictures.nanoseconds(of: number))
            let share = Double(RunTimes.pictures.forecastSeconds(of: number)) / seconds
            #expect((0.7...2.6).contains(share))
        }
        #expect(Set((0..<500).map { RunTimes.pictures.nanoseconds(of: $0) }).count == 500)
    }

    @Test("run times are read as a number or a range", arguments: ["250", "5000-25000"])
    func runTimesText(_ text: String) {
        #expect(RunTimes(argument: text)?.argument == text)
    }

    @Test("other texts are no run times", arguments: ["", "-", "5-", "25-5", "x", "1-2-3", "99999999"])
    func badRunTimes(_ text: String) {
        #expect(RunTimes(argument: text) == nil)
    }
}
