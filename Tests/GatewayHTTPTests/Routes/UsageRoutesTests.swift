import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("GET /v1/usage", .timeLimit(.minutes(10)))
struct UsageRoutesTests {
    private static func owner(_ token: String) throws -> String {
        try TokenList(parsing: token, policy: TokenPolicy()).owner(using: TestVault())
    }

    /// A gateway whose book has two settled lines, one that is not, and one of somebody else.
    private func gateway() async throws -> Gateway {
        let gateway = Gateway()
        let owner = try Self.owner("sandbox-demo")
        let lines: [(Int, String, Int, Int?)] = [
            (1, owner, 0, 12), (2, owner, 86_400, 7), (3, owner, 86_400, nil), (4, "somebody", 0, 500),
        ]
        for (number, owner, seconds, cost) in lines {
            var job = Job.sample(
                number, owner: owner, quotedCredits: 5, createdAt: .sample + .seconds(Int64(seconds)))
            _ = try await gateway.usage.insert(job, joining: .never)
            job.account = .sample()
            job.submitID = .sample(number)
            job.submissions = 1
            for (before, state) in [(JobState.queued, JobState.submitting), (.submitting, .succeeded)] {
                job.state = state
                job = try await gateway.usage.save(job, expecting: before, lease: nil)
            }
            guard let cost else { continue }
            try await gateway.usage.settle([
                UsageChange(
                    generation: job.id, cost: CreditCost(.settled, charged: cost, refunded: 1, updatedAt: .sample),
                    checkAt: nil)
            ])
        }
        gateway.time.advance(by: .seconds(2 * 86_400))
        return gateway
    }

    @Test("a caller sees what its own generations have cost, by day")
    func days() async throws {
        let answer = try await gateway().send(.get, "/v1/usage")
        #expect(answer.status == 200)
        #expect(answer.json["object"] == "usage")
        #expect(answer.json["group_by"] == ["day"])
        let days = answer.json["data"]?.array ?? []
        #expect(days.map { $0["day"]?.string } == ["2026-09-21", "2026-09-22"])
        #expect(days.map { $0["credits_used"]?.int } == [11, 6])
        #expect(
            answer.json["total"] == [
                "generations": 3, "succeeded": 3, "failed": 0, "canceled": 0, "credits_used": 17,
                "credits_charged": 19, "credits_refunded": 2, "credits_reserved": 5, "unsettled": 1, "unknown": 0,
            ])
        #expect(answer.json["has_more"] == false)
    }

    @Test("groups, days and the beginning of a day are the caller's choice")
    func query() async throws {
        let gateway = try await gateway()
        let models = try await gateway.send(.get, "/api/v1/usage?group_by=model,kind,key,account")
        #expect(models.json["data"]?.array?.count == 1)
        #expect(models.json["data"]?[0]?["model"] == "jimeng-4.5")
        #expect(models.json["data"]?[0]?["kind"] == "image")
        #expect(models.json["data"]?[0]?["key"]?.string == (try Self.owner("sandbox-demo")))
        let one = try await gateway.send(.get, "/v1/usage?from=2026-09-22&to=2026-09-22&group_by=none")
        #expect(one.json["total"]?["generations"] == 2)
        #expect(one.json["data"]?[0]?["generations"] == 2)
        let shifted = try await gateway.send(.get, "/v1/usage?from=2026-09-22&to=2026-09-23&utc_offset=+14:00")
        #expect(shifted.json["data"]?.array?.map { $0["day"]?.string } == ["2026-09-22", "2026-09-23"])
        let exact = try await gateway.send(.get, "/v1/usage?from=1790000000&to=1790000001")
        #expect(exact.json["total"]?["credits_used"] == 11)
    }

    @Test("another caller sees nothing of it")
    func others() async throws {
        let gateway = try await gateway()
        let answer = try await gateway.send(.get, "/v1/usage", token: "sandbox-other")
        #expect(answer.json["data"] == [])
        #expect(answer.json["total"]?["credits_used"] == 0)
        #expect(try await gateway.send(.get, "/v1/usage", token: nil).code == "missing_api_key")
    }

    @Test(
        "a query that makes no sense is refused",
        arguments: [
            ("from=yesterday", "from"), ("to=2026-02-30", "to"), ("group_by=colour", "group_by"),
            ("utc_offset=nowhere", "utc_offset"), ("utc_offset=+15:00", "utc_offset"),
            ("from=2026-09-22&to=2026-09-20", "from"), ("from=2020-01-01", "from"), ("from=-5", "from"),
        ])
    func refusals(query: String, param: String) async throws {
        let answer = try await Gateway().send(.get, "/v1/usage?" + query)
        #expect(answer.status == 400)
        #expect(answer.json["error"]?["param"]?.string == param)
    }

    @Test("a generation shows its quote and its cost, and the balance that is known")
    func generation() async throws {
        let gateway = Gateway { time in
            FakeGenerations(time: time) { job in
                job.finish()
                job.account = .sample()
                job.cost = CreditCost(.settled, charged: 12, refunded: 2, updatedAt: .sample)
            }
        } _: { _ in
        }
        gateway.balances.record(54, of: .sample(), at: .sample)
        let made = try await gateway.generate()
        #expect(made.json["jimeng"]?["credits_used"] == 10)
        #expect(made.json["jimeng"]?["credits_remaining"] == 54)
        #expect(made.json["jimeng"]?["credits_quoted"] == .null)
        let record = try await gateway.send(.get, "/v1/generations/gen_000000000001")
        #expect(record.json["credits_used"] == 10)
        #expect(record.json["credits_status"] == "settled")
    }
}
