import Foundation
import Hummingbird
import Logging
import NIOCore
import ServerConnections
import SiteSandbox
import SiteWire
import Synchronization
import Testing
import WireJSON

/// What arrives at a server in the site's place, compared with the protocol pages field by field.
@Suite(.timeLimit(.minutes(10))) struct WireTests {
    /// The fixed facts of a region (protocol page regions.md, sections 2 and 3).
    struct Expectation: Sendable {
        var region: String
        var aid: Int
        var code: String
        var language: String
        var origin: String
        var referer: String
        var sendsWebID: Bool
    }

    static let expectations = [
        Expectation(
            region: "cn", aid: 513695, code: "cn", language: "zh-Hans", origin: "https://jimeng.jianying.com",
            referer: "https://jimeng.jianying.com/ai-tool/generate?type=image", sendsWebID: true),
        Expectation(
            region: "us", aid: 513641, code: "US", language: "en", origin: "https://dreamina-api.us.capcut.com",
            referer: "https://dreamina.capcut.com/ai-tool/generate?type=image", sendsWebID: false),
        Expectation(
            region: "hk", aid: 513641, code: "HK", language: "en", origin: "https://mweb-api-sg.capcut.com",
            referer: "https://dreamina.capcut.com/ai-tool/generate?type=image", sendsWebID: false),
        Expectation(
            region: "jp", aid: 513641, code: "JP", language: "ja", origin: "https://mweb-api-sg.capcut.com",
            referer: "https://dreamina.capcut.com/ai-tool/generate?type=image", sendsWebID: false),
        Expectation(
            region: "sg", aid: 513641, code: "SG", language: "en", origin: "https://mweb-api-sg.capcut.com",
            referer: "https://dreamina.capcut.com/ai-tool/generate?type=image", sendsWebID: false),
    ]

    @Test(arguments: expectations)
    func `a submission arrives as the site's own page would send it`(expected: Expectation) async throws {
        let seen = try await record { base in
            try await TestGateway(upstream: base).run { api in
                _ = try await api.post(
                    "/v1/images/generations", token: "\(expected.region)-0123456789abcdef",
                    ["prompt": "two ponies", "ratio": "16:9", "n": 2, "seed": 7])
            }
        }
        let submit = try #require(seen.first { $0.path == "/mweb/v1/aigc_draft/generate" })
        #expect(submit.method == "POST")
        var query: [String: String] = [
            "aid": "\(expected.aid)", "device_platform": "web", "region": expected.code, "da_version": "3.3.28",
            "os": "windows", "web_component_open_flag": "1", "web_version": "7.5.0", "aigc_features": "app_lip_sync",
        ]
        if expected.sendsWebID {
            query["webId"] = submit.query["webId"]
            #expect(submit.query["webId"]?.count == 19)
        }
        #expect(submit.query == query)

        let time = submit.headers["device-time"] ?? ""
        #expect(abs((Int64(time) ?? 0) - Int64(Date().timeIntervalSince1970)) < 60)
        let fixed = [
            "accept": "application/json, text/plain, */*", "accept-language": "zh-CN,zh;q=0.9",
            "app-sdk-version": "48.0.0", "appid": "\(expected.aid)", "appvr": "8.4.0", "cache-control": "no-cache",
            "content-type": "application/json", "cookie": "sessionid=0123456789abcdef", "lan": expected.language,
            "loc": expected.region, "origin": expected.origin, "pf": "7", "pragma": "no-cache", "priority": "u=1, i",
            "referer": expected.referer, "sign-ver": "1", "tdid": "", "sec-fetch-site": "same-origin",
            "sign": SiteSign.value(path: submit.path, appVersion: "8.4.0", unixSeconds: Int64(time) ?? 0),
        ]
        for (name, value) in fixed { #expect(submit.headers[name] == value, "\(name)") }
        #expect(submit.headers["accept-encoding"]?.contains("br") == false)

        let body = try JSONValue.parse(submit.body)
        #expect(body["http_common_info"]?["aid"]?.int == Int64(expected.aid))
        #expect(body["extend"]?["root_model"]?.string == "high_aes_general_v40l")
        let draft = try JSONValue.parse(body["draft_content"]?.string ?? "")
        let abilities = draft["component_list"]?[0]?["abilities"]
        #expect(draft["version"]?.string == "3.3.28")
        #expect(abilities?["gen_option"]?["gen_count"]?.int == 2)
        let core = abilities?["generate"]?["core_param"]
        #expect(core?["image_ratio"]?.int == 3)
        #expect(core?["seed"]?.int == 7)
        #expect(core?["large_image_info"]?["width"]?.int == 2560)
        #expect(core?["large_image_info"]?["resolution_type"]?.string == "2k")
        let metrics = try JSONValue.parse(body["metrics_extra"]?.string ?? "")
        #expect(metrics["generateId"] == body["submit_id"])

        let poll = try #require(seen.first { $0.path == "/mweb/v1/get_history_by_ids" })
        #expect(poll.query["region"] == expected.code)
        let asked = try JSONValue.parse(poll.body)
        #expect(asked["submit_ids"]?.array == [body["submit_id"] ?? .null])
        #expect(asked["image_info"]?["format"]?.string == "webp")
    }

    /// One request as it came in.
    struct Seen: Sendable {
        var method: String
        var path: String
        var query: [String: String]
        var headers: [String: String]
        var body: [UInt8]
    }

    /// Runs `work` against a server that notes every request and plays a site whose jobs are done at the first look.
    private func record(_ work: @escaping @Sendable (String) async throws -> Void) async throws -> [Seen] {
        let seen = Mutex<[Seen]>([])
        let note: @Sendable (Request) async throws -> [UInt8] = { request in
            let body = try await request.body.collect(upTo: 1 << 20)
            var query: [String: String] = [:]
            for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
            var headers: [String: String] = [:]
            for field in request.headers { headers[field.name.canonicalName] = field.value }
            let one = Seen(
                method: request.method.rawValue, path: request.uri.path, query: query, headers: headers,
                body: Array(body.readableBytesView))
            seen.withLock { $0.append(one) }
            return one.body
        }
        let router = Router()
        router.post("/mweb/v1/aigc_draft/generate") { request, _ in
            let id = (try? JSONValue.parse(try await note(request)))?["submit_id"]?.string ?? ""
            return Self.answer(["aigc_data": Self.rawRecord(id, status: 20)])
        }
        router.post("/mweb/v1/get_history_by_ids") { request, _ in
            let ids = (try? JSONValue.parse(try await note(request)))?["submit_ids"]?.array ?? []
            return Self.answer(
                .object(JSONObject(ids.map { ($0.string ?? "", Self.rawRecord($0.string ?? "", status: 50)) })))
        }
        let port = PortBox()
        let app = Application(
            router: router, server: .steadyHTTP1(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { await port.set($0.localAddress?.port ?? 0) },
            logger: Logger(label: "site") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await app.run() }
            try await work("http://127.0.0.1:\(await port.value())")
            group.cancelAll()
            while let _ = await group.nextResult() {}
        }
        return seen.withLock { $0 }
    }

    private static func answer(_ data: JSONValue) -> Response {
        let body: JSONValue = ["ret": "0", "errmsg": "success", "systime": "1772260000", "logid": "x", "data": data]
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.serialized())))
    }

    private static func rawRecord(_ id: String, status: Int64) -> JSONValue {
        let item: JSONValue = [
            "common_attr": ["id": "7500000000000000001", "effect_type": 9],
            "image": ["large_images": [["image_url": "http://127.0.0.1:9/a.webp", "width": 2560, "height": 1440]]],
        ]
        return [
            "generate_type": 1, "history_record_id": "13000000000001", "submit_id": .string(id),
            "status": .integer(status), "item_list": status == 50 ? [item, item] : [],
            "task": ["submit_id": .string(id), "status": .integer(status), "finish_time": 0],
            "total_image_count": 2, "finished_image_count": status == 50 ? 2 : 0, "forecast_generate_cost": 0,
        ]
    }
}

/// A port that is known later.
private actor PortBox {
    private var port: Int?
    private var waiting: [CheckedContinuation<Int, Never>] = []

    func set(_ port: Int) {
        self.port = port
        for waiter in waiting { waiter.resume(returning: port) }
        waiting = []
    }

    func value() async -> Int {
        if let port { return port }
        return await withCheckedContinuation { waiting.append($0) }
    }
}
