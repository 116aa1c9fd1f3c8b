import GatewayCore
import Pictures
import SiteSandbox
import Testing
import WireJSON

/// A link that the site has signed and that is over is asked for anew, by the uri of a picture and the id of a video.
@Suite(.timeLimit(.minutes(10))) struct DeadLinkTests {
    private static let token = "link-expired"

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var body: JSONValue
        /// Where the site is asked for a fresh link.
        var path: String
        /// By a clock that is behind a dead link still lives: the site's refusal tells.
        var clock: Duration = .zero
    }

    private static let picture: JSONValue = ["prompt": "a fox", "n": 1]
    private static let video: JSONValue = ["kind": "video", "prompt": "waves", "duration": 5]

    private static let cases = [
        Case(testDescription: "a picture", body: picture, path: "/mweb/v1/get_image_by_uri"),
        Case(
            testDescription: "a picture, refused by the site", body: picture, path: "/mweb/v1/get_image_by_uri",
            clock: .seconds(-600)),
        Case(testDescription: "a video", body: video, path: "/mweb/v1/get_video_by_vid"),
        Case(
            testDescription: "a video, refused by the site", body: video, path: "/mweb/v1/get_video_by_vid",
            clock: .seconds(-600)),
    ]

    /// Starts a generation; its record when it has ended.
    private static func end(_ body: JSONValue, on api: APIClient) async throws -> (id: String, record: JSONValue) {
        let started = try await api.post("/v1/generations", token: token, body)
        let id = try #require(started.json["id"]?.string, "\(started.json.serializedString())")
        let record = try await api.end(of: id, token: token)
        #expect(record["status"]?.string == "succeeded")
        return (id, record)
    }

    private static func isWhole(_ bytes: [UInt8], _ body: JSONValue) -> Bool {
        body["kind"]?.string == "video"
            ? bytes.dropFirst(4).starts(with: "ftyp".utf8) : PictureHeader(bytes)?.kind == .webp
    }

    @Test(arguments: cases)
    func `is refreshed when somebody wants the content, once, and written down`(_ given: Case) async throws {
        try await withSandbox(speed: 100) { site, base in
            let gateway = try TestGateway(
                upstream: base, flags: ["media.keep": "false"], time: ShiftedTime(by: given.clock))
            try await gateway.run { api in
                let (id, record) = try await Self.end(given.body, on: api)
                let dead = try #require(record["data"]?[0]?["url"]?.string)
                #expect(try await api.get(dead).status == 403)
                #expect(site.statistics().requests[given.path] == nil)
                for _ in 0..<2 {
                    let content = try await api.get("/v1/generations/\(id)/content/0", token: Self.token)
                    #expect(content.status == 200)
                    #expect(Self.isWhole(content.bytes, given.body))
                    #expect(site.statistics().requests[given.path] == 1)
                }
                let newer = try await api.get("/v1/generations/\(id)", token: Self.token).json
                let fresh = try #require(newer["data"]?[0]?["url"]?.string)
                #expect(fresh != dead)
                #expect(try await api.get(fresh).status == 200)
            }
            #expect(site.statistics().violations.isEmpty)
        }
    }

    @Test(arguments: cases)
    func `is refreshed for the copy`(_ given: Case) async throws {
        try await withSandbox(speed: 100) { site, base in
            let gateway = try TestGateway(upstream: base, time: ShiftedTime(by: given.clock))
            try await gateway.run { api in
                var (id, record) = try await Self.end(given.body, on: api)
                while record["data"]?[0]?["archived_url"] == nil {
                    record = try await api.get("/v1/generations/\(id)", token: Self.token).json
                }
                let content = try await api.get("/v1/generations/\(id)/content/0", token: Self.token)
                #expect(Self.isWhole(content.bytes, given.body))
                #expect(site.statistics().requests[given.path] == 1)
                let fresh = try #require(record["data"]?[0]?["url"]?.string)
                #expect(try await api.get(fresh).status == 200)
            }
            #expect(site.statistics().violations.isEmpty)
        }
    }
}
