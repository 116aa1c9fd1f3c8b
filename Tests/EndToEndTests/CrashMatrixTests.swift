import Foundation
import NIOCore
import NIOPosix
import Pictures
import SiteSandbox
import Testing
import WireJSON

/// `kill -9` at every place where it can fall. After the restart each job ends right, and the site has seen at most one
/// submission of it.
@Suite("Crash matrix", .timeLimit(.minutes(10))) struct CrashMatrixTests {
    private static let token = "demo"
    /// One picture at a time, so that a second job waits behind the first one; a short look-up, so that the tests end.
    private static let settings = [
        "accounts.max_images": "1", "upstream.lookup_seconds": "3", "credits.settle_seconds": "1",
        "credits.settle_gap_seconds": "1",
    ]

    @Test(arguments: CrashPoint.allCases)
    func `a process that is killed leaves nothing lost and nothing bought twice`(point: CrashPoint) async throws {
        // Charges show up in the ledger 20 seconds later, too late for the one place that is about them.
        let speed = point == .duringTheSettlement ? 40.0 : 1
        try await withSandbox(speed: speed, runSeconds: Int(speed)) { site, base in
            switch point {
            case .beforeTheSubmitLeaves: try await Self.dieWithoutTheSite(point, site, base)
            case .beforeTheJobIsWritten: try await Self.dieDuringTheRequest(point, site, base)
            default: try await Self.dieAtTheSite(point, site, base)
            }
            let session = site.statistics().sessions.values.first
            #expect(session?.submits ?? 0 == point.end.submits)
            #expect(session?.jobs ?? 0 == point.end.submits)
            #expect(site.statistics().violations.isEmpty)
        }
    }

    // MARK: - Ways to die

    /// The exchange is held in front of or behind the site, and the process killed then.
    private static func dieAtTheSite(_ point: CrashPoint, _ site: SandboxServer, _ base: String) async throws {
        let (program, folder) = (try Program(), TestFolder())
        try await HoldingProxy.run(to: base, holding: point.point) { proxy, upstream in
            let first = try program.serve(folder: folder.path, upstream: upstream, settings: settings)
            let api = try await first.client()
            var id = try await start(point, on: api)
            await proxy.reached()
            var blocked: String?
            if point == .afterTheJobIsWritten {
                blocked = id
                id = try await start(point, on: api)
            }
            #expect(try await state(of: id, on: api) == point.state)
            await first.kill()
            await api.shutdown()

            let second = try program.serve(folder: folder.path, upstream: upstream, settings: settings)
            let again = try await second.client()
            try await expectEnd(of: id, as: point, on: again)
            if point == .duringTheSettlement { try await expectCost(of: id, as: site, on: again) }
            if let blocked {
                #expect(try await again.end(of: blocked, token: token)["error"]?["code"]?.string == "interrupted")
            }
            await again.shutdown()
            await second.kill()
        }
    }

    /// Nobody listens in the site's place while the process lives.
    private static func dieWithoutTheSite(_ point: CrashPoint, _ site: SandboxServer, _ base: String) async throws {
        let (program, folder) = (try Program(), TestFolder())
        let port = try await freePort()
        let upstream = "http://127.0.0.1:\(port)"
        let first = try program.serve(folder: folder.path, upstream: upstream, settings: settings)
        let api = try await first.client()
        let id = try await start(point, on: api)
        // Connecting is tried for some seconds.
        while try await state(of: id, on: api) != point.state { try await Task.sleep(for: .milliseconds(20)) }
        await first.kill()
        await api.shutdown()
        try await HoldingProxy.run(to: base, holding: nil, port: port) { _, _ in
            let second = try program.serve(folder: folder.path, upstream: upstream, settings: settings)
            let again = try await second.client()
            try await expectEnd(of: id, as: point, on: again)
            await again.shutdown()
            await second.kill()
        }
    }

    /// Half of the request has arrived.
    private static func dieDuringTheRequest(_ point: CrashPoint, _ site: SandboxServer, _ base: String) async throws {
        let (program, folder) = (try Program(), TestFolder())
        let body: JSONValue = ["prompt": "a fox", "n": 1, "async": true]
        let first = try program.serve(folder: folder.path, upstream: base, settings: settings)
        let half = try await HalfRequest.send(
            to: try await first.port(), path: "/v1/images/generations", token: token, body: body.serialized())
        await first.kill()
        try? await half.close()  // The process closed it.

        let second = try program.serve(folder: folder.path, upstream: base, settings: settings)
        let again = try await second.client()
        #expect(try await again.get("/v1/generations", token: token).json["data"]?.array == [])
        // The client, which heard nothing, asks again.
        let id = try await start(point, on: again)
        try await expectEnd(of: id, as: point, on: again)
        await again.shutdown()
        await second.kill()
    }

    // MARK: - Steps

    private static func start(_ point: CrashPoint, on api: APIClient) async throws -> String {
        var path = "/v1/images/generations"
        var body: JSONObject = ["prompt": "a fox", "n": 1, "async": true]
        if point == .duringTheUpload {
            let picture = FlatPicture(width: 512, height: 512, red: 9, green: 90, blue: 200)?.bytes ?? []
            path = "/v1/images/compositions"
            body["images"] = [.string("data:image/webp;base64," + Data(picture).base64EncodedString())]
        }
        let answer = try await api.post(path, token: token, .object(body))
        guard answer.status == 202, let id = answer.json["id"]?.string else {
            throw TestProblem("not accepted: \(answer.status) \(answer.json.serializedString())")
        }
        return id
    }

    private static func state(of id: String, on api: APIClient) async throws -> String? {
        try await api.get("/v1/generations/\(id)", token: token).json["status"]?.string
    }

    private static func expectEnd(of id: String, as point: CrashPoint, on api: APIClient) async throws {
        let object = try await api.end(of: id, token: token)
        #expect(object["status"]?.string == point.end.state, "\(object.serializedString())")
        guard point.end.state == "succeeded" else {
            #expect(object["error"]?["code"]?.string == "interrupted")
            return
        }
        let content = try await api.get("/v1/generations/\(id)/content/0", token: token)
        #expect(content.status == 200)
        #expect(content.bytes.starts(with: Array("RIFF".utf8)))
    }

    /// The account book says what the site has taken, once, although the answer that told so was lost.
    private static func expectCost(of id: String, as site: SandboxServer, on api: APIClient) async throws {
        let paid = Int64(100_000 - (site.statistics().sessions.values.first?.credits ?? 0))
        while try await api.get("/v1/generations/\(id)", token: token).json["credits_status"]?.string == "pending" {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(paid > 0)
        #expect(try await api.get("/v1/generations/\(id)", token: token).json["credits_used"]?.int == paid)
        let usage = try await api.get("/v1/usage?group_by=none", token: token).json["total"]
        #expect(usage?["credits_charged"]?.int == paid)
        #expect(usage?["generations"]?.int == 1)
    }

    /// A port that nobody listens on.
    private static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }
}
