import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Questions about tokens", .timeLimit(.minutes(10)))
struct TokenRoutesTests {
    private static let balance = CreditBalance(gift: 10, purchase: 2, vip: 0)

    private func post(
        _ path: String, on gateway: Gateway, token: String? = nil, body: String? = nil,
        type: String = "application/json"
    ) async throws -> Answer {
        try await gateway.send(.post, path, token: token, headers: [.contentType: type], body: body)
    }

    // MARK: Check

    @Test(
        "a token is checked, from the body or from the header",
        arguments: [
            (#"{"token":"us-sandbox-a"}"#, "application/json", nil),
            ("token=us-sandbox-a", "application/x-www-form-urlencoded", nil),
            ("{'token':'us-sandbox-a',}", "application/json", nil), ("{}", "application/json", "us-sandbox-a"),
            ("", "application/json", "us-sandbox-a"), (#"{"token":" "}"#, "application/json", "us-sandbox-a"),
        ] as [(String, String, String?)])
    func check(_ body: String, _ type: String, _ header: String?) async throws {
        let gateway = Gateway()
        gateway.upstream.onSessionCheck { account in account.region == .us }
        let answer = try await post("/token/check", on: gateway, token: header, body: body, type: type)
        #expect(answer.status == 200)
        #expect(answer.json == ["live": true])
    }

    @Test("a dead token is no error")
    func dead() async throws {
        let gateway = Gateway()
        gateway.upstream.onSessionCheck { _ in false }
        #expect(try await post("/token/check", on: gateway, body: #"{"token":"sandbox-a"}"#).json == ["live": false])
    }

    @Test("every item of a list is told by itself")
    func checkList() async throws {
        let gateway = Gateway()
        gateway.upstream.onSessionCheck { account throws(GenerationFault) in
            switch account.region {
            case .us: true
            case .hk: false
            default: throw GenerationFault(.upstreamUnreachable)
            }
        }
        let body = #"{"token":"us-sandbox-a, hk-sandbox-b,sandbox-c,http://bad"}"#
        let answer = try await post("/token/check", on: gateway, body: body)
        #expect(answer.status == 200)
        #expect(answer.json["live"] == false)
        let results = try #require(answer.json["results"]?.array)
        #expect(results.map { $0["token"]?.string } == ["us-sandbox-a", "hk-sandbox-b", "sandbox-c", "http://bad"])
        #expect(results.map { $0["live"] ?? "missing" } == [true, false, nil, nil])
        #expect(results.map { $0["region"]?.string } == ["us", "hk", "cn", nil])
        #expect(results[2]["error"]?["code"] == "upstream_unreachable")
        #expect(results[3]["error"]?["code"] == "invalid_proxy")
    }

    @Test("trouble on the way is an error, not a dead token")
    func trouble() async throws {
        let gateway = Gateway()
        gateway.upstream.onSessionCheck { _ throws(GenerationFault) in throw GenerationFault(.upstreamUnreachable) }
        let answer = try await post("/token/check", on: gateway, body: #"{"token":"sandbox-a"}"#)
        #expect(answer.status == 502)
        #expect(answer.code == "upstream_unreachable")
    }

    @Test("no token at all is told as a missing field")
    func missing() async throws {
        let answer = try await post("/token/check", on: Gateway(), body: "{}")
        #expect(answer.status == 400)
        #expect(answer.code == "missing_required_parameter")
        #expect(answer.error["param"] == "token")
    }

    @Test("a key of the gateway is no account")
    func staticKey() async throws {
        let gateway = Gateway { $0.tokens.staticKeys = [Secret("my-own-key")] }
        let answer = try await post("/token/check", on: gateway, body: #"{"token":"my-own-key"}"#)
        #expect(answer.status == 403)
        #expect(answer.code == "insufficient_scope")
    }

    // MARK: Points

    @Test("balances come in the order of the list, each token as it was written")
    func points() async throws {
        let gateway = Gateway()
        gateway.upstream.onCredits { account throws(GenerationFault) in
            if account.region == .hk { throw GenerationFault(.invalidSession) }
            return Self.balance
        }
        let answer = try await post("/token/points", on: gateway, token: "US-sandbox-a,hk-sandbox-b,sandbox-c")
        #expect(answer.status == 200)
        let items = try #require(answer.json.array)
        #expect(items.map { $0["token"]?.string } == ["US-sandbox-a", "hk-sandbox-b", "sandbox-c"])
        #expect(
            items[0]["points"]
                == ["giftCredit": 10, "purchaseCredit": 2, "vipCredit": 0, "totalCredit": 12])
        #expect(items[1]["points"] == .some(.null))
        #expect(items[1]["error"]?["code"] == "invalid_session")
        #expect(items[2]["error"] == nil)
    }

    @Test("when every item fails, the first failure is the answer")
    func allFail() async throws {
        let gateway = Gateway()
        gateway.upstream.onCredits { _ throws(GenerationFault) in throw GenerationFault(.invalidSession) }
        let answer = try await post("/token/points", on: gateway, token: "sandbox-a,sandbox-b")
        #expect(answer.status == 401)
        #expect(answer.code == "invalid_session")
    }

    @Test("balances are kept for a while unless a fresh one is asked for")
    func cached() async throws {
        let gateway = Gateway()
        gateway.upstream.onCredits { _ in Self.balance }
        _ = try await post("/token/points", on: gateway, token: "sandbox-a")
        _ = try await post("/token/points", on: gateway, token: "sandbox-a")
        #expect(gateway.upstream.calls.count == 1)
        _ = try await post("/token/points?refresh=true", on: gateway, token: "sandbox-a")
        #expect(gateway.upstream.calls.count == 2)
    }

    @Test("credits that end are told with their day, and left out where nobody knows")
    func expiring() async throws {
        let gateway = Gateway()
        gateway.upstream.onCredits { account in
            guard account.region == .us else { return Self.balance }
            return CreditBalance(
                gift: 57, purchase: 0, vip: 0,
                expiring: [CreditBalance.Expiry(amount: 57, at: Timestamp(seconds: 1_758_383_999))])
        }
        let answer = try await post("/token/points", on: gateway, token: "us-sandbox-a,sandbox-b")
        #expect(answer.json[0]?["expiring"] == [["amount": 57, "expires_at": 1_758_383_999]])
        #expect(answer.json[1]?["expiring"] == nil)
    }

    @Test("a header is needed", arguments: ["/token/points", "/token/receive"])
    func unauthorized(_ path: String) async throws {
        let answer = try await post(path, on: Gateway())
        #expect(answer.status == 401)
        #expect(answer.code == "missing_api_key")
    }

    // MARK: Receive

    @Test("a claim answers the fresh balance, whatever came of it")
    func receive() async throws {
        let gateway = Gateway()
        gateway.upstream.onCredits { _ in Self.balance }
        gateway.upstream.onClaimDailyCredits { account throws(GenerationFault) -> DailyClaim in
            switch account.region {
            case .us: DailyClaim(received: 66, streakDays: 3)
            case .hk: DailyClaim(received: 0)
            default: throw GenerationFault(.riskControl)
            }
        }
        let answer = try await post("/token/receive", on: gateway, token: "us-sandbox-a,hk-sandbox-b,sandbox-c")
        let items = try #require(answer.json.array)
        #expect(items.map { $0["received"] } == [true, false, false])
        #expect(items.map { $0["credits"]?["totalCredit"] } == [12, 12, 12])
        #expect(items.map { $0["claimed"] } == [66, nil, nil])
        #expect(items.map { $0["streak_days"] } == [3, nil, nil])
        #expect(items[1]["error"] == nil)
        #expect(items[2]["error"]?.string?.contains("risk control") == true)
    }

    @Test("a claim may be for empty accounts only")
    func onlyIfEmpty() async throws {
        let gateway = Gateway()
        gateway.upstream.onCredits { _ in Self.balance }
        let answer = try await post("/token/receive?only_if_empty=true", on: gateway, token: "sandbox-a")
        #expect(answer.json[0]?["received"] == false)
        #expect(gateway.upstream.calls.count == 1)
    }
}
