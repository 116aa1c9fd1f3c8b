import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("The sandbox over HTTP", .timeLimit(.minutes(10)))
struct SandboxServerTests {
    private let bench = SiteBench()

    private func server(_ adjust: (inout SandboxConfiguration) -> Void = { _ in }) -> SandboxServer {
        var configuration = SandboxConfiguration()
        configuration.runTime = .seconds(10)
        adjust(&configuration)
        return SandboxServer(
            configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { [clock = bench.clock] in clock.now }, render: SiteBench.flat)
    }

    private func send(_ call: SiteCall, by client: any TestClientProtocol) async throws -> TestResponse {
        var headers = HTTPFields()
        for (name, value) in call.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        let query = call.query.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        return try await client.execute(
            uri: call.path + (query.isEmpty ? "" : "?" + query), method: .post, headers: headers,
            body: ByteBuffer(bytes: call.body))
    }

    private func json(_ response: TestResponse) throws -> JSONValue {
        try JSONValue.parse(Array(response.body.readableBytesView))
    }

    @Test("takes a submission, shows its end and hands out the picture")
    func whole() async throws {
        let body = try bench.submission()
        let id = try #require(body["submit_id"]?.string)
        try await server().application().test(.live) { client in
            let submitted = try await send(bench.call(.generate, body: body), by: client)
            #expect(SiteBench.ret(try json(submitted)) == 0)
            bench.advance(seconds: 60)
            let seen = try json(try await send(bench.call(.history, body: SiteBench.query([id])), by: client))
            let item = try #require(seen["data"]?[id]?["item_list"]?[0])
            let url = try #require(item["image"]?["large_images"]?[0]?["image_url"]?.string)
            // The link leads to where the request came in.
            let path = try #require(url.firstRange(of: "/media/")).lowerBound
            #expect(url[..<path].hasPrefix("http://localhost") || url[..<path].hasPrefix("http://127.0.0.1"))
            let picture = try await client.execute(uri: String(url[path...]), method: .get)
            #expect(picture.status == .ok)
            #expect(picture.headers[.contentType] == "image/webp")
            #expect(String(buffer: picture.body).hasPrefix("2048x2048"))
            let forged = try await client.execute(uri: String(url[path...]) + "x", method: .get)
            #expect(forged.status == .forbidden)
            let unknown = try await client.execute(uri: "/media/nothing", method: .get)
            #expect(unknown.status == .notFound)
        }
    }

    @Test(
        "breaks the connection when a script says so, with and without a job behind it",
        arguments: [("lostanswer", true), ("lostsubmit", false)])
    func drops(script: String, exists: Bool) async throws {
        let server = server()
        let session = "sandbox-" + script
        let body = try bench.submission()
        let id = try #require(body["submit_id"]?.string)
        _ = try await server.application().test(.live) { client in
            await #expect(throws: (any Error).self) {
                _ = try await send(bench.call(.generate, session: session, body: body), by: client)
            }
        }
        try await server.application().test(.router) { client in
            let call = bench.call(.history, session: session, body: SiteBench.query([id]))
            let record = try json(try await send(call, by: client))["data"]?[id]
            #expect((record != nil) == exists)
        }
        #expect(server.statistics().sessions[session]?.submits == 1)
    }

    @Test("counts what it was asked, and shows no session id that could be real")
    func statistics() async throws {
        let secret = "0123456789abcdef0123456789abcdef"
        let body = try bench.submission()
        try await server().application().test(.router) { client in
            _ = try await send(bench.call(.generate, body: body), by: client)
            _ = try await send(bench.call(.generate, session: secret, body: body), by: client)
            _ = try await send(bench.call(.history, body: SiteBench.query(["a", "b"])), by: client)
            let response = try await client.execute(uri: "/__sandbox/stats", method: .get)
            let text = String(buffer: response.body)
            #expect(!text.contains(secret))
            let stats = try JSONValue.parse(text)
            #expect(stats["requests"]?["/mweb/v1/aigc_draft/generate"]?.int == 2)
            #expect(stats["sessions"]?["sandbox-demo"]?["submits"]?.int == 1)
            #expect(stats["sessions"]?["sandbox-demo"]?["polls"]?.int == 1)
            #expect(stats["sessions"]?["sandbox-demo"]?["polled_ids"]?.int == 2)
            #expect(stats["violation_count"]?.int == 0)
        }
    }

    @Test("refuses a body that is too long, a path it does not have and another method")
    func limits() async throws {
        try await server().application().test(.router) { client in
            var call = bench.call(.generate)
            call.body = [UInt8](repeating: 32, count: SandboxRoutes.bodyLimit + 1)
            let tooLong = try await send(call, by: client)
            #expect(tooLong.status == .contentTooLarge)
            let unknown = try await client.execute(uri: "/mweb/v1/nothing", method: .post)
            #expect(unknown.status == .notFound)
            let wrongMethod = try await client.execute(uri: call.path, method: .get)
            #expect(wrongMethod.status != .ok)
        }
    }

    @Test("answers server errors and pages with their HTTP status")
    func pages() async throws {
        try await server().application().test(.router) { client in
            let body = try bench.submission()
            let failed = try await send(bench.call(.generate, session: "sandbox-submit500", body: body), by: client)
            #expect(failed.status == .internalServerError)
            let passport = try await send(bench.call(.account, region: .jp, body: nil), by: client)
            #expect(passport.status == .notFound)
            #expect(passport.headers[.contentType]?.hasPrefix("text/html") == true)
        }
    }

    @Test("names the port it was given by the system, and ends when it is cancelled")
    func port() async throws {
        let server = server()
        let run = Task { try await server.run() }
        let port = try await server.boundPort()
        #expect(port > 0)
        run.cancel()
        _ = await run.result
        #expect(try await server.boundPort() == port)
    }

    @Test("says that there is no port when it cannot listen")
    func noPort() async throws {
        let server = server { $0.host = "203.0.113.1" }
        let run = Task { try await server.run() }
        await #expect(throws: (any Error).self) { try await server.boundPort() }
        await #expect(throws: (any Error).self) { try await run.value }
    }

    @Test("takes the bytes of an upload as they come, without holding them, and hands out its picture")
    func upload() async throws {
        let server = server()
        try await server.application().test(.live) { client in
            let token = try json(try await send(bench.call(.uploadToken, body: ["scene": 2]), by: client))["data"]
            let keys = SiteBench.Keys(
                access: try #require(token?["access_key_id"]?.string),
                secret: try #require(token?["secret_access_key"]?.string),
                token: try #require(token?["session_token"]?.string))
            func storage(_ call: StorageCall) async throws -> TestResponse {
                var headers = HTTPFields()
                for (name, value) in call.headers {
                    if let name = HTTPField.Name(name) { headers[name] = value }
                }
                return try await client.execute(
                    uri: "/?" + call.rawQuery, method: call.method == "GET" ? .get : .post, headers: headers,
                    body: ByteBuffer(bytes: call.body))
            }
            let file = SampleFiles.png(width: 300, height: 200, padding: 3 << 20)
            let applied = try await storage(
                bench.storageCall(.applyImage, keys: keys, parameters: [("FileSize", String(file.count))]))
            let place = try bench.place(StorageAnswer(status: applied.status.code, body: try json(applied)))
            var crc = CRC32()
            file.withUnsafeBytes { crc.add($0) }
            let sum = try #require(HTTPField.Name("Content-CRC32"))
            let stored = try await client.execute(
                uri: "/upload/v1/" + place.uri, method: .post,
                headers: [
                    .authorization: place.authorization, sum: String(crc.value, radix: 16),
                    .contentType: "application/octet-stream",
                ], body: ByteBuffer(bytes: file))
            #expect(try json(stored)["code"]?.int == 2000)
            let body = JSONValue.object(["SessionKey": .string(place.sessionKey)]).serialized()
            let done = try json(try await storage(bench.storageCall(.commitImage, keys: keys, body: body)))
            #expect(done["Result"]?["PluginResult"]?[0]?["ImageWidth"]?.int == 300)
            let refused = try await client.execute(uri: "/?Action=Nothing", method: .get)
            #expect(refused.status == .notFound)
            let unknown = try await client.execute(
                uri: "/upload/v1/tos-cn-i-tb4s082cfz/x", method: .post, body: ByteBuffer(bytes: file))
            #expect(unknown.status == .notFound)
        }
        #expect(server.statistics().sessions["sandbox-demo"]?.uploads == 1)
        #expect(server.statistics().sessions["sandbox-demo"]?.violations == [])
    }

    @Test("hands out a video whole and in parts")
    func ranges() async throws {
        let body = bench.film()
        let id = try #require(body["submit_id"]?.string)
        try await server().application().test(.router) { client in
            #expect(SiteBench.ret(try json(try await send(bench.call(.generate, body: body), by: client))) == 0)
            bench.advance(seconds: 60)
            let seen = try json(try await send(bench.call(.history, body: SiteBench.query([id])), by: client))
            let video = try #require(seen["data"]?[id]?["item_list"]?[0]?["video"])
            let url = try #require(video["transcoded_video"]?["origin"]?["video_url"]?.string)
            let path = try #require(url.dropFirst("http://".count).firstIndex(of: "/"))
            let target = String(url[path...])
            let whole = try await client.execute(uri: target, method: .get)
            #expect(whole.status == .ok)
            #expect(whole.headers[.contentType] == "video/mp4")
            #expect(whole.headers[.acceptRanges] == "bytes")
            let bytes = Array(whole.body.readableBytesView)
            let part = try await client.execute(uri: target, method: .get, headers: [.range: "bytes=4-11"])
            #expect(part.status == .partialContent)
            #expect(part.headers[.contentRange] == "bytes 4-11/\(bytes.count)")
            #expect(Array(part.body.readableBytesView) == Array(bytes[4...11]))
            let beyond = try await client.execute(
                uri: target, method: .get, headers: [.range: "bytes=\(bytes.count)-"])
            #expect(beyond.status == .rangeNotSatisfiable)
            let forged = try await client.execute(uri: target + "0", method: .get)
            #expect(forged.status == .forbidden || forged.status == .notFound)
        }
    }
}
