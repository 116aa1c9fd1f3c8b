import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("The list of generations", .timeLimit(.minutes(10)))
struct GenerationListTests {
    /// A gateway that made so many pictures for one caller.
    private func gateway(_ count: Int = 3) async throws -> Gateway {
        let gateway = Gateway()
        for number in 1...count { _ = try await gateway.generate(#"{"prompt":"picture \#(number)"}"#) }
        return gateway
    }

    private static func ids(_ answer: Answer) -> [String?] {
        (answer.json["data"]?.array ?? []).map { $0["id"]?.string }
    }

    @Test("newest first, in pages")
    func pages() async throws {
        let gateway = try await gateway()
        let first = try await gateway.send(.get, "/v1/generations?limit=2")
        #expect(first.status == 200)
        #expect(first.json["object"] == "list")
        #expect(Self.ids(first) == ["gen_000000000003", "gen_000000000002"])
        #expect(first.json["first_id"] == "gen_000000000003")
        #expect(first.json["last_id"] == "gen_000000000002")
        #expect(first.json["has_more"] == true)
        let second = try await gateway.send(.get, "/v1/generations?limit=2&after=video_000000000002")
        #expect(Self.ids(second) == ["gen_000000000001"])
        #expect(second.json["has_more"] == false)
        #expect(Self.ids(try await gateway.send(.get, "/v1/generations?order=asc&limit=1")) == ["gen_000000000001"])
    }

    @Test("an empty list has no ends")
    func empty() async throws {
        let answer = try await Gateway().send(.get, "/api/v1/generations")
        #expect(answer.json == ["object": "list", "data": [], "first_id": nil, "last_id": nil, "has_more": false])
    }

    @Test("a caller sees only its own")
    func owners() async throws {
        let gateway = try await gateway()
        #expect(Self.ids(try await gateway.send(.get, "/v1/generations", token: "sandbox-other")) == [])
        #expect(try await gateway.send(.get, "/v1/generations", token: nil).code == "missing_api_key")
    }

    @Test("filters are handed to the store")
    func filters() async throws {
        let gateway = try await gateway(1)
        let query = "?status=running,completed&kind=image&model=jimeng&limit=0"
        #expect(try await gateway.send(.get, "/v1/generations" + query).status == 200)
        let filter = try #require(gateway.generations.filters.last)
        #expect(filter.states == [.running, .succeeded, .partial])
        #expect(filter.kind == .image)
        #expect(filter.model == "jimeng-4.5")
        #expect(filter.limit == 20)
        #expect(filter.newestFirst)
    }

    @Test(
        "a query that means nothing is refused",
        arguments: [
            ("limit=101", "value_out_of_range", "limit"), ("limit=x", "value_out_of_range", "limit"),
            ("order=up", "invalid_value", "order"), ("status=done", "invalid_value", "status"),
            ("kind=sound", "invalid_value", "kind"), ("after=gen_zzz", "generation_not_found", nil),
            ("after=x", "generation_not_found", nil),
            ("ids=" + Array(repeating: "gen_1", count: 101).joined(separator: ","), "value_out_of_range", "ids"),
        ] as [(String, String, String?)])
    func refusals(_ query: String, _ code: String, _ param: String?) async throws {
        let answer = try await Gateway().send(.get, "/v1/generations?" + query)
        #expect(answer.code == code)
        #expect(answer.error["param"]?.string == param)
    }

    @Test("several are asked for by name, in the order of the names")
    func byName() async throws {
        let gateway = try await gateway()
        let answer = try await gateway.send(
            .get, "/v1/generations?ids=gen_000000000002,gen_unknown,%20video_000000000001,x")
        let data = try #require(answer.json["data"]?.array)
        #expect(data.map { $0["id"]?.string } == ["gen_000000000002", "gen_unknown", "gen_000000000001", "x"])
        #expect(data.map { $0["status"]?.string } == ["succeeded", "not_found", "succeeded", "not_found"])
        let foreign = try await gateway.send(.get, "/v1/generations?ids=gen_000000000002", token: "sandbox-other")
        #expect(foreign.json["data"]?[0]?["status"] == "not_found")
    }
}
