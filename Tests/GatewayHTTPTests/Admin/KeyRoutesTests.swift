import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite(.timeLimit(.minutes(10))) struct KeyRoutesTests {
    private let subject = KeyedGateway()

    private func send(
        _ method: HTTPRequest.Method, _ path: String = "", token: String? = KeyedGateway.control,
        body: JSONValue? = nil
    ) async throws -> Answer {
        try await subject.gateway.send(
            method, "/dashboard/keys" + path, token: token, headers: [.contentType: "application/json"],
            body: body?.serializedString())
    }

    @Test func `a key is made with its rules, and its secret is shown once`() async throws {
        let made = try await send(
            .post,
            body: [
                "name": " team ", "kinds": ["image"], "models": ["seedream-4.5", "upscale"], "account_tags": "art",
                "regions": ["cn"], "ip_allow_list": ["10.0.0.1"], "requests_per_minute": "30", "jobs_at_once": 2,
                "expires_at": "2030-01-01T00:00:00+08:00", "scopes": ["generate", "admin"],
            ])
        #expect(made.status == 201)
        let secret = try #require(made.json["key"]?.string)
        #expect(try subject.keys.key(for: secret) != nil)
        let id = try #require(made.json["id"]?.string)
        let shown = try await send(.get, "/" + id)
        #expect(shown.json["key"] == nil)
        #expect(!shown.text.contains(secret.dropFirst(10).prefix(20)))
        #expect(shown.json["name"] == "team")
        #expect(shown.json["models"] == ["jimeng-4.5", "upscale"])
        #expect(shown.json["account_tags"] == ["art"])
        #expect(shown.json["ip_allow_list"] == ["10.0.0.1/32"])
        #expect(shown.json["requests_per_minute"] == 30)
        #expect(shown.json["expires_at"] == "2029-12-31T16:00:00Z")
        #expect(shown.json["scopes"] == ["generate", "admin"])
        #expect(shown.json["status"] == "active")
        #expect(!subject.gateway.logs.lines.joined().contains(secret))
    }

    @Test func `a change touches what it names, and null takes a limit away`() async throws {
        _ = try await subject.key { draft in
            draft.rules.requestsPerMinute = 5
            draft.rules.jobsAtOnce = 2
            draft.expiresAt = .sample + .seconds(60)
        }
        let id = try #require(subject.keys.all.first?.id.rawValue)
        let changed = try await send(
            .patch, "/" + id, body: ["enabled": false, "requests_per_minute": .null, "expires_at": .null])
        #expect(changed.json["status"] == "disabled")
        #expect(changed.json["requests_per_minute"] == .some(.null))
        #expect(changed.json["expires_at"] == .some(.null))
        #expect(changed.json["jobs_at_once"] == 2)
        #expect(changed.json["name"] == "team")
    }

    @Test func `a key shows what it used of its credits, what is set aside, and what is left`() async throws {
        let made = try await send(.post, body: ["name": "team", "credits_per_day": 50])
        let id = try #require(made.json["id"]?.string)
        #expect(made.json["credits"]?["day"]?["remaining"] == 50)
        _ = try await subject.gateway.usage.insert(
            .sample(1, owner: id, quotedCredits: 3), joining: .never, reserving: 8)
        _ = try await subject.gateway.usage.insert(
            .sample(2, owner: id, quotedCredits: 20, createdAt: .sample + .seconds(-86_400)), joining: .never)
        for shown in [
            try await send(.get, "/" + id).json, try await send(.get).json["items"]?.array?.first ?? .null,
        ] {
            #expect(
                shown["credits"] == [
                    "day": [
                        "used": 0, "reserved": 8, "limit": 50, "remaining": 42, "resets_at": "2026-09-21T16:00:00Z",
                    ],
                    "month": [
                        "used": 0, "reserved": 28, "limit": .null, "remaining": .null,
                        "resets_at": "2026-09-30T16:00:00Z",
                    ],
                ])
        }
    }

    @Test func `keys come in pages`() async throws {
        for _ in 0..<3 { _ = try await subject.key() }
        let first = try await send(.get, "?limit=2").json
        #expect(first["items"]?.array?.count == 2)
        #expect([first["total"], first["page"], first["limit"], first["totalPages"]] == [3, 1, 2, 2])
        #expect(try await send(.get, "?limit=2&page=2").json["items"]?.array?.count == 1)
        #expect(try await send(.get, "?page=9").json["items"]?.array?.isEmpty == true)
        #expect(try await send(.get, "?limit=0").status == 400)
    }

    @Test func `a rotation gives a new secret and leaves the old one for a while`() async throws {
        let old = try await subject.key()
        let id = try #require(subject.keys.all.first?.id.rawValue)
        let rotated = try await send(.post, "/\(id)/rotate", body: ["overlap_seconds": 60])
        let new = try #require(rotated.json["key"]?.string)
        #expect(new != old)
        #expect(rotated.json["previous_valid_until"] == .string((Timestamp.sample + .seconds(60)).iso8601))
        #expect(try subject.keys.key(for: old) != nil)
        #expect(try await send(.post, "/\(id)/rotate", body: ["overlap_seconds": -1]).status == 400)
    }

    @Test func `a revoked key is gone`() async throws {
        let secret = try await subject.key()
        let id = try #require(subject.keys.all.first?.id.rawValue)
        #expect(try await send(.delete, "/" + id).json["deleted"] == true)
        #expect(try subject.keys.key(for: secret) == nil)
        for method in [HTTPRequest.Method.get, .delete, .patch] {
            let answer = try await send(method, "/" + id, body: method == .patch ? ["name": "x"] : nil)
            #expect(answer.status == 404)
            #expect(answer.code == "key_not_found")
        }
    }

    @Test(
        arguments: [
            ("name", JSONValue.string("")), ("kinds", ["music"]), ("regions", ["mars"]), ("scopes", ["fly"]),
            ("ip_allow_list", ["here"]), ("expires_at", "soon"), ("requests_per_minute", 0), ("jobs_at_once", "many"),
            ("models", [1]), ("account_tags", [""]),
        ] as [(String, JSONValue)])
    func `what can't be meant is told by its field`(name: String, value: JSONValue) async throws {
        var body: JSONObject = ["name": "team"]
        body[name] = value
        let answer = try await send(.post, body: JSONValue.object(body))
        #expect(answer.status == 400)
        #expect(answer.error["param"] == .string(name))
        #expect(subject.keys.all.isEmpty)
    }

    @Test func `only administrators get in`() async throws {
        let plain = try await subject.key { $0.rules.scopes = KeyScope.client }
        let admin = try await subject.key { $0.rules.scopes = [.admin] }
        let cases: [(String?, Int, String?)] = [
            (nil, 401, "not_logged_in"), ("wrong", 403, "insufficient_scope"), (plain, 403, "insufficient_scope"),
            ("sk-jm-wrong", 401, "invalid_api_key"), (admin, 200, nil), (KeyedGateway.control, 200, nil),
        ]
        for (token, status, code) in cases {
            let answer = try await send(.get, token: token)
            #expect(answer.status == status)
            #expect(answer.code == code)
        }
        #expect(try await send(.post, token: plain, body: ["name": "x"]).status == 403)
        #expect(subject.keys.all.count == 2)
    }

    @Test func `pages of other origins are told nothing`() async throws {
        for method in [HTTPRequest.Method.get, .options] {
            let answer = try await subject.gateway.send(
                method, "/dashboard/keys?page=1", token: KeyedGateway.control,
                headers: [.origin: "https://evil.example"])
            #expect(answer["access-control-allow-origin"] == nil)
            #expect(answer["access-control-allow-headers"] == nil)
        }
    }
}
