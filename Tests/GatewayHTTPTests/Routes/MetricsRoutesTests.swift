import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

/// `GET /metrics`: who may read it, and what requests leave there.
@Suite(.timeLimit(.minutes(10))) struct MetricsRoutesTests {
    private static func gateway(isPublic: Bool = false) -> Gateway { Gateway { $0.metricsArePublic = isPublic } }

    @Test func `it is for keys with its scope, for administrators, or for everybody, and never for sessions`()
        async throws
    {
        let subject = KeyedGateway { $0.tokens.staticKeys = [Secret("clients-key")] }
        #expect(try await subject.gateway.send(.get, "/metrics", token: nil).code == "missing_api_key")
        for token in ["sandbox-demo", "clients-key", try await subject.key()] {
            let answer = try await subject.gateway.send(.get, "/metrics", token: token)
            #expect(answer.status == 403 && answer.code == "insufficient_scope")
        }
        for scope in [KeyScope.metrics, .admin] {
            let key = try await subject.key { $0.rules.scopes = [scope] }
            let answer = try await subject.gateway.send(.get, "/metrics", token: key)
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer["cache-control"] == "no-store")
        }
        #expect(try await Self.gateway(isPublic: true).send(.get, "/metrics", token: nil).status == 200)
    }

    @Test func `requests are counted by route as registered, method and status, errors by code`() async throws {
        let gateway = Self.gateway(isPublic: true)
        for _ in 0..<3 { _ = try await gateway.send(.get, "/ping", token: nil) }
        _ = try await gateway.generate(query: "?keepalive=0")
        _ = try await gateway.send(.get, "/v1/generations/gen_1", token: "sandbox-demo")
        _ = try await gateway.send(.get, "/nowhere/my-secret-path", token: "sandbox-demo")
        let text = try await gateway.send(.get, "/metrics", token: nil).text
        let page = try MetricPage(parsing: text)
        let requests = "jimeng_http_requests_total"
        #expect(page[requests, ["route": "/ping", "method": "GET", "status": "200"]] == 3)
        #expect(page[requests, ["route": "/v1/images/generations", "method": "POST", "status": "200"]] == 1)
        #expect(page[requests, ["route": "/v1/generations/{id}", "method": "GET", "status": "404"]] == 1)
        #expect(page[requests, ["route": "none", "method": "GET", "status": "404"]] == 1)
        #expect(page["jimeng_http_request_duration_seconds_count", [:]] == 3)
        #expect(page["jimeng_errors_total", ["code": "generation_not_found"]] == 1)
        #expect(page["jimeng_errors_total", ["code": "unknown_url"]] == 1)
        #expect(!text.contains("secret") && !text.contains("sandbox-demo") && !text.contains("gen_1"))
    }

    @Test(
        arguments: [
            ("/v1/images/generations", #"{"prompt":"p","stream":true}"#),
            ("/v1/images/generations?keepalive=true", #"{"prompt":"p"}"#),
            ("/v1/chat/completions", #"{"messages":[{"role":"user","content":"p"}],"stream":true}"#),
        ])
    func `an error that follows a head with status 200 counts like every other`(path: String, body: String)
        async throws
    {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.state = .running } }) {
            $0.metricsArePublic = true
        }
        async let answer = gateway.send(
            .post, path, headers: [.contentType: "application/json"], body: body)
        let tick = Timestamp.sample + .seconds(path.hasSuffix("keepalive=true") ? 20 : 10)
        try await gateway.time.waitForSleeper(until: tick)
        gateway.generations.update { $0.fail(.riskControl) }
        #expect(try await answer.status == 200)
        #expect(try await answer.text.contains("risk_control"))
        let page = try MetricPage(parsing: try await gateway.send(.get, "/metrics", token: nil).text)
        #expect(page["jimeng_errors_total", ["code": "risk_control"]] == 1)
        // A record of the failed generation is no error that was answered.
        let id = try #require(gateway.generations.jobs.first?.id.rawValue)
        #expect(try await gateway.send(.get, "/v1/generations/\(id)").status == 200)
        let again = try MetricPage(parsing: try await gateway.send(.get, "/metrics", token: nil).text)
        #expect(again["jimeng_errors_total", ["code": "risk_control"]] == 1)
    }
}
