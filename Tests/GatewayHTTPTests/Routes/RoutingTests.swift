import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Routing", .timeLimit(.minutes(10)))
struct RoutingTests {
    @Test("the routes are these and no others, and those below /v1 are below /api/v1 too")
    func routes() {
        let routes = Gateway().router.routes
        let twins = routes.filter { $0.contains(" /api/") }
        #expect(twins.map { $0.replacing(" /api/", with: " /") } == routes.filter { $0.contains(" /v1/") })
        #expect(
            Set(routes).subtracting(twins) == [
                "GET /", "GET /ping", "GET /favicon.ico", "GET /health", "GET /ready", "GET /openapi.json", "GET /docs",
                "GET /metrics", "GET /v1/models",
                "GET /v1/models/:id", "POST /v1/images/generations", "POST /v1/images/compositions",
                "POST /v1/images/edits", "POST /v1/images/upscale", "POST /v1/images/outpaint",
                "GET /v1/images/generations/:id", "POST /v1/videos/generations", "GET /v1/videos/generations/:id",
                "POST /v1/video/generations", "GET /v1/video/generations/:id", "POST /v1/videos", "GET /v1/videos",
                "GET /v1/videos/:id", "DELETE /v1/videos/:id", "GET /v1/videos/:id/content",
                "POST /v1/videos/:id/remix", "POST /v1/chat/completions", "POST /v1/generations",
                "GET /v1/generations", "GET /v1/generations/:id", "GET /v1/generations/:id/events",
                "GET /v1/generations/:id/content/:n", "DELETE /v1/generations/:id", "POST /token/check",
                "POST /token/points", "POST /token/receive", "GET /media/:file", "GET /v1/usage",
            ])
    }

    @Test("a path is found with and without /api and trailing slashes")
    func paths() async throws {
        let gateway = Gateway()
        for path in ["/v1/models", "/api/v1/models", "/v1/models/", "/api/v1/models//"] {
            #expect(try await gateway.send(.get, path, token: nil).status == 200, "\(path)")
        }
        #expect(try await gateway.send(.get, "/V1/models", token: nil).status == 404)
    }

    @Test("an unknown path is told with method and path, without the query")
    func unknown() async throws {
        let answer = try await Gateway().send(.get, "/v1/nothing?token=secret", token: nil)
        #expect(answer.status == 404)
        #expect(answer.code == "unknown_url")
        #expect(answer.error["message"] == "Unknown request URL: GET /v1/nothing.")
        #expect(answer["x-should-retry"] == "false")
    }

    @Test(
        "another method is told with those that work",
        arguments: [
            (HTTPRequest.Method.delete, "/v1/models", "GET, HEAD, OPTIONS"),
            (.get, "/v1/images/generations", "POST, OPTIONS"),
            (.put, "/api/v1/generations/gen_1/", "GET, HEAD, DELETE, OPTIONS"), (.post, "/ping", "GET, HEAD, OPTIONS"),
        ])
    func methods(_ method: HTTPRequest.Method, _ path: String, _ allow: String) async throws {
        let answer = try await Gateway().send(method, path)
        #expect(answer.status == 405)
        #expect(answer.code == "method_not_allowed")
        #expect(answer["allow"] == allow)
    }

    @Test(
        "endpoints of the interface that are not served say so",
        arguments: [
            "/v1/images/variations", "/v1/embeddings", "/v1/audio/speech", "/v1/responses", "/v1/responses/1",
            "/v1/completions", "/v1/videos/edits", "/api/v1/images/variations", "/v1/files/1",
        ])
    func unserved(_ path: String) async throws {
        let answer = try await Gateway().send(.post, path)
        #expect(answer.status == 501)
        #expect(answer.code == "unsupported_endpoint")
        #expect(answer["x-should-retry"] == "false")
    }

    @Test("HEAD answers as GET without the body")
    func head() async throws {
        for path in ["/v1/models", "/ping", "/health", "/"] {
            let get = try await Gateway().send(.get, path, token: nil)
            let head = try await Gateway().send(.head, path, token: nil)
            #expect(head.status == 200)
            #expect(head.text.isEmpty)
            #expect(head["content-type"] == get["content-type"])
            #expect(head["content-length"] == get["content-length"], "\(path)")
        }
    }

    @Test("browsers of any origin may call and read the headers")
    func crossOrigin() async throws {
        let answer = try await Gateway().send(.get, "/v1/models", token: nil, headers: [.origin: "https://a.example"])
        #expect(answer["access-control-allow-origin"] == "*")
        #expect(answer["access-control-expose-headers"]?.contains("x-request-id") == true)
        let preflight = try await Gateway().send(
            .options, "/v1/images/generations", token: nil,
            headers: [
                .origin: "https://a.example",
                .accessControlRequestHeaders: "Authorization, X-Stainless-Lang, x-stainless-b@d, x-other",
            ])
        #expect(preflight.status == 204)
        #expect(preflight["access-control-allow-origin"] == "*")
        #expect(preflight["access-control-max-age"] == "86400")
        let allowed = try #require(preflight["access-control-allow-headers"])
        #expect(allowed.contains("idempotency-key"))
        #expect(allowed.hasSuffix(", x-stainless-lang"))
    }

    @Test("origins can be narrowed, for answers and errors alike")
    func narrowedOrigins() async throws {
        let gateway = Gateway { $0.corsOrigins = ["https://a.example"] }
        for path in ["/v1/models", "/nothing"] {
            let known = try await gateway.send(.get, path, token: nil, headers: [.origin: "https://a.example"])
            #expect(known["access-control-allow-origin"] == "https://a.example")
            #expect(known["vary"]?.contains("origin") == true)
            let other = try await gateway.send(.get, path, token: nil, headers: [.origin: "https://b.example"])
            #expect(other["access-control-allow-origin"] == nil)
        }
        #expect(try await gateway.send(.get, "/ping", token: nil)["access-control-allow-origin"] == nil)
    }

    @Test(
        "a well-formed request id is taken over, any other replaced",
        arguments: [("abc-DEF_1", true), ("", false), ("a b", false), (String(repeating: "x", count: 129), false)])
    func requestIDs(_ id: String, _ isTaken: Bool) async throws {
        for path in ["/ping", "/v1/models", "/nothing"] {
            var headers = HTTPFields()
            headers[.xRequestID] = id
            let answer = try await Gateway().send(.get, path, token: nil, headers: headers)
            let given = try #require(answer["x-request-id"])
            if isTaken {
                #expect(given == id)
            } else {
                #expect(given.wholeMatch(of: /req_[0-9a-z]{24}/) != nil, "\(given)")
            }
        }
    }

    @Test("two requests get two ids")
    func distinctIDs() async throws {
        let gateway = Gateway()
        let first = try await gateway.send(.get, "/ping", token: nil)["x-request-id"]
        #expect(try await gateway.send(.get, "/ping", token: nil)["x-request-id"] != first)
    }

    @Test("answers carry what OpenAI's libraries look for")
    func commonHeaders() async throws {
        let answer = try await Gateway().send(.get, "/v1/models", token: nil)
        #expect(answer["openai-version"] == "2020-10-01")
        #expect(answer["openai-processing-ms"] == "0")
    }

    @Test("ping is pong")
    func ping() async throws {
        let answer = try await Gateway().send(.get, "/ping", token: nil)
        #expect(answer.status == 200)
        #expect(answer.text == "pong")
        #expect(answer["content-type"] == "text/plain; charset=utf-8")
        #expect(try await Gateway().send(.get, "/ping/", token: nil).text == "pong")
    }

    @Test("the root describes the service")
    func root() async throws {
        let answer = try await Gateway().send(.get, "/", token: nil)
        #expect(answer.json["service"] == "jimeng-gateway")
        #expect(answer.json["version"] == "1.2.3")
        #expect(answer["vary"]?.contains("accept") == true)
    }

    @Test("health tells the store, the accounts and the queue")
    func health() async throws {
        let gateway = Gateway()
        gateway.time.advance(by: .seconds(90))
        let answer = try await gateway.send(.get, "/health", token: nil)
        #expect(answer.status == 200)
        #expect(answer.json["status"] == "ok")
        #expect(answer.json["uptime_seconds"] == 90)
        #expect(answer.json["checks"]?["queue"] == ["waiting": 3, "running": 1])
        #expect(answer.json["checks"]?["database"] == "ok")
    }

    @Test("a draining server is not ready", arguments: [false, true])
    func ready(_ isDraining: Bool) async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0, isDraining: isDraining) })
        #expect(try await gateway.send(.get, "/ready", token: nil).status == (isDraining ? 503 : 200))
    }

    @Test("a store that takes no writes makes the server unready, and both routes name it until it is well again")
    func unwritable() async throws {
        let gateway = Gateway()
        gateway.store.fail(StoreFault(.unavailable, detail: "the disk is full"))
        let named: JSONValue = [["name": "database", "reason": "the disk is full"]]
        let (health, ready) = (
            try await gateway.send(.get, "/health", token: nil), try await gateway.send(.get, "/ready", token: nil)
        )
        #expect(health.status == 503 && ready.status == 503)
        #expect(health.json["status"] == "down" && ready.json["status"] == "not_ready")
        #expect(health.json["ready"] == false)
        #expect(health.json["checks"]?["database"] == "down")
        #expect(health.json["not_ready"] == named && ready.json["not_ready"] == named)
        gateway.store.fail(nil)
        #expect(try await gateway.send(.get, "/ready", token: nil).json == ["status": "ready"])
        let again = try await gateway.send(.get, "/health", token: nil)
        #expect(again.status == 200)
        #expect(again.json["ready"] == true && again.json["not_ready"] == [])
    }

    @Test("a draining server names itself as what is not ready")
    func draining() async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0, isDraining: true) })
        let answer = try await gateway.send(.get, "/ready", token: nil)
        #expect(answer.json["status"] == "draining")
        #expect(answer.json["not_ready"] == [["name": "engine", "reason": "the server is stopping"]])
    }

    @Test("every request is one log line with its ids and nothing of its headers")
    func accessLog() async throws {
        let gateway = Gateway()
        let answer = try await gateway.generate(query: "?keepalive=0", headers: [.xRequestID: "my-id"])
        #expect(answer.status == 200)
        let line = try #require(gateway.logs.lines.last)
        #expect(
            line
                == "info request generation.id=gen_000000000001 http.duration_ms=0 http.method=POST "
                + "http.route=/v1/images/generations http.status=200 request.id=my-id")
        #expect(gateway.logs.lines.count == 1)
    }

    @Test("load balancers and an unwilling configuration write no lines")
    func quiet() async throws {
        let gateway = Gateway()
        _ = try await gateway.send(.get, "/ping", token: nil)
        _ = try await gateway.send(.get, "/health", token: nil)
        #expect(gateway.logs.lines.filter { !$0.hasPrefix("debug") } == [])
        let silent = Gateway { $0.logsRequests = false }
        _ = try await silent.generate()
        #expect(silent.logs.lines == [])
    }
}
