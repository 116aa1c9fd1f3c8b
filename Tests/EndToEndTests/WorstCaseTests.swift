import SiteSandbox
import Testing
import WireJSON

/// The site at its worst, seen from a client of the gateway: paid once, delivered, and never waited for without a bound.
@Suite(.timeLimit(.minutes(10))) struct WorstCaseTests {
    private static let flags = [
        "upstream.poll_timeout_seconds": "2", "upstream.submit_timeout_seconds": "5", "upstream.lookup_seconds": "3",
    ]

    @Test(arguments: [
        "reset", "reset-submit", "drip", "drip-submit", "flood", "notjson-submit", "strings", "gaps", "skew",
        "ledger-late",
    ])
    func `a picture arrives and is paid once, whatever the site's answers look like`(script: String) async throws {
        try await withSandbox { site, base in
            try await TestGateway(upstream: base, flags: Self.flags).run { api in
                let answer = try await api.post("/v1/images/generations", token: script, ["prompt": "a fox", "n": 2])
                #expect(answer.status == 200, "\(answer.json.serializedString())")
                #expect(answer.json["data"]?.array?.count == 2)
            }
            let session = try #require(site.statistics().sessions.values.first)
            #expect(session.submits == 1)
            #expect(session.jobs == 1)
            #expect(site.statistics().violations.isEmpty)
        }
    }

    @Test(arguments: ["strings", "gaps", "skew"])
    func `a video arrives from answers that are not quite right`(script: String) async throws {
        try await withSandbox { site, base in
            try await TestGateway(upstream: base, flags: Self.flags).run { api in
                let answer = try await api.post("/v1/videos/generations", token: script, ["prompt": "waves"])
                #expect(answer.status == 200, "\(answer.json.serializedString())")
            }
            #expect(site.statistics().sessions.values.first?.jobs == 1)
        }
    }

    @Test func `a result whose download breaks off is fetched again`() async throws {
        try await withSandbox { _, base in
            try await TestGateway(upstream: base, flags: Self.flags.merging(["media.archive": "false"]) { $1 }).run {
                api in
                let answer = try await api.post(
                    "/v1/images/generations", token: "media-reset",
                    ["prompt": "a fox", "n": 1, "response_format": "b64_json"])
                #expect(answer.status == 200, "\(answer.json.serializedString())")
                #expect(answer.json["data"]?[0]?["b64_json"]?.string?.isEmpty == false)
            }
        }
    }

    @Test func `a site that is down keeps the submission open and is not submitted to again`() async throws {
        try await withSandbox { site, base in
            try await TestGateway(upstream: base, flags: Self.flags).run { api in
                let started = try await api.post(
                    "/v1/images/generations", token: "outage", ["prompt": "a fox", "n": 1, "async": true])
                let id = try #require(started.json["id"]?.string)
                // Looks that nobody answers don't count as "not found".
                while site.statistics().requests["/mweb/v1/get_history_by_ids"] ?? 0 < 3 {
                    try await Task.sleep(for: .milliseconds(20))
                }
                let object = try await api.get("/v1/generations/\(id)", token: "outage").json
                #expect(object["status"]?.string == "unknown")
            }
            #expect(site.statistics().requests["/mweb/v1/aigc_draft/generate"] == 1)
        }
    }
}
