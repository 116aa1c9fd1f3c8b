import Foundation
import NIOHTTP1
import SiteSandbox
import Testing
import WireJSON

/// A paid generation is never lost and never bought twice, whatever happens to the gateway.
@Suite(.timeLimit(.minutes(10))) struct NoLossTests {
    private static let token = "demo"

    /// Starts `count` generations and returns their ids.
    private static func start(_ count: Int, on api: APIClient) async throws -> [String] {
        try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<count {
                group.addTask {
                    let answer = try await api.post(
                        "/v1/images/generations", token: token,
                        ["prompt": .string("fox \(number)"), "n": 1, "async": true])
                    guard answer.status == 202, let id = answer.json["id"]?.string else {
                        throw TestProblem("not accepted: \(answer.status) \(answer.json.serializedString())")
                    }
                    return id
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `a gateway that is stopped takes up its generations at the next start`() async throws {
        try await withSandbox(speed: 1, runSeconds: 2) { site, base in
            let gateway = try TestGateway(upstream: base)
            let ids = try await gateway.run { api in
                let ids = try await Self.start(20, on: api)
                // Stopped only when the site has them all, so that every one of them must come back.
                while site.statistics().sessions.values.first?.jobs != 20 {
                    try await Task.sleep(for: .milliseconds(10))
                }
                return ids
            }
            try await TestGateway(folder: gateway.folder, upstream: base).run { api in
                for id in ids {
                    let object = try await api.end(of: id, token: Self.token)
                    #expect(object["status"]?.string == "succeeded")
                }
            }
            let session = site.statistics().sessions.values.first
            #expect(session?.submits == 20)
            #expect(session?.jobs == 20)
            #expect(site.statistics().violations.isEmpty)
        }
    }

    @Test func `a killed process loses nothing and buys nothing twice`() async throws {
        let program = try Program()
        try await withSandbox(speed: 1, runSeconds: 3) { site, base in
            let folder = NSTemporaryDirectory() + "jimeng-kill-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let first = try program.serve(folder: folder, upstream: base)
            let api = APIClient(base: "http://127.0.0.1:\(try await first.port())")
            let ids = try await Self.start(50, on: api)
            while site.statistics().sessions.values.first?.jobs != 50 { try await Task.sleep(for: .milliseconds(10)) }
            await first.kill()
            await api.shutdown()

            let second = try program.serve(folder: folder, upstream: base)
            let again = APIClient(base: "http://127.0.0.1:\(try await second.port())")
            for id in ids {
                let object = try await again.end(of: id, token: Self.token)
                #expect(object["status"]?.string == "succeeded")
            }
            await again.shutdown()
            await second.kill()
            #expect(site.statistics().sessions.values.first?.submits == 50)
            #expect(site.statistics().violations.isEmpty)
        }
    }

    @Test func `a hundred generations of one account share their queries`() async throws {
        try await withSandbox(speed: 1, runSeconds: 3) { site, base in
            try await TestGateway(upstream: base, flags: ["upstream.poll_floor_ms": "1000"]).run { api in
                let ids = try await Self.start(100, on: api)
                for id in ids { #expect(try await api.end(of: id, token: Self.token)["status"]?.string == "succeeded") }
            }
            let session = site.statistics().sessions.values.first
            #expect(session?.submits == 100)
            #expect((session?.polls ?? .max) <= 100)
        }
    }

    @Test func `a client's repeat joins the generation it already has`() async throws {
        try await withSandbox { site, base in
            try await TestGateway(upstream: base).run { api in
                let body: JSONValue = ["prompt": "a fox", "n": 1]
                let first = try await api.post(
                    "/v1/images/generations", token: "demo", headers: [("idempotency-key", "k1")], body)
                let again = try await api.post(
                    "/v1/images/generations", token: "demo", headers: [("idempotency-key", "k1")], body)
                let retry = try await api.post(
                    "/v1/images/generations", token: "demo", headers: [("x-stainless-retry-count", "1")], body)
                let other = try await api.post(
                    "/v1/images/generations", token: "demo", headers: [("idempotency-key", "k1")], ["prompt": "a cat"])
                #expect(first.status == 200)
                #expect(again.json["jimeng"]?["generation_id"] == first.json["jimeng"]?["generation_id"])
                #expect(retry.json["jimeng"]?["generation_id"] == first.json["jimeng"]?["generation_id"])
                #expect(again.headers.first(name: "idempotency-replayed") == "true")
                #expect(other.status == 409)
                #expect(site.statistics().sessions.values.first?.submits == 1)
            }
        }
    }
}
