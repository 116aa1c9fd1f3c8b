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

    /// The whole price book of a region.
    private func prices(
        _ bench: SiteBench, _ session: String = "sandbox-demo", _ region: SiteRegion = .cn
    ) throws -> [String: JSONValue] {
        let body: JSONValue = [
            "query_list": [["resource_type": "aigc", "resource_id": "get_all", "benefit_type_list": []]]
        ]
        let answer = try bench.json(.priceBook, session: session, region: region, body: body)
        let list = try JSONValue.parse(answer["response"]?.string ?? "")["metadata_list"]?[0]
        var prices: [String: JSONValue] = [:]
        for entry in list?["benefits_pay_strategy"]?.array ?? [] { prices[entry["benefit_type"]?.string ?? ""] = entry }
        return prices
    }

    @Test("have a price book that names every price by what the catalogue charges to", arguments: SiteRegion.allCases)
    func priceBook(region: SiteRegion) throws {
        let prices = try prices(SiteBench(), "sandbox-demo", region)
        func price(_ name: String?) -> (String?, Int?) {
            let entry = prices[name ?? ""]
            let text = entry?["credit_strategy"]?["credit_pricing_info"]?["credit_unit_price"]?.string
            return (entry?["unit"]?.string, text.flatMap { Int($0) })
        }
        var priced = 0
        for model in CatalogueReply(region: region).images["model_list"]?.array ?? [] {
            let config = model["commercial_config"]?["image_model_commerce_config"]?["base"]?["default"]
            let resolution = model["default_resolution_type"]?.string ?? ""
            let (unit, credits) = price(config?["benefit_type"]?.string)
            // One name for two resolutions has no price.
            guard let credits else { continue }
            priced += 1
            #expect(credits == SandboxOrder.pictureCredits(resolution: resolution))
            #expect(unit == (region == .cn ? "count" : "page"))
        }
        #expect(priced >= 3)
        for model in CatalogueReply(region: region).videos["model_list"]?.array ?? [] {
            for row in model["commercial_config"]?["resolution_price_configs"]?.array ?? [] {
                let (unit, credits) = price(row["price"]?["benefit_type"]?.string)
                #expect(unit == "second")
                #expect(credits == FilmOrder.price(resolution: row["resolution"]?.string ?? ""))
            }
        }
    }

    @Test("are not taken for a member's first ten pictures of a day")
    func membership() throws {
        let bench = SiteBench { $0.isStrict = false }
        let name = "image_basic_v5_2k"
        func left() throws -> Int64? {
            let body: JSONValue = [
                "query_list": [["resource_type": "aigc", "resource_id": "get_all", "benefit_type_list": []]]
            ]
            let answer = try bench.json(.benefits, session: "sandbox-member", body: body)
            let asset = answer["data"]?["asset_list"]?[0]
            #expect(asset?["benefit_type"]?.string == name)
            return asset?["asset_details"]?[0]?["quota_left"]?.int
        }
        func submit(_ count: Int64) throws {
            let core = "draft_content/component_list/0/abilities/generate/"
            _ = try bench.submit(
                session: "sandbox-member",
                [
                    (core + "core_param/model", "high_aes_general_v50"),
                    ("extend/root_model", "high_aes_general_v50"),
                    ("draft_content/component_list/0/abilities/gen_option/gen_count", .integer(count)),
                ])
        }
        #expect(
            try prices(bench, "sandbox-member")[name]?["subscribe_strategy"]?["subscribe_limits"]?[0]?["count"] == 10)
        #expect(try prices(bench)[name]?["subscribe_strategy"]?["subscribe_limits"] == [])
        #expect(try left() == 10)
        try submit(6)
        #expect(try left() == 4)
        #expect(try gift(bench, "sandbox-member") == 100_000)
        // Four do not cover five.
        try submit(5)
        #expect(try left() == 4)
        #expect(try gift(bench, "sandbox-member") == 100_000 - 15)
        bench.advance(seconds: 86_400)
        #expect(try left() == 10)
    }

    @Test(
        "are not told to a question of another form",
        arguments: [
            [:], ["query_list": []], ["query_list": [["resource_type": "aigc"]]],
            ["query_list": [["resource_type": "x", "resource_id": "get_all", "benefit_type_list": []]]],
            ["query_list": [["resource_type": "aigc", "resource_id": "1", "benefit_type_list": []]]],
        ] as [JSONValue])
    func badQuestion(body: JSONValue) throws {
        let bench = SiteBench()
        #expect(SiteBench.ret(try bench.json(.priceBook, body: body)) == 1000)
        #expect(SiteBench.ret(try bench.json(.benefits, body: body)) == 1000)
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
