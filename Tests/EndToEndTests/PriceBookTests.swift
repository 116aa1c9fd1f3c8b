import SiteSandbox
import Testing
import WireJSON

/// Prices from the site's own price book: told before the purchase, and right.
@Suite(.timeLimit(.minutes(10))) struct PriceBookTests {
    private static let flags = ["credits.settle_seconds": "1", "credits.settle_gap_seconds": "1"]
    private static let path = "/commerce/v3/resource/benefit_metadata"

    /// The record of a generation once it has ended, and what the ledger has taken for everything so far.
    private static func buy(_ api: APIClient, _ token: String, _ body: JSONValue) async throws -> JSONValue {
        let made = try await api.post("/v1/generations", token: token, body)
        return try await api.end(of: made.json["id"]?.string ?? "", token: token)
    }

    private static func used(_ api: APIClient, _ token: String, _ record: JSONValue) async throws -> Int? {
        let path = "/v1/generations/\(record["id"]?.string ?? "")"
        while true {
            let record = try await api.get(path, token: token).json
            if record["credits_status"] == "settled" { return record["credits_used"]?.int.map { Int($0) } }
        }
    }

    @Test func `after a refresh of the model list generations are quoted at what they will cost`() async throws {
        try await withSandbox { site, base in
            try await TestGateway(upstream: base, flags: Self.flags).run { api in
                let token = "fast"
                let blind = try await Self.buy(
                    api, token, ["kind": "image", "prompt": "fox", "n": 1, "model": "jimeng-4.1"])
                #expect(blind["credits_quoted"] == .null)
                #expect(site.statistics().requests[Self.path] == nil, "no generation asks for prices")
                for _ in 0..<3 { _ = try await api.get("/v1/models?refresh=true", token: token) }
                #expect(site.statistics().requests[Self.path] == 1)
                let orders: [(JSONValue, Int64)] = [
                    (["kind": "image", "prompt": "a", "n": 3, "model": "jimeng-4.5"], 9),
                    (["kind": "image", "prompt": "b", "n": 2, "model": "jimeng-5.0", "resolution": "4k"], 8),
                    (["kind": "image", "prompt": "c", "model": "jimeng-mj82"], 4),
                    (["kind": "video", "prompt": "d", "model": "jimeng-video-seedance-2.0-mini", "seconds": 4], 32),
                    (["kind": "video", "prompt": "e", "model": "seedance-2.5-draft", "seconds": 5], 20),
                ]
                for (order, credits) in orders {
                    let record = try await Self.buy(api, token, order)
                    #expect(record["credits_quoted"]?.int == credits, "\(order)")
                    #expect(try await Self.used(api, token, record) == Int(credits), "\(order)")
                }
                #expect(site.statistics().requests[Self.path] == 1)
                #expect(site.statistics().violations.isEmpty)
            }
        }
    }

    @Test func `what a membership has free is quoted at nothing until it is used up`() async throws {
        try await withSandbox { site, base in
            try await TestGateway(upstream: base, flags: Self.flags).run { api in
                let token = "member"
                _ = try await api.get("/v1/models?refresh=true", token: token)
                var quotes: [Int64?] = []
                for number in 1...3 {
                    let record = try await Self.buy(
                        api, token,
                        ["kind": "image", "prompt": .string("fox \(number)"), "n": 4, "model": "jimeng-5.0"])
                    quotes.append(record["credits_quoted"]?.int)
                }
                #expect(quotes == [0, 0, 12])
                #expect(site.statistics().sessions.values.map(\.credits) == [100_000 - 12])
            }
        }
    }
}
