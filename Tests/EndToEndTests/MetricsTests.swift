import Foundation
import GatewayTesting
import SiteSandbox
import Testing
import WireJSON

/// A real scrape, compared with what the simulated site has counted itself.
@Suite(.timeLimit(.minutes(10))) struct MetricsTests {
    private static let flags = [
        "auth.static_keys": "clients-key", "credits.settle_seconds": "1", "credits.settle_gap_seconds": "1",
    ]

    private static func scrape(_ api: APIClient, _ key: String) async throws -> (MetricPage, String) {
        let answer = try await api.get("/metrics", token: key)
        guard answer.status == 200 else { throw TestProblem("no metrics: \(answer.status)") }
        let text = String(decoding: answer.bytes, as: UTF8.self)
        return (try MetricPage(parsing: text), text)
    }

    @Test func `the numbers agree with the site's own`() async throws {
        try await withSandbox { site, base in
            let gateway = try TestGateway(upstream: base, flags: Self.flags)
            try await gateway.run { api in
                let key = try await ScrapeKey.make(gateway, api)
                for token in ["fast", "demo", "moderation-prompt"] {
                    _ = try await api.post(
                        "/v1/images/generations", token: token, ["prompt": "a fox in the snow", "n": 2])
                }
                var (page, text) = try await Self.scrape(api, key)
                // Costs and copies come a little later.
                while page.sum("jimeng_credits_used_total") < 12 || page["jimeng_media_files", [:]] ?? 0 < 1 {
                    try await Task.sleep(for: .milliseconds(50))
                    (page, text) = try await Self.scrape(api, key)
                }
                #expect(page.sum("jimeng_generations_total", ["kind": "image", "status": "succeeded"]) == 2)
                #expect(page.sum("jimeng_generations_total", ["kind": "image", "status": "failed"]) == 1)
                #expect(page.sum("jimeng_generation_duration_seconds_count", ["kind": "image"]) == 2)
                #expect(page["jimeng_submissions_total", ["outcome": "accepted"]] == 2)
                #expect(page["jimeng_submissions_total", ["outcome": "refused"]] == 1)
                #expect(page["jimeng_detection_lag_seconds_count", [:]] == 2)
                let asked = site.statistics().requests
                for (operation, path) in [
                    ("submit", "/mweb/v1/aigc_draft/generate"), ("query", "/mweb/v1/get_history_by_ids"),
                ] {
                    #expect(
                        page.sum("jimeng_upstream_requests_total", ["operation": operation])
                            == Double(asked[path] ?? 0), "\(operation)")
                }
                #expect(
                    page.sum("jimeng_credits_used_total")
                        == site.statistics().sessions.values.reduce(0) { $0 + Double(100_000 - $1.credits) })
                #expect(page["jimeng_queue_depth", [:]] == 0)
                #expect(page.sum("jimeng_generations_active") == 0)
                #expect(page["jimeng_store_up", [:]] == 1)
                #expect(page["jimeng_store_duration_seconds_count", ["operation": "write"]] ?? 0 > 0)
                #expect(page.samples.keys.contains { $0.name == "jimeng_account_credits" })
                #expect(page["process_resident_memory_bytes", [:]] ?? 0 > 1_000_000)
                #expect(page["process_cpu_seconds_total", [:]] ?? 0 > 0)
                #expect(page["process_open_fds", [:]] ?? 0 > 3)
                for secret in [key, "fast", "moderation-prompt", "snow"] { #expect(!text.contains(secret)) }
            }
        }
    }

    @Test func `a session of the site opens nothing, and every metric of the dashboard and the page exists`()
        async throws
    {
        let gateway = try TestGateway(flags: Self.flags)
        try await gateway.run { api in
            let key = try await ScrapeKey.make(gateway, api)
            #expect(try await api.get("/metrics").status == 401)
            for token in ["sandbox-demo", "clients-key"] {
                #expect(try await api.get("/metrics", token: token).status == 403)
            }
            let (page, _) = try await Self.scrape(api, key)
            for name in ["docs/grafana.json", "docs/metrics.md"] {
                let text = try String(contentsOfFile: Self.repository + name, encoding: .utf8)
                let words = text.split { !($0.isASCII && ($0.isLetter || $0 == "_")) }.map(String.init)
                let names = Set(words.filter { $0.hasPrefix("jimeng_") || $0.hasPrefix("process_") })
                #expect(names.count > 10)
                for word in names {
                    var word = word
                    for ending in ["_bucket", "_count", "_sum"] where page.types[word] == nil && word.hasSuffix(ending)
                    {
                        word.removeLast(ending.count)
                    }
                    #expect(page.types[word] != nil, "\(name) names \(word)")
                }
                if name.hasSuffix("md") { #expect(Set(page.types.keys).subtracting(names).isEmpty) }
                if name.hasSuffix("json") { #expect(try JSONValue.parse(Array(text.utf8))["panels"]?.array != nil) }
            }
        }
    }

    private static let repository =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path + "/"
}
