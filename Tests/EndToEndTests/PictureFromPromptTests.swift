import Foundation
import NIOHTTP1
import Pictures
import SiteSandbox
import Testing
import WireJSON

/// The way from a request in OpenAI's shape to a picture, over real HTTP on both sides.
@Suite(.timeLimit(.minutes(10))) struct PictureFromPromptTests {
    @Test func `a prompt becomes a WebP of the size asked, as a link and on disk`() async throws {
        let gateway = try TestGateway()
        try await gateway.run { api in
            let answer = try await api.post(
                "/v1/images/generations", token: "sandbox-demo",
                ["prompt": "一座灯塔 at dusk", "model": "jimeng-4.5", "ratio": "16:9", "n": 1])
            #expect(answer.status == 200)
            let item = answer.json["data"]?[0]
            #expect(item?["size"]?.string == "2560x1440")
            let picture = try await api.get(item?["url"]?.string ?? "")
            let header = PictureHeader(picture.bytes)
            #expect(header?.kind == .webp)
            #expect(header?.width == 2560)
            #expect(header?.height == 1440)

            let id = answer.json["jimeng"]?["generation_id"]?.string ?? ""
            var archived: String?
            while archived == nil {
                let object = try await api.get("/v1/generations/\(id)", token: "sandbox-demo").json
                archived = object["data"]?[0]?["archived_url"]?.string
            }
            let kept = try await api.get(archived.map { URL(string: $0)?.relativeReference ?? $0 } ?? "")
            #expect(kept.bytes == picture.bytes)
            #expect(kept.headers.first(name: "content-type") == "image/webp")
        }
    }

    @Test func `b64_json carries the same picture`() async throws {
        try await TestGateway().run { api in
            let answer = try await api.post(
                "/v1/images/generations", token: "sandbox-fast",
                ["prompt": "a fox", "n": 1, "response_format": "b64_json"])
            #expect(answer.status == 200)
            let item = answer.json["data"]?[0]
            #expect(item?["url"] == nil)
            let bytes = Data(base64Encoded: item?["b64_json"]?.string ?? "").map { Array($0) } ?? []
            #expect(PictureHeader(bytes)?.width == 2048)
        }
    }

    @Test(
        arguments: [
            ("1:1", "1k", nil, 1024, 1024), ("4:3", "2k", nil, 2304, 1728), ("21:9", "4k", nil, 6197, 2656),
            (nil, nil, "1024x1536", 1664, 2496), (nil, nil, "4608x3456", 4693, 3520),
        ] as [(String?, String?, String?, Int, Int)])
    func `ratio, resolution and size lead to exact pixels`(
        ratio: String?, resolution: String?, size: String?, width: Int, height: Int
    ) async throws {
        try await TestGateway().run { api in
            var body: JSONObject = ["prompt": "a fox", "n": 1]
            if let ratio { body["ratio"] = .string(ratio) }
            if let resolution { body["resolution"] = .string(resolution) }
            if let size { body["size"] = .string(size) }
            let answer = try await api.post("/v1/images/generations", token: "sandbox-fast", .object(body))
            #expect(answer.status == 200)
            let picture = try await api.get(answer.json["data"]?[0]?["url"]?.string ?? "")
            #expect(PictureHeader(picture.bytes)?.width == width)
            #expect(PictureHeader(picture.bytes)?.height == height)
        }
    }

    @Test(arguments: ["cn", "us", "hk", "jp", "sg"])
    func `every region makes a picture`(region: String) async throws {
        try await TestGateway().run { api in
            let answer = try await api.post(
                "/v1/images/generations", token: "\(region)-sandbox-fast", ["prompt": "a fox", "n": 1])
            #expect(answer.status == 200)
            #expect(answer.json["jimeng"]?["region"]?.string == region)
        }
    }

    /// What each script of the sandbox leads to for a client.
    static let failures: [(String, Int, String)] = [
        ("moderation-prompt", 400, "content_policy_violation"), ("moderation-output", 400, "output_filtered"),
        ("nocredits", 429, "insufficient_credits"), ("daily-limit", 429, "daily_limit_reached"),
        ("dead", 401, "invalid_session"), ("blocked", 403, "account_blocked"), ("risk", 403, "risk_control"),
        ("confirm", 403, "compliance_confirmation_required"), ("permission", 403, "upstream_permission_denied"),
        ("outdated", 502, "upstream_protocol_changed"), ("region", 403, "region_not_allowed"),
        ("fail", 500, "image_generation_failed"), ("empty50", 502, "empty_result"), ("gone", 502, "history_not_found"),
        ("reject10", 400, "content_policy_violation"), ("unknown-status", 500, "image_generation_failed"),
        ("withheld50", 400, "output_filtered"), ("closed", 404, "model_unavailable"), ("vip", 403, "vip_required"),
        ("old-session", 401, "invalid_session"),
    ]

    @Test(arguments: failures)
    func `a failure of the site becomes its stable error`(script: String, status: Int, code: String) async throws {
        try await TestGateway().run { api in
            let answer = try await api.post(
                "/v1/images/generations", token: "sandbox-\(script)", ["prompt": "a fox", "n": 1])
            #expect(answer.status == status)
            #expect(answer.json["error"]?["code"]?.string == code)
            #expect(answer.json["error"]?["generation_id"]?.string != nil)
            #expect(answer.headers.first(name: "x-should-retry") == "false")
        }
    }

    @Test func `a model that wants bought credits says so where only daily ones are left`() async throws {
        try await TestGateway().run { api in
            let old = try await api.post(
                "/v1/images/generations", token: "sandbox-gift-only", ["prompt": "a fox", "model": "jimeng-3.1"])
            #expect(old.status == 429)
            #expect(old.json["error"]?["code"]?.string == "paid_credits_required")
            let new = try await api.post(
                "/v1/images/generations", token: "sandbox-gift-only", ["prompt": "a fox", "n": 1])
            #expect(new.status == 200)
            let uncovered = try await api.post(
                "/v1/images/generations", token: "sandbox-closed",
                ["prompt": "a fox", "n": 1, "resolution": "4k"])
            #expect(uncovered.json["error"]?["code"]?.string == "insufficient_credits")
            #expect(uncovered.json["error"]?["message"]?.string?.contains("4k") == true)
        }
    }

    @Test(arguments: [
        "demo", "fast", "late", "early45", "old10", "daily", "http500", "notjson", "flaky", "lostanswer", "partial",
        "partial30", "ratelimit", "forced4", "clock",
    ])
    func `a script that ends well gives pictures`(script: String) async throws {
        try await withSandbox(speed: 100) { site, base in
            try await TestGateway(upstream: base).run { api in
                let answer = try await api.post(
                    "/v1/images/generations", token: script, ["prompt": "a fox", "n": 2])
                #expect(answer.status == 200, "\(answer.json.serializedString())")
                let statistics = site.statistics()
                #expect(statistics.violations.isEmpty)
                #expect(statistics.sessions.values.first?.jobs == 1)
            }
        }
    }

    @Test func `what the client sends to the site holds up to its strictest checks`() async throws {
        try await withSandbox(speed: 100) { site, base in
            try await TestGateway(upstream: base).run { api in
                for body: JSONValue in [
                    ["prompt": "a fox"], ["prompt": "a fox", "n": 8, "model": "jimeng-5.0"],
                    ["prompt": "a fox", "intelligent_ratio": true],
                    ["prompt": "a \"fox\"\n\\ ﷽ 🦊", "negative_prompt": "cats"],
                    [
                        "prompt": "a fox", "model": "jimeng-4.0", "resolution": "4k", "ratio": "2:3",
                        "seed": 4_294_967_295,
                    ],
                ] {
                    let answer = try await api.post("/v1/images/generations", token: "fast", body)
                    #expect(answer.status == 200, "\(answer.json.serializedString())")
                }
                #expect(site.statistics().violations.isEmpty)
            }
        }
    }
}

extension URL {
    /// Path and query, for asking the server under its real port.
    var relativeReference: String { path + (query.map { "?\($0)" } ?? "") }
}
