import SiteSandbox
import Testing
import WireJSON

/// Credits from end to end: what the gateway says was spent is what the simulated site has taken.
@Suite(.timeLimit(.minutes(10))) struct UsageTests {
    private static let flags = ["credits.settle_seconds": "1", "credits.settle_gap_seconds": "1"]

    /// Sessions of the site by what it does to them, and how many generations each has.
    private static let tokens = [("fast", 3), ("fail", 1), ("moderation-output", 2)]

    @Test func `our book and the site's agree to the credit, failures and refunds included`() async throws {
        try await withSandbox { site, base in
            try await TestGateway(upstream: base, flags: Self.flags).run { api in
                var used: Int64 = 0
                for (token, count) in Self.tokens {
                    for number in 1...count {
                        let answer = try await api.post(
                            "/v1/generations", token: token,
                            ["kind": "image", "prompt": .string("fox \(number)"), "n": .integer(Int64(number))])
                        _ = try await api.end(of: answer.json["id"]?.string ?? "", token: token)
                    }
                    let total = try await Self.settledTotal(of: token, api) { total in
                        token != "moderation-output" || total["credits_refunded"] == total["credits_charged"]
                    }
                    #expect(total["generations"]?.int == Int64(count))
                    #expect(total["credits_charged"]?.int ?? 0 > 0)
                    used += total["credits_used"]?.int ?? -1
                }
                let sessions = site.statistics().sessions.values
                #expect(sessions.count == Self.tokens.count)
                #expect(used == sessions.reduce(0) { $0 + Int64(100_000 - $1.credits) })
                // Three pictures of one, two and three: one account, one list, few questions.
                #expect(site.statistics().requests["/commerce/v1/benefits/user_credit_history"] ?? 0 < 40)
                #expect(site.statistics().violations.isEmpty)
            }
        }
    }

    @Test func `a generation learns its cost, the next one is quoted at it, and deleting changes nothing`() async throws
    {
        try await TestGateway(flags: Self.flags).run { api in
            let token = "sandbox-fast"
            let first = try await api.post("/v1/images/generations", token: token, ["prompt": "a fox", "n": 2])
            let id = first.json["jimeng"]?["generation_id"]?.string ?? ""
            #expect(first.json["jimeng"]?["credits_quoted"] == .null)
            #expect(first.json["jimeng"]?["credits_used"] == .null)
            let total = try await Self.settledTotal(of: token, api)
            let record = try await api.get("/v1/generations/\(id)", token: token).json
            #expect(record["credits_status"] == "settled")
            #expect(record["credits_used"]?.int == 6)
            #expect(total["credits_used"]?.int == 6)

            let second = try await api.post("/v1/images/generations", token: token, ["prompt": "a wolf", "n": 2])
            #expect(second.json["jimeng"]?["credits_quoted"]?.int == 6)
            #expect(second.json["jimeng"]?["credits_remaining"]?.int == 99_994)
            _ = try await api.send("DELETE", "/v1/generations/\(id)", token: token, body: nil)
            let both = try await Self.settledTotal(of: token, api)
            #expect(both["generations"]?.int == 2 && both["credits_used"]?.int == 12)
        }
    }

    /// The total of the caller's usage, once everything is settled.
    private static func settledTotal(
        of token: String, _ api: APIClient, _ isRight: (JSONValue) -> Bool = { _ in true }
    ) async throws -> JSONValue {
        while true {
            let total = try await api.get("/v1/usage?group_by=none", token: token).json["total"] ?? .null
            if total["unsettled"] == 0, isRight(total) { return total }
        }
    }
}
