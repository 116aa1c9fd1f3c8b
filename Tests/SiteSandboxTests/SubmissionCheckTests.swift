import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("A submission")
struct SubmissionCheckTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var path: String
        var value: JSONValue?
        var ret: Int
        /// Whether the lenient mode takes it.
        var isTolerated = false
        var testDescription: String { "\(path) = \(value?.serializedString() ?? "nothing") -> \(ret)" }
    }

    private static let component = "draft_content/component_list/0/"
    private static let abilities = component + "abilities/"
    private static let core = abilities + "generate/core_param/"

    static let faults = [
        Fault(path: "submit_id", value: "1234", ret: 1000),
        Fault(path: "submit_id", value: nil, ret: 1000),
        Fault(path: "http_common_info/aid", value: 513_641, ret: 1000),
        Fault(path: "http_common_info", value: nil, ret: 1000),
        Fault(path: "extend/root_model", value: "high_aes_general_v40", ret: 1000),
        Fault(path: "metrics_extra", value: ["generateId": "x"], ret: 1002),
        Fault(path: "metrics_extra", value: "no json", ret: 1002),
        Fault(path: "metrics_extra", value: nil, ret: 1000, isTolerated: true),
        Fault(path: "metrics_extra/generateId", value: "other", ret: 1000, isTolerated: true),
        Fault(path: "metrics_extra/sceneOptions", value: [], ret: 1002, isTolerated: true),
        Fault(path: "draft_content", value: [:], ret: 1002),
        Fault(path: "draft_content", value: "no json", ret: 1002),
        Fault(path: "draft_content", value: nil, ret: 1000),
        Fault(path: "draft_content/type", value: "x", ret: 1002),
        Fault(path: "draft_content/version", value: "3.0.1", ret: 1002),
        Fault(path: "draft_content/version", value: "three", ret: 1002),
        Fault(path: "draft_content/min_version", value: "3.3.10", ret: 1002),
        Fault(path: "draft_content/main_component_id", value: "00000000-0000-4000-8000-0000000000ff", ret: 1002),
        Fault(path: "draft_content/component_list", value: [], ret: 1002),
        Fault(path: component + "type", value: "video_base_component", ret: 1002),
        Fault(path: component + "generate_type", value: "blend", ret: 1002),
        Fault(path: component + "min_version", value: "9.0.0", ret: 1002),
        Fault(path: abilities + "generate/gen_option", value: ["generate_all": false], ret: 3018),
        Fault(path: core + "gen_option", value: ["generate_all": false], ret: 3018),
        Fault(path: abilities + "gen_option/gen_count", value: 9, ret: 1000),
        Fault(path: abilities + "gen_option/gen_count", value: 0, ret: 1000),
        Fault(path: abilities + "gen_option/gen_count", value: "2", ret: 1000),
        Fault(path: core + "prompt", value: " ", ret: 1000),
        Fault(path: core + "prompt", value: nil, ret: 1000),
        Fault(path: core + "prompt", value: .string(String(repeating: "x", count: 8_001)), ret: 1000),
        Fault(path: core + "image_ratio", value: 101, ret: 1000, isTolerated: true),
        Fault(path: core + "image_ratio", value: 3, ret: 1000, isTolerated: true),
        Fault(path: core + "image_ratio", value: nil, ret: 1000, isTolerated: true),
        Fault(path: core + "large_image_info/width", value: 2_047, ret: 1000, isTolerated: true),
        Fault(path: core + "large_image_info/width", value: 100_000, ret: 1000),
        Fault(path: core + "large_image_info/height", value: nil, ret: 1000),
        Fault(path: core + "large_image_info/resolution_type", value: "1k", ret: 1000, isTolerated: true),
        Fault(path: core + "large_image_info/resolution_type", value: "8k", ret: 1000, isTolerated: true),
        Fault(path: core + "sample_strength", value: 1.5, ret: 1000),
        Fault(path: core + "sample_strength", value: nil, ret: 1000, isTolerated: true),
        Fault(path: core + "seed", value: 4_294_967_296, ret: 1000),
        Fault(path: core + "seed", value: nil, ret: 1000, isTolerated: true),
        Fault(path: core + "negative_prompt", value: nil, ret: 1000, isTolerated: true),
        Fault(path: core + "intelligent_ratio", value: true, ret: 1000, isTolerated: true),
        Fault(path: "action", value: 7, ret: 1000),
        Fault(path: "action", value: 2, ret: 1000),
    ]

    @Test("that is wrong is refused with the right ret and counted", arguments: faults)
    func refused(fault: Fault) throws {
        let bench = SiteBench()
        let body = try bench.submission([(fault.path, fault.value)])
        #expect(SiteBench.ret(try bench.json(.generate, body: body)) == fault.ret)
        let session = try #require(bench.site.statistics.sessions["sandbox-demo"])
        #expect(session.violationCount == 1)
        #expect(session.submits == 1)
        #expect(session.jobs == 0)
        #expect(session.credits == 100_000)
        let lenient = SiteBench { $0.isStrict = false }
        #expect(SiteBench.ret(try lenient.json(.generate, body: body)) == (fault.isTolerated ? 0 : fault.ret))
    }

    @Test("that is no JSON at all is refused")
    func garbage() throws {
        let bench = SiteBench()
        for text in ["", "[]", "{\"submit_id\":", String(repeating: "[", count: 100_000)] {
            var call = bench.call(.generate)
            call.body = Array(text.utf8)
            #expect(SiteBench.ret(try bench.json(call)) == 1000)
        }
    }

    @Test(
        "with a model that is not served says so, and it is not the client's fault",
        arguments: [
            ("high_aes_general_v30l:general_v3.0_18b", 1006), ("high_aes_general_v21_L:general_v2.1_L", 2061),
            ("nonsense", 2061),
        ])
    func models(key: String, ret: Int) throws {
        let bench = SiteBench()
        let body = try bench.submission([(Self.core + "model", .string(key)), ("extend/root_model", .string(key))])
        #expect(SiteBench.ret(try bench.json(.generate, body: body)) == ret)
        #expect(bench.site.statistics.violations == [])
    }

    /// Every cell of every table of every current model passes, so that a client taking them from the catalogue is never
    /// refused; the former 4k sizes pass too.
    @Test("may have every size of its model's tables", arguments: SiteRegion.allCases)
    func sizes(region: SiteRegion) throws {
        let bench = SiteBench { $0.credits = 1_000_000 }
        let common: [(path: String, value: JSONValue?)] = [
            ("http_common_info/aid", .integer(Int64(region.profile.applicationID)))
        ]
        for model in SiteCatalogue.imageModels where model.status == .current {
            guard let key = model.upstreamKeys[region] else { continue }
            for resolution in ImageResolution.allCases {
                for ratio in ImageRatio.allCases {
                    guard let cell = model.dimensions(ratio: ratio, resolution: resolution, region: region) else {
                        continue
                    }
                    let body = try bench.submission(
                        common + [
                            (Self.core + "model", .string(key)), ("extend/root_model", .string(key)),
                            (Self.core + "image_ratio", .integer(Int64(cell.ratio.code))),
                            (Self.core + "large_image_info/width", .integer(Int64(cell.size.width))),
                            (Self.core + "large_image_info/height", .integer(Int64(cell.size.height))),
                            (Self.core + "large_image_info/resolution_type", .string(cell.resolution.rawValue)),
                        ])
                    let ret = SiteBench.ret(try bench.json(.generate, region: region, body: body))
                    #expect(ret == 0, "\(model.id) \(ratio.rawValue) \(resolution.rawValue)")
                }
            }
        }
        #expect(bench.site.statistics.violations == [])
    }

    @Test(
        "with intelligent ratio lets a word in the prompt choose",
        arguments: [("横屏的海", 2_560, 1_440), ("竖屏的海", 1_440, 2_560), ("海", 2_048, 2_048)])
    func intelligentRatio(prompt: String, width: Int64, height: Int64) throws {
        let bench = SiteBench()
        let job = try bench.submit([
            (Self.core + "intelligent_ratio", true), (Self.core + "image_ratio", nil),
            (Self.core + "prompt", .string(prompt)),
        ])
        bench.advance(seconds: 60)
        let image = try #require(try bench.record(job.submitID)?["item_list"]?[0]?["image"]?["large_images"]?[0])
        #expect(image["width"]?.int == width)
        #expect(image["height"]?.int == height)
    }

    @Test("sent twice is a violation, and makes and charges a second job")
    func twice() throws {
        let bench = SiteBench()
        let id = bench.nextID()
        let first = try bench.submit(id: id)
        let second = try bench.submit(id: id)
        #expect(first.historyID != second.historyID)
        let session = try #require(bench.site.statistics.sessions["sandbox-demo"])
        #expect(session.violations == ["submit_id sent twice"])
        #expect(session.jobs == 2)
        #expect(session.credits == 100_000 - 2 * 12)
        #expect(try bench.record(id)?["history_record_id"]?.string == second.historyID)
    }

    @Test("with a count gives that many pictures and says so")
    func count() throws {
        let bench = SiteBench()
        let job = try bench.submit([(Self.abilities + "gen_option/gen_count", 2)])
        bench.advance(seconds: 60)
        let record = try #require(try bench.record(job.submitID))
        #expect(record["item_list"]?.array?.count == 2)
        #expect(record["total_image_count"]?.int == 2)
        let draft = try JSONValue.parse(record["draft_content"]?.string ?? "")
        #expect(draft["component_list"]?[0]?["abilities"]?["gen_option"]?["gen_count"]?.int == 2)
    }

    @Test(
        "for a series makes as many pictures as the prompt says",
        arguments: [("画6张连续的猫", 6), ("儿童绘本，小熊的一天", 4), ("画１２张故事", 12), ("画99张猫", 15), ("一张故事", 4)])
    func series(prompt: String, count: Int64) throws {
        let bench = SiteBench()
        let job = try bench.submit([
            (Self.core + "prompt", .string(prompt)), ("metrics_extra/sceneOptions/0/scene", "ImageMultiGenerate"),
        ])
        #expect(try bench.record(job.submitID)?["total_image_count"]?.int == count)
    }

    @Test("versions are compared as numbers", arguments: [("3.3.9", "3.3.28"), ("3.0.2", "3.0.10"), ("3.3", "3.3.1")])
    func versions(lower: String, higher: String) throws {
        #expect(try #require(DraftVersion(lower)) < #require(DraftVersion(higher)))
    }
}
