import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("Uploads")
struct UploadTests {
    @Test("of a picture give a URI with what the bytes say", arguments: SiteRegion.allCases)
    func picture(region: SiteRegion) throws {
        let bench = SiteBench()
        let result = try bench.upload(SampleFiles.png(width: 640, height: 480), isImage: true, region: region)
        let plugin = try #require(result["PluginResult"]?[0])
        #expect(plugin["ImageWidth"]?.int == 640)
        #expect(plugin["ImageHeight"]?.int == 480)
        #expect(plugin["ImageFormat"]?.string == "png")
        #expect(plugin["ImageUri"] == result["Results"]?[0]?["Uri"])
        #expect(result["Results"]?[0]?["UriStatus"]?.int == 2000)
        let uri = try #require(result["Results"]?[0]?["Uri"]?.string)
        #expect(uri.hasPrefix(region == .cn ? "tos-cn-i-tb4s082cfz/" : "tos-alisg-i-wopfjsm1ax-sg/"))
        // A fresh link leads to a picture of that size.
        let answer = try bench.json(.imageByURI, region: region, body: ["uris": [.string(uri)]])
        let image = try #require((answer["uri2image"] ?? answer["data"]?["uri2image"])?[uri])
        #expect(image["width"]?.int == 640)
        #expect(bench.site.statistics.violations == [])
    }

    @Test("of a video and of sounds give an id, and the length in seconds with a fraction")
    func clips() throws {
        let bench = SiteBench()
        let film = try bench.upload(try SampleFiles.mp4(), isImage: false)["Results"]?[0]
        #expect(film?["Vid"]?.string?.count == 32)
        #expect(film?["VideoMeta"]?["Duration"]?.double == 5.35)
        #expect(film?["VideoMeta"]?["Width"]?.int == 640)
        let sound = try bench.upload(SampleFiles.wav(milliseconds: 4_200), isImage: false)["Results"]?[0]
        #expect(sound?["VideoMeta"]?["Duration"]?.double == 4.2)
        #expect(sound?["VideoMeta"]?["Width"] == nil)
        #expect(bench.site.statistics.violations == [])
    }

    @Test("name their host in one of two ways in turn")
    func hosts() throws {
        let bench = SiteBench()
        let keys = try bench.keys()
        let forms = (0..<4).map { _ in bench.apply(isImage: true, size: 1, keys: keys).body["Result"]?["UploadAddress"]
        }
        #expect(forms.map { $0?["UploadHosts"] != nil } == [true, false, true, false])
        #expect(forms.map { $0?["UploadHost"] != nil } == [false, true, false, true])
    }

    @Test("can use one key many times until it ends")
    func expiry() throws {
        let bench = SiteBench()
        let keys = try bench.keys()
        #expect(bench.apply(isImage: true, size: 1, keys: keys).status == 200)
        bench.advance(seconds: 3_599)
        #expect(bench.apply(isImage: false, size: 1, keys: keys).status == 200)
        bench.advance(seconds: 1)
        let late = bench.apply(isImage: true, size: 1, keys: keys)
        #expect(late.status == 401)
        #expect(late.body["ResponseMetadata"]?["Error"]?["CodeN"]?.int == 100_009)
        #expect(bench.site.statistics.violations == [])
    }

    @Test(
        "signed for another region or service, or against another space, are refused",
        arguments: [
            ("us-east-1", "tb4s082cfz", 100_010), ("cn-north-1", "wopfjsm1ax", 100_013),
            ("cn-north-1", "tb4s082cfz", nil),
        ] as [(String, String, Int64?)])
    func scope(signingRegion: String, space: String, code: Int64?) throws {
        let bench = SiteBench()
        let keys = try bench.keys()
        var call = bench.storageCall(
            .applyImage, keys: keys, signingRegion: signingRegion, parameters: [("FileSize", "1")])
        if space != "tb4s082cfz" {
            call = bench.storageCall(
                .applyImage, keys: keys, region: .us, signingRegion: signingRegion, parameters: [("FileSize", "1")])
        }
        #expect(bench.site.storage(call).body["ResponseMetadata"]?["Error"]?["CodeN"]?.int == code)
        #expect(bench.site.statistics.violationCount == (code == nil ? 0 : 1))
    }

    @Test("refuse unknown actions, methods, sizes and session keys with their codes")
    func malformed() throws {
        let bench = SiteBench()
        let keys = try bench.keys()
        func code(_ call: StorageCall) -> Int64? {
            bench.site.storage(call).body["ResponseMetadata"]?["Error"]?["CodeN"]?.int
        }
        for size in ["0", "-1", "x", "999999999999"] {
            #expect(code(bench.storageCall(.applyImage, keys: keys, parameters: [("FileSize", size)])) == 100_002)
        }
        #expect(code(bench.storageCall(.applyImage, keys: keys)) == 100_002)
        #expect(code(bench.storageCall(.applyClip, keys: keys, parameters: [("FileSize", "1")])) == 100_002)
        let unknown = JSONValue.object(["SessionKey": "sandbox-1-x"]).serialized()
        #expect(code(bench.storageCall(.commitImage, keys: keys, body: unknown)) == 100_002)
        #expect(code(bench.storageCall(.commitImage, keys: keys, body: [])) == 100_002)
        var call = bench.storageCall(.applyImage, keys: keys, parameters: [("FileSize", "1")])
        call.method = "POST"
        #expect(code(call) == 100_008)
        call.rawQuery = "Action=Nothing"
        #expect(code(call) == 100_008)
        call = bench.storageCall(.applyImage, keys: keys, parameters: [("FileSize", "1")])
        call.headers["cookie"] = "sessionid=x"
        #expect(code(call) == 100_013)
        call.headers["authorization"] = nil
        #expect(code(call) == 100_005)
    }

    @Test("take bytes only with their authorization, sum and length")
    func bytes() throws {
        let bench = SiteBench()
        let keys = try bench.keys()
        let file = SampleFiles.png()
        let place = try bench.place(bench.apply(isImage: true, size: file.count, keys: keys))
        #expect(place.host == "127.0.0.1:5999")
        #expect(bench.store(file, at: place, ["authorization": "SpaceKey/x"]).body["code"]?.int == 4_003)
        #expect(bench.store(file, at: place, ["content-crc32": "00000001"]).body["code"]?.int == 4_010)
        #expect(bench.store(file, at: place, ["content-crc32": nil as String?]).body["code"]?.int == 4_010)
        #expect(bench.store(file + [1], at: place).body["code"]?.int == 4_011)
        #expect(bench.store(file, at: place, ["content-type": "image/png"]).body["code"]?.int == 4_000)
        #expect(bench.site.statistics.violationCount == 5)
        var elsewhere = place
        elsewhere.uri = String(place.uri.dropLast()) + (place.uri.hasSuffix("0") ? "1" : "0")
        #expect(bench.store(file, at: elsewhere).status == 404)
        // Without bytes there is nothing to commit.
        let early = bench.commit(place, isImage: true, keys: keys).body["Result"]
        #expect(early?["Results"]?[0]?["UriStatus"]?.int == 2001)
        let stored = bench.store(file, at: place)
        #expect(stored.status == 200)
        #expect(stored.body["data"]?["crc32"]?.string?.count == 8)
        let done = bench.commit(place, isImage: true, keys: keys).body["Result"]
        #expect(done?["Results"]?[0]?["UriStatus"]?.int == 2000)
    }

    @Test("of something unreadable end without a result")
    func unreadable() throws {
        let bench = SiteBench()
        let text = Array("no picture at all".utf8)
        #expect(try bench.upload(text, isImage: true)["Results"]?[0]?["UriStatus"]?.int == 2001)
        #expect(try bench.upload(text, isImage: false)["Results"]?.array?.isEmpty == true)
        #expect(try bench.upload(SampleFiles.png(), isImage: false)["Results"]?.array?.isEmpty == true)
    }

    @Test("of one account are not another's")
    func foreign() throws {
        let bench = SiteBench()
        let uri = try bench.picture()
        let body: JSONValue = ["uri_list": [.string(uri)]]
        #expect(try bench.json(.auditJob, body: body)["ret"]?.string == "")
        #expect(SiteBench.ret(try bench.json(.auditJob, session: "sandbox-demo-2", body: body)) == 3020)
        let keys = try bench.keys(session: "sandbox-demo-2")
        let place = try bench.place(bench.apply(isImage: true, size: 1, keys: bench.keys()))
        #expect(bench.commit(place, isImage: true, keys: keys).status == 400)
    }

    @Test("count calls, files and bytes")
    func counts() throws {
        let bench = SiteBench()
        _ = try bench.picture()
        _ = try bench.clip(SampleFiles.mp3())
        let session = try #require(bench.site.statistics.sessions["sandbox-demo"])
        #expect(session.uploadTokens == 2)
        #expect(session.uploads == 2)
        #expect(session.uploadedBytes == SampleFiles.png().count + 16_000)
    }

    @Test("are forgotten from the oldest on, beyond a number")
    func bound() throws {
        let bench = SiteBench { $0.keptUploads = 2 }
        let uris = try (0..<3).map { _ in try bench.picture() }
        let rets = try uris.map {
            try bench.json(.auditJob, body: ["uri_list": [.string($0)]])["ret"]?.string ?? "refused"
        }
        #expect(rets.map { $0 == "" } == [false, true, true])
    }

    // MARK: - Scripts

    @Test("are played as their scripts say")
    func scripts() throws {
        let bench = SiteBench()
        let file = SampleFiles.png()
        func place(_ session: String) throws -> (SiteBench.Place, SiteBench.Keys) {
            let keys = try bench.keys(session: session)
            return (try bench.place(bench.apply(isImage: true, size: file.count, keys: keys)), keys)
        }
        let (failing, _) = try place("sandbox-upload-fail")
        #expect((0..<3).map { _ in bench.store(file, at: failing).status } == [400, 400, 400])
        let (flaky, _) = try place("sandbox-upload-flaky")
        #expect((0..<3).map { _ in bench.store(file, at: flaky).status } == [400, 200, 200])
        let (unreadable, keys) = try place("sandbox-upload-unreadable")
        #expect(bench.store(file, at: unreadable).status == 200)
        let result = bench.commit(unreadable, isImage: true, keys: keys).body["Result"]
        #expect(result?["Results"]?[0]?["UriStatus"]?.int == 2001)
        let window = try bench.keys(session: "sandbox-upload-window")
        #expect((0..<3).map { _ in bench.apply(isImage: true, size: 1, keys: window).status } == [401, 401, 200])
        let expired = try (0..<2).map { _ in
            bench.apply(isImage: true, size: 1, keys: try bench.keys(session: "sandbox-upload-expired")).status
        }
        #expect(expired == [401, 200])
        #expect(bench.site.statistics.violations == [])
    }

    @Test("are checked, and the checks can say no or be down")
    func audits() throws {
        let bench = SiteBench()
        let parameter =
            #"{"scenario":"image_video_generation","feature_entrance_detail":"to-generate-algo_proxy"}"#
        func faceCheck(_ session: String) throws -> SiteCall {
            let uri = try bench.picture(session: session)
            var call = bench.call(
                .faceCheck, session: session,
                body: [
                    "scene": "image_face_ip", "req_key": "benchmark_test_user_upload_image_input",
                    "file_list": [["file_uri": .string(uri)]],
                ])
            call.query["babi_param"] = parameter
            return call
        }
        #expect(SiteBench.ret(try bench.json(try faceCheck("sandbox-demo"))) == 0)
        #expect(SiteBench.ret(try bench.json(try faceCheck("sandbox-audit-reject"))) == 2003)
        guard case .page(let status, _) = bench.site.answer(try faceCheck("sandbox-audit-down")) else {
            Issue.record("answered with JSON")
            return
        }
        #expect(status == 500)
        for (session, decision) in [("sandbox-demo", 1), ("sandbox-audit-reject", 2)] as [(String, Int64)] {
            let uri = try bench.picture(session: session)
            let vid = try bench.clip(SampleFiles.mp3(), session: session)
            let answer = try bench.json(
                .audit, session: session,
                body: [
                    "scene": 2, "model_key": "x",
                    "material_list": [
                        ["uri": .string(uri), "material_type": 1], ["vid": .string(vid), "material_type": 3],
                    ],
                ])
            #expect(SiteBench.ret(answer) == 0)
            #expect(answer["data"]?["result_list"]?.array?.map { $0["audit_decision"]?.int } == [decision, decision])
        }
        #expect(bench.site.statistics.violations == [])
    }
}
