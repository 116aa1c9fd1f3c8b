import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

/// The sandbox against the exchanges of the protocol documents.
@Suite("Recorded exchanges")
struct ExampleTests {
    static let submissions = [
        "generate-image.t2i.success", "generate-image.t2i-intelligent-ratio.success",
        "generate-image.t2i-16x9-jp.success", "generate-image.multi.success", "generate-image.nanobanana-us.success",
        "generate-image.blend-single.success", "generate-image.blend.success", "generate-video.t2v.success",
        "generate-video.first-frame.success", "generate-video.first-last.success", "generate-video.omni.success",
    ]

    @Test("are accepted, and answered in the recorded shape", arguments: submissions)
    func accepted(name: String) throws {
        let bench = SiteBench {
            $0.isStrict = false
            $0.servesFormerVideoModels = true
        }
        let exchange = try Exchange(name)
        var call = try exchange.call()
        try bench.supply(&call)
        let answer = try bench.json(call)
        #expect(SiteBench.ret(answer) == 0)
        #expect(answer["data"]?["aigc_data"]?["submit_id"] == exchange.body["submit_id"])
        #expect(exchange.answer.memberPaths().subtracting(answer.memberPaths()).isEmpty)
    }

    @Test("pass the strict judgement too, once they are signed for now", arguments: submissions)
    func strictSubmissions(name: String) throws {
        let bench = SiteBench { $0.servesFormerVideoModels = true }
        var call = try Exchange(name).call()
        try bench.supply(&call)
        bench.sign(&call)
        let answer = try bench.json(call)
        #expect(SiteBench.ret(answer) == 0, "\(bench.site.statistics.violations)")
    }

    @Test("are refused in strict mode with the signature of another time")
    func oldSignature() throws {
        let bench = SiteBench()
        var call = try Exchange("generate-image.t2i.success").call()
        call.headers["device-time"] = "1772259000"
        #expect(SiteBench.ret(try bench.json(call)) == 1014)
    }

    @Test("of finished jobs have the members of the sandbox's records")
    func records() throws {
        let bench = SiteBench()
        let job = try bench.submit()
        bench.advance(seconds: 60)
        let record = try #require(try bench.record(job.submitID))
        let recorded = try Exchange("history.image.status50.success").answer["data"]?["13000000000001"]
        let missing = try #require(recorded).memberPaths().subtracting(record.memberPaths())
        // The example lists more sizes of the cover than the sandbox draws.
        #expect(missing.filter { !$0.contains("cover_url_map") } == [])
    }

    @Test("of finished videos have the members of the sandbox's records, at home and abroad")
    func films() throws {
        for (name, region) in [
            ("history.video.status50.success", SiteRegion.cn), ("history.video.status50-intl.success", .sg),
        ] {
            let bench = SiteBench { $0.servesFormerVideoModels = true }
            let aid = JSONValue.integer(Int64(region.profile.applicationID))
            let body = bench.film(
                model: "dreamina_ic_generate_video_model_vgfm_3.0", [("http_common_info/aid", aid)])
            let id = try #require(body["submit_id"]?.string)
            #expect(try bench.ret(body, region: region) == 0)
            bench.advance(seconds: 60)
            let answer = try bench.json(.history, region: region, body: ["submit_ids": [.string(id)]])
            let record = try #require(answer["data"]?[id])
            let recorded = try #require(try Exchange(name).answer["data"]?["13000000000004"])
            #expect(recorded.memberPaths().subtracting(record.memberPaths()) == [])
        }
    }

    @Test(
        "of other calls are answered in the recorded shape",
        arguments: [
            "credit.success", "credit-receive.success", "user-info.success", "account-info.success",
            "common-config.image.success", "cancel-generate.refused.fail", "upload-token.image.success",
            "upload-token.video.success", "upload-token.image-intl.success",
        ])
    func others(name: String) throws {
        let bench = SiteBench { $0.isStrict = false }
        let exchange = try Exchange(name)
        let answer = try bench.json(try exchange.call())
        let missing = exchange.answer.memberPaths().subtracting(answer.memberPaths())
        #expect(missing.isEmpty, "\(missing)")
        if exchange.answer["ret"] != nil { #expect(SiteBench.ret(answer) == SiteBench.ret(exchange.answer)) }
    }

    @Test("of the passport call abroad end in a page")
    func passportAbroad() throws {
        let bench = SiteBench { $0.isStrict = false }
        guard case .page(let status, _) = bench.site.answer(try Exchange("account-info.intl-404.fail").call()) else {
            Issue.record("answered with JSON")
            return
        }
        #expect(status == 404)
    }
}
