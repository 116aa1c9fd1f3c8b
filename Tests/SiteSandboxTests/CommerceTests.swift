import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("Credits of the sandbox")
struct CommerceTests {
    private func gift(_ bench: SiteBench, _ session: String) throws -> Int64? {
        try bench.json(.credits, session: session)["data"]?["credit"]?["gift_credit"]?.int
    }

    @Test("are charged at submission by resolution and count, whatever the pixels")
    func charge() throws {
        let bench = SiteBench { $0.isStrict = false }
        let core = "draft_content/component_list/0/abilities/generate/core_param/large_image_info/"
        _ = try bench.submit()
        #expect(try gift(bench, "sandbox-demo") == 100_000 - 12)
        _ = try bench.submit([
            (core + "resolution_type", "4k"), ("draft_content/component_list/0/abilities/gen_option/gen_count", 1),
        ])
        #expect(try gift(bench, "sandbox-demo") == 100_000 - 12 - 4)
    }

    @Test("that do not suffice refuse the submission")
    func short() throws {
        let bench = SiteBench { $0.credits = 20 }
        _ = try bench.submit()
        let answer = try bench.json(.generate, body: try bench.submission())
        #expect(SiteBench.ret(answer) == 1006)
        #expect(try gift(bench, "sandbox-demo") == 8)
    }

    @Test("appear in the ledger later, with the submission's id")
    func ledger() throws {
        let bench = SiteBench()
        let job = try bench.submit()
        let body: JSONValue = ["count": 20, "cursor": "0", "history_type": 2]
        #expect(try bench.json(.ledger, body: body)["data"]?["records"]?.array?.isEmpty == true)
        bench.advance(seconds: 20)
        let records = try #require(try bench.json(.ledger, body: body)["data"]?["records"]?.array)
        #expect(records.count == 1)
        #expect(records.first?["submit_id"]?.string == job.submitID)
        #expect(records.first?["amount"]?.int == 12)
        #expect(records.first?["history_type"]?.int == 2)
    }

    @Test("are paged in the ledger, newest first")
    func pages() throws {
        let bench = SiteBench()
        let ids = try (0..<5).map { _ in
            bench.advance(seconds: 1)
            return try bench.submit().submitID
        }
        bench.advance(seconds: 60)
        var (seen, cursor, hasMore): ([String], String, Bool) = ([], "0", true)
        while hasMore {
            let page = try #require(try bench.json(.ledger, body: ["count": 2, "cursor": .string(cursor)])["data"])
            seen += page["records"]?.array?.compactMap { $0["submit_id"]?.string } ?? []
            cursor = try #require(page["new_cursor"]?.string)
            hasMore = page["has_more"] == true
        }
        #expect(seen == ids.reversed())
    }

    @Test("are booked by the same clock that the answer tells, also where it is ahead", arguments: ["demo", "skew"])
    func clock(script: String) throws {
        let bench = SiteBench()
        _ = try bench.submit(session: "sandbox-" + script)
        bench.advance(seconds: 20)
        let answer = try bench.json(.ledger, session: "sandbox-" + script, body: ["count": 20, "cursor": "0"])
        let told = try #require(answer["svr_time"]?.int)
        let booked = try #require(answer["data"]?["records"]?[0]?["create_time"]?.int)
        #expect(told - booked == 20)
    }

    @Test(
        "come back for refused work, and not for work that just failed",
        arguments: [("moderation-output", true), ("reject10", true), ("withheld50", true), ("fail", false)])
    func refunds(script: String, isRefunded: Bool) throws {
        let bench = SiteBench()
        let session = "sandbox-" + script
        let job = try bench.submit(session: session)
        #expect(try gift(bench, session) == 100_000 - 12)
        bench.advance(seconds: 120)
        #expect(try gift(bench, session) == (isRefunded ? 100_000 : 100_000 - 12))
        let received = try bench.json(.ledger, session: session, body: ["count": 20, "cursor": "0", "history_type": 1])
        let ids = received["data"]?["records"]?.array?.compactMap { $0["submit_id"]?.string }
        #expect(ids == (isRefunded ? [job.submitID] : []))
    }

    @Test("are given once a day, and never to the poor")
    func claims() throws {
        let bench = SiteBench()
        let body: JSONValue = ["time_zone": "Asia/Shanghai"]
        #expect(
            SiteBench.ret(try bench.json(.generate, session: "sandbox-daily", body: try bench.submission())) == 1006)
        let first = try bench.json(.claim, session: "sandbox-daily", body: body)
        #expect(first["data"]?["receive_quota"]?.int == 66)
        #expect(first["data"]?["cur_total_credits"]?.int == 66)
        _ = try bench.submit(session: "sandbox-daily")
        #expect(SiteBench.ret(try bench.json(.claim, session: "sandbox-daily", body: body)) == 34_010_105)
        #expect(SiteBench.ret(try bench.json(.claim, session: "sandbox-nocredits", body: body)) == 1014)
        #expect(SiteBench.ret(try bench.json(.claim, body: [:])) == 34_010_100)
        bench.advance(seconds: 86_400)
        #expect(SiteBench.ret(try bench.json(.claim, session: "sandbox-daily", body: body)) == 0)
    }

    @Test("are told as text everywhere, and beside it as an object outside of the US", arguments: SiteRegion.allCases)
    func envelopes(region: SiteRegion) throws {
        let bench = SiteBench()
        let answer = try bench.json(.credits, region: region)
        let text = try JSONValue.parse(answer["response"]?.string ?? "")
        #expect(text["credit"]?["gift_credit"]?.int == 100_000)
        #expect(answer["data"] == (region == .us ? .null : text))
    }
}
