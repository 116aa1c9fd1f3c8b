import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite(.timeLimit(.minutes(10))) struct GatewayKeyTests {
    @Test func `a key uses the accounts of the pool, under its own name`() async throws {
        let subject = KeyedGateway()
        let key = try await subject.key()
        #expect(try await subject.gateway.generate(token: key).status == 200)
        let request = try #require(subject.gateway.generations.requests.first)
        #expect(request.owner == subject.keys.all.first?.id.rawValue)
        #expect(request.accounts == [FakePool.tagged, FakePool.plain])
    }

    @Test func `sessions beside a key come before the pool`() async throws {
        let subject = KeyedGateway()
        let key = try await subject.key()
        _ = try await subject.gateway.generate(token: "sandbox-mine,\(key)")
        let request = try #require(subject.gateway.generations.requests.first)
        #expect(request.accounts.map { $0.session.reveal() } == ["sandbox-mine", "sandbox-demo-1", "sandbox-demo-2"])
    }

    @Test func `a configured key uses the pool, and nobody needs one where that is allowed`() async throws {
        let subject = KeyedGateway {
            $0.tokens.staticKeys = [Secret("mine")]
            $0.isOpen = true
        }
        for token in ["mine", nil] {
            #expect(try await subject.gateway.generate(token: token).status == 200)
            #expect(subject.gateway.generations.requests.last?.accounts.count == 2)
        }
        #expect(Set(subject.gateway.generations.requests.map(\.owner)).count == 2)
        #expect(try await KeyedGateway().gateway.generate(token: nil).code == "missing_api_key")
    }

    @Test func `tags, regions and headers narrow the pool`() async throws {
        let subject = KeyedGateway()
        let tagged = try await subject.key { $0.rules.accountTags = ["art"] }
        let american = try await subject.key { $0.rules.regions = [.us] }
        let pinning = try await subject.key { $0.rules.scopes = KeyScope.client }
        let account: [HTTPField.Name: String] = [.xJimengAccount: FakePool.plain.id.rawValue]
        let cases: [(String, [HTTPField.Name: String], AccountCredential)] = [
            (tagged, [:], FakePool.tagged), (american, [:], FakePool.plain),
            (pinning, [.xJimengRegion: "US"], FakePool.plain), (pinning, account, FakePool.plain),
        ]
        for (key, fields, expected) in cases {
            var headers = HTTPFields()
            for (name, value) in fields { headers[name] = value }
            #expect(try await subject.gateway.generate(token: key, headers: headers).status == 200)
            #expect(subject.gateway.generations.requests.last?.accounts == [expected])
        }
        let refusals: [(String, HTTPFields, String)] = [
            (tagged, [.xJimengAccount: FakePool.tagged.id.rawValue], "insufficient_scope"),
            (pinning, [.xJimengAccount: "acct_other"], "account_not_found"),
            (pinning, [.xJimengRegion: "mars"], "invalid_value"),
            (tagged, [.xJimengRegion: "us"], "no_available_account"),
        ]
        for (key, headers, code) in refusals {
            #expect(try await subject.gateway.generate(token: key, headers: headers).code == code)
        }
    }

    @Test func `another key's generation is not there, but for administrators`() async throws {
        let subject = KeyedGateway()
        let (mine, other) = (try await subject.key(), try await subject.key())
        let admin = try await subject.key { $0.rules.scopes = [.admin] }
        _ = try await subject.gateway.generate(token: mine)
        let path = "/v1/generations/gen_000000000001"
        for (key, status) in [(mine, 200), (other, 404), ("sandbox-demo", 404), (admin, 200)] {
            #expect(try await subject.gateway.send(.get, path, token: key).status == status)
        }
        for (key, count) in [(mine, 1), (other, 0), (admin, 1)] {
            let list = try await subject.gateway.send(.get, "/v1/generations", token: key)
            #expect(list.json["data"]?.array?.count == count)
        }
        #expect(try await subject.gateway.generate(token: admin).code == "insufficient_scope")
    }

    @Test func `what a key may not do is refused by the name of the permission`() async throws {
        let subject = KeyedGateway()
        let key = try await subject.key { $0.rules.scopes = [.generate] }
        _ = try await subject.gateway.generate(token: key)
        let path = "/v1/generations/gen_000000000001"
        for (method, scope) in [(HTTPRequest.Method.get, "generations:read"), (.delete, "generations:cancel")] {
            let answer = try await subject.gateway.send(method, path, token: key)
            #expect(answer.status == 403)
            #expect(answer.error["message"]?.string?.contains("'\(scope)'") == true)
        }
    }

    @Test func `kinds and models outside the key's list are refused`() async throws {
        let subject = KeyedGateway()
        let videos = try await subject.key { $0.rules.kinds = [.video] }
        let other = try await subject.key { $0.rules.models = ["nanobanana"] }
        for key in [videos, other] {
            let answer = try await subject.gateway.generate(token: key)
            #expect(answer.status == 403)
            #expect(answer.code == "model_not_allowed")
        }
        #expect(subject.gateway.generations.requests.isEmpty)
    }

    @Test func `requests for work are counted and told, looking is free`() async throws {
        let subject = KeyedGateway()
        let key = try await subject.key { $0.rules.requestsPerMinute = 2 }
        let first = try await subject.gateway.generate(token: key)
        #expect(first["x-ratelimit-limit-requests"] == "2")
        #expect(first["x-ratelimit-remaining-requests"] == "1")
        #expect(first["x-ratelimit-reset-requests"] == "30s")
        #expect(try await subject.gateway.generate("{", token: key)["x-ratelimit-remaining-requests"] == "0")
        let refused = try await subject.gateway.generate(token: key)
        #expect(refused.status == 429)
        #expect(refused.code == "rate_limit_exceeded")
        #expect(refused["retry-after"] == "30")
        #expect(refused["x-should-retry"] == "true")
        #expect(refused["x-ratelimit-reset-requests"] == "1m0s")
        #expect(try await subject.gateway.send(.get, "/v1/generations", token: key).status == 200)
        subject.gateway.time.advance(by: .seconds(30))
        #expect(try await subject.gateway.generate(token: key).status == 200)
    }

    @Test func `what is left of the tightest budget is told, on refusals too`() async throws {
        let subject = KeyedGateway()
        let key = try await subject.key { draft in
            draft.rules.creditsPerDay = 50
            draft.rules.creditsPerMonth = 60
        }
        let owner = try #require(subject.keys.all.first?.id.rawValue)
        let usage = subject.gateway.usage
        let first = try await subject.gateway.generate(token: key)
        #expect(first["x-ratelimit-limit-credits"] == "50")
        #expect(first["x-ratelimit-remaining-credits"] == "50")
        // The sample instant is a quarter past ten in the evening in China.
        #expect(first["x-ratelimit-reset-credits"] == "1h46m40s")
        _ = try await usage.insert(
            .sample(1, owner: owner, createdAt: .sample + .seconds(-86_400)), joining: .never, reserving: 45)
        let second = try await subject.gateway.generate(token: key)
        #expect(second["x-ratelimit-limit-credits"] == "60")
        #expect(second["x-ratelimit-remaining-credits"] == "15")
        subject.gateway.generations.refuse(
            with: CreditStanding(period: .day, spent: SpentCredits(settled: 50), limit: 50, resetsAt: .sample))
        let refused = try await subject.gateway.generate(token: key)
        #expect(refused.code == "insufficient_quota")
        #expect(refused["x-ratelimit-remaining-credits"] == "15")
        let free = try await subject.key()
        #expect(try await subject.gateway.generate(token: free)["x-ratelimit-limit-credits"] == nil)
    }

    @Test func `a key has so many generations at once`() async throws {
        let subject = KeyedGateway(plan: { $0.state = .running }, { _ in })
        let key = try await subject.key { $0.rules.jobsAtOnce = 1 }
        let body = #"{"prompt":"a lighthouse","async":true}"#
        #expect(try await subject.gateway.generate(body, token: key).status == 202)
        let refused = try await subject.gateway.generate(body, token: key)
        #expect(refused.status == 429)
        #expect(refused.code == "concurrency_limit_exceeded")
        #expect(refused["retry-after"] == "5")
    }

    @Test func `disabled, expired and unknown keys are told apart`() async throws {
        let subject = KeyedGateway()
        let disabled = try await subject.key { $0.isEnabled = false }
        let expired = try await subject.key { $0.expiresAt = .sample }
        let unknown = "sk-jm-" + String(repeating: "a", count: 40)
        for (key, code) in [(disabled, "api_key_disabled"), (expired, "api_key_expired"), (unknown, "invalid_api_key")]
        {
            let answer = try await subject.gateway.generate(token: key)
            #expect(answer.status == 401)
            #expect(answer.code == code)
        }
    }

    @Test func `a key with listed addresses counts only from there`() async throws {
        let subject = KeyedGateway { $0.trustsForwardedHeaders = true }
        let network = try #require(IPNetwork("10.0.0.0/8"))
        let key = try await subject.key { $0.rules.networks = [network] }
        let near = try await subject.gateway.generate(token: key, headers: [.xForwardedFor: "8.8.8.8, 10.1.1.1"])
        #expect(near.status == 200)
        let far = try await subject.gateway.generate(token: key, headers: [.xForwardedFor: "10.1.1.1, 8.8.8.8"])
        #expect(far.code == "ip_not_allowed")
        #expect(try await subject.gateway.generate(token: key).code == "ip_not_allowed")
    }

    @Test func `a pool without an account that fits says so`() async throws {
        let subject = KeyedGateway(poolIsEmpty: true)
        let answer = try await subject.gateway.generate(token: try await subject.key())
        #expect(answer.status == 503)
        #expect(answer.code == "no_available_account")
    }

    @Test(arguments: [
        (Duration.zero, "0s"), (.milliseconds(850), "850ms"), (.milliseconds(1001), "2s"), (.seconds(60), "1m0s"),
        (.seconds(3605), "1h0m5s"),
    ])
    func `waits are written as OpenAI writes them`(wait: Duration, text: String) {
        #expect(RateHeaders.text(of: wait) == text)
    }
}
