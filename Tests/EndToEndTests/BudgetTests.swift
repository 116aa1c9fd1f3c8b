import Foundation
import NIOHTTP1
import Testing
import WireJSON

/// A key's budget against generations whose price nobody knows yet.
@Suite(.timeLimit(.minutes(10))) struct BudgetTests {
    private static let flags = ["credits.settle_seconds": "1", "credits.settle_gap_seconds": "1"]

    @Test func `three requests at once can't spend a small budget three times`() async throws {
        let gateway = try TestGateway(flags: Self.flags)
        try await gateway.run { api in
            let file = URL(fileURLWithPath: gateway.folder + "/control.json")
            while !FileManager.default.fileExists(atPath: file.path) { try await Task.sleep(for: .milliseconds(5)) }
            let admin = try JSONValue.parse(Array(try Data(contentsOf: file)))["secret"]?.string
            _ = try await api.post("/dashboard/accounts", token: admin, ["token": "sandbox-fast"])
            let made = try await api.post("/dashboard/keys", token: admin, ["name": "team", "credits_per_day": 7])
            let key = try #require(made.json["key"]?.string)
            let path = "/dashboard/keys/" + (made.json["id"]?.string ?? "")

            let answers = try await withThrowingTaskGroup(of: APIClient.Answer.self) { group in
                for number in 1...3 {
                    group.addTask {
                        try await api.post(
                            "/v1/images/generations", token: key, ["prompt": .string("fox \(number)"), "n": 1])
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let paid = answers.filter { $0.status == 200 }
            #expect(paid.count == 1)
            #expect(paid.first?.json["jimeng"]?["credits_quoted"] == .null)
            #expect(paid.first?.headers.first(name: "x-ratelimit-limit-credits") == "7")
            #expect(paid.first?.headers.first(name: "x-ratelimit-remaining-credits") == "0")
            #expect(
                answers.filter { $0.status == 429 }.map { $0.json["error"]?["code"]?.string }
                    == ["insufficient_quota", "insufficient_quota"])
            var day = try await api.get(path, token: admin).json["credits"]?["day"]
            while day?["reserved"]?.int != 0 {
                day = try await api.get(path, token: admin).json["credits"]?["day"]
            }
            // A picture of the sandbox costs 3, and now that is known.
            #expect(day?["used"] == 3 && day?["remaining"] == 4)
            let next = try await api.post("/v1/images/generations", token: key, ["prompt": "a wolf", "n": 1])
            #expect(next.json["jimeng"]?["credits_quoted"]?.int == 3)
            #expect(next.headers.first(name: "x-ratelimit-remaining-credits") == "1")
            let third = try await api.post("/v1/images/generations", token: key, ["prompt": "a bear", "n": 1])
            #expect(third.status == 429)
            #expect(gateway.logs.text.contains("a budget is nearly used up"))
            #expect(!gateway.logs.text.contains(key))
        }
    }
}
