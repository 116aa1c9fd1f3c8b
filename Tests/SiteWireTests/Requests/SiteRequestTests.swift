import SiteWire
import Testing
import WireJSON

/// Requests against recorded ones.
@Suite struct SiteRequestTests {
    struct Recorded: Sendable {
        var example: String
        var region = SiteRegion.cn
        var build: @Sendable (SiteCaller, Int64) -> SiteRequest
    }

    private static let historyID = "13000000000001"
    private static let submitID = "11111111-1111-4111-8111-111111111111"
    private static let uri = "tos-cn-i-tb4s082cfz/00000000000000000000000000000001"

    @Test(
        "a request equals the recorded one",
        arguments: [
            Recorded(example: "credit.success") { $0.credit(at: $1) },
            Recorded(example: "credit.intl.success", region: .hk) { $0.credit(at: $1) },
            Recorded(example: "credit.missing-credit.fail", region: .us) { $0.credit(at: $1) },
            Recorded(example: "credit-receive.success") { $0.claimCredits(at: $1) },
            Recorded(example: "credit-history.success") { $0.ledger(filter: nil, at: $1) },
            Recorded(example: "account-info.success") { $0.accountInfo(at: $1) },
            Recorded(example: "account-info.intl-404.fail", region: .hk) { $0.accountInfo(at: $1) },
            Recorded(example: "user-info.success") { $0.userInfo(at: $1) },
            Recorded(example: "cancel-generate.success") {
                $0.cancel(historyID: "13000000000004", media: .video, at: $1)
            },
            Recorded(example: "image-by-uri.success") { $0.images(byURI: [uri], at: $1) },
            Recorded(example: "upload-token.image.success") { $0.uploadToken(for: .image, at: $1) },
            Recorded(example: "upload-token.image-intl.success", region: .sg) { $0.uploadToken(for: .image, at: $1) },
            Recorded(example: "upload-token.video.success") { $0.uploadToken(for: .media, at: $1) },
            Recorded(example: "algo-proxy.pass.success") {
                $0.checkPicture(uri: "tos-cn-i-tb4s082cfz/0123456789abcdef0123456789abcdef", at: $1)
            },
            Recorded(example: "common-config.image.success") { $0.imageCatalogue(at: $1) },
            Recorded(example: "common-config.video.success") { $0.videoCatalogue(at: $1) },
            Recorded(example: "history.image.status20.success") { $0.history(historyIDs: [historyID], at: $1) },
            Recorded(example: "history.by-submit-ids.success") { $0.history(submitIDs: [submitID], at: $1) },
            Recorded(example: "generate-image.t2i.success") { $0.generate(body: [], media: .image, at: $1) },
            Recorded(example: "generate-image.t2i-16x9-jp.success", region: .jp) {
                $0.generate(body: [], media: .image, at: $1)
            },
            Recorded(example: "generate-image.nanobanana-us.success", region: .us) {
                $0.generate(body: [], media: .image, at: $1)
            },
            Recorded(example: "local-item-list.success") { $0.localItems(ids: ["7500000000000000099"], at: $1) },
            Recorded(example: "generate-video.first-last.success", region: .hk) {
                $0.generate(body: [], media: .video, at: $1)
            },
            Recorded(example: "generate-video.t2v.success") { $0.generate(body: [], media: .video, at: $1) },
        ])
    func matches(recorded: Recorded) throws {
        let example = try #require(try Vectors.example(recorded.example)["request"])
        let recordedTime = try #require(example["headers"]?["Device-Time"]?.string.flatMap { Int64($0) })
        let request = recorded.build(try Fixtures.caller(recorded.region), recordedTime)
        #expect(request.method.rawValue == example["method"]?.string)
        var bare = request
        bare.query = []
        #expect(bare.url() == example["url"]?.string)
        let query = try #require(example["query"]?.object)
        #expect(Dictionary(uniqueKeysWithValues: request.query.map { ($0.name, $0.value) }) == strings(query))
        for (name, value) in try #require(example["headers"]?.object) where name != "Cookie" {
            #expect(request.header(name) == value.string, "\(name)")
        }
        #expect(request.header("Cookie") == "sessionid=0123456789abcdef0123456789abcdef")
        if let body = request.body, !body.isEmpty {
            #expect(try JSONValue.parse(body) == example["body"])
        } else if request.body == nil {
            #expect(example["body"]?.isNull == true)
            #expect(request.header("Content-Type") == nil)
        }
    }

    @Test("videos are asked for by their ids")
    func videosByID() throws {
        let request = try Fixtures.caller(.cn).videos(byID: ["v1", "v2"], at: 0)
        #expect(request.path == "/mweb/v1/get_video_by_vid")
        #expect(try JSONValue.parse(try #require(request.body)) == ["vids": ["v1", "v2"]])
    }

    @Test("the audit names pictures by URI and videos and sounds by id")
    func audit() throws {
        let caller = try Fixtures.caller(.cn)
        let announced = caller.submitAudit(imageURIs: ["a", "b"], at: 0)
        #expect(announced.path == "/mweb/v1/imagex/submit_audit_job")
        #expect(try JSONValue.parse(try #require(announced.body)) == ["uri_list": ["a", "b"]])
        let asked = caller.audit([.image(uri: "a"), .video(vid: "v"), .audio(vid: "w")], modelKey: "key", at: 0)
        #expect(asked.path == "/mweb/v1/execute_generate_audit")
        #expect(
            try JSONValue.parse(try #require(asked.body)) == [
                "scene": 2, "model_key": "key",
                "material_list": [
                    ["uri": "a", "material_type": 1], ["vid": "v", "material_type": 2],
                    ["vid": "w", "material_type": 3],
                ],
            ])
    }

    @Test("the headers are the documented ones, in order, with encodings that can be decoded")
    func headers() throws {
        let request = try Fixtures.caller(.cn).userInfo(at: 7)
        #expect(
            request.headers.map(\.name) == [
                "Accept", "Accept-Encoding", "Accept-Language", "App-Sdk-Version", "Appid", "Appvr", "Cache-Control",
                "Content-Type", "Cookie", "Device-Time", "Lan", "Loc", "Origin", "Pf", "Pragma", "Priority", "Referer",
                "Sec-Ch-Ua", "Sec-Ch-Ua-Mobile", "Sec-Ch-Ua-Platform", "Sec-Fetch-Dest", "Sec-Fetch-Mode",
                "Sec-Fetch-Site", "Sign", "Sign-Ver", "Tdid", "User-Agent",
            ])
        #expect(request.header("accept-encoding") == "gzip, deflate")
        #expect(request.header("Tdid") == "")
        #expect(request.header("User-Agent")?.contains("Chrome/142.0.0.0") == true)
    }

    @Test("version strings come from the settings, in headers, query and signature")
    func versions() throws {
        let versions = SiteVersions(app: "5.8.0", draftAgent: "3.3.20", web: "8.0.0", appSDK: "50.0.0", chrome: "150")
        let caller = SiteCaller(region: .cn, session: try Fixtures.session(), versions: versions)
        let request = caller.generate(body: [], media: .image, at: 1_733_966_964)
        #expect(request.header("Appvr") == "5.8.0")
        #expect(request.header("Sign") == "efdc94dbbc3ffdba4af73bf203a04c13")
        #expect(request.header("App-Sdk-Version") == "50.0.0")
        #expect(request.header("Sec-Ch-Ua")?.contains("v=\"150\"") == true)
        #expect(request.query.first { $0.name == "da_version" }?.value == "3.3.20")
        #expect(request.query.first { $0.name == "web_version" }?.value == "8.0.0")
    }

    @Test(
        "a claim is for the day it is in the region",
        arguments: [
            (SiteRegion.cn, "Asia/Shanghai"), (.hk, "Asia/Hong_Kong"), (.jp, "Asia/Tokyo"), (.sg, "Asia/Singapore"),
            (.us, "America/Los_Angeles"),
        ])
    func claimZone(region: SiteRegion, zone: String) throws {
        let request = try Fixtures.caller(region).claimCredits(at: 0)
        #expect(request.body.map { String(decoding: $0, as: UTF8.self) } == "{\"time_zone\":\"\(zone)\"}")
    }

    @Test("the URL takes its host from the region or from the base that stands in for it")
    func urls() throws {
        let request = try Fixtures.caller(.us).claimCredits(at: 0)
        let tail = "/commerce/v1/benefits/credit_receive?aid=513641&device_platform=web&region=US"
        #expect(request.url().hasPrefix("https://commerce.us.capcut.com" + tail))
        let base = try #require(SiteBaseURL("http://127.0.0.1:8080/mirror"))
        #expect(request.url(base: base).hasPrefix("http://127.0.0.1:8080/mirror" + tail))
        #expect(request.header("Origin") == "https://commerce.us.capcut.com")
    }

    @Test("query values are percent-encoded")
    func encodesQuery() throws {
        var request = try Fixtures.caller(.us).userInfo(at: 0)
        request.query = [SiteField("a b", "ä&=+/"), SiteField("c", "A-z_0.9~")]
        #expect(request.encodedQuery == "a%20b=%C3%A4%26%3D%2B%2F&c=A-z_0.9~")
    }

    @Test("the fallback form of the balance call has the usual query and referer")
    func usualCreditForm() throws {
        let request = try Fixtures.caller(.cn).credit(form: .usual, at: 0)
        #expect(request.query.contains(SiteField("webId", "7123456789012345678")))
        #expect(request.header("Referer") == "https://jimeng.jianying.com")
    }

    @Test("one history call asks for many tasks by either kind of id")
    func historyBatch() throws {
        let request = try Fixtures.caller(.cn).history(submitIDs: ["a", "b\""], historyIDs: ["1"], at: 0)
        let body = try JSONValue.parse(try #require(request.body))
        #expect(body["submit_ids"] == ["a", "b\""])
        #expect(body["history_ids"] == ["1"])
        #expect(body["image_info"]?["image_scene_list"]?.array?.count == 12)
    }

    @Test("the ledger can be narrowed to what was spent")
    func ledgerFilter() throws {
        let body = try #require(try Fixtures.caller(.cn).ledger(cursor: "40", at: 0).body)
        #expect(try JSONValue.parse(body) == ["count": 20, "cursor": "40", "history_type": 2])
    }

    @Test("the price book is asked for whole, of both kinds of resources, and without a query")
    func priceBook() throws {
        let caller = try Fixtures.caller(.cn)
        let paths = ["/commerce/v3/resource/benefit_metadata", "/commerce/v3/benefits/batch_get_user_benefit"]
        for (request, path) in zip([caller.priceBook(at: 0), caller.benefits(at: 0)], paths) {
            #expect(request.path == path)
            #expect(request.query.isEmpty)
            #expect(
                try JSONValue.parse(try #require(request.body)) == [
                    "query_list": [
                        ["resource_type": "aigc", "resource_id": "get_all", "benefit_type_list": []],
                        ["resource_type": "normal_func", "resource_id": "get_all", "benefit_type_list": []],
                    ]
                ])
        }
    }

    private func strings(_ object: JSONObject) -> [String: String] {
        var result: [String: String] = [:]
        for (name, value) in object { result[name] = value.string }
        return result
    }
}
