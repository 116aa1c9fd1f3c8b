import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("A submission of a video")
struct FilmSubmissionTests {
    private static let draft = "draft_content/"
    private static let parameters = SiteBench.filmParameters
    private static let input = SiteBench.filmInput

    struct Fault: Sendable, CustomTestStringConvertible {
        var path: String
        var value: JSONValue?
        var ret = 1000
        /// Whether the lenient mode takes it.
        var isTolerated = false
        var testDescription: String { "\(path) = \(value?.serializedString() ?? "nothing")" }
    }

    static let faults = [
        Fault(path: "extend/m_video_commerce_info", value: nil),
        Fault(path: "extend/m_video_commerce_info_list", value: []),
        Fault(path: "extend/m_video_commerce_info/amount", value: 6),
        Fault(path: "extend/root_model", value: "dreamina_seedance_40"),
        Fault(path: draft + "component_list/0/generate_type", value: "generate", ret: 1002),
        Fault(path: draft + "component_list/0/process_type", value: 3),
        Fault(path: draft + "component_list/0/process_type", value: nil, isTolerated: true),
        Fault(path: draft + "component_list/0/abilities/gen_video/video_task_extra", value: "{}", isTolerated: true),
        Fault(path: draft + "min_features", value: nil, isTolerated: true),
        Fault(path: parameters + "video_gen_inputs", value: []),
        Fault(path: parameters + "video_aspect_ratio", value: "427:240"),
        Fault(path: parameters + "video_aspect_ratio", value: nil),
        Fault(path: parameters + "video_aspect_ratio", value: "adaptive"),
        Fault(path: parameters + "seed", value: 4_294_967_296),
        Fault(path: parameters + "seed", value: nil, isTolerated: true),
        Fault(path: parameters + "model_req_key", value: nil),
        Fault(path: input + "prompt", value: nil), Fault(path: input + "prompt", value: " "),
        Fault(path: input + "prompt", value: .string(String(repeating: "x", count: 4_001))),
        Fault(path: input + "duration_ms", value: 5), Fault(path: input + "duration_ms", value: 5_500),
        Fault(path: input + "duration_ms", value: -1),
        Fault(path: input + "duration_ms", value: 3_000, isTolerated: true),
        Fault(path: input + "duration_ms", value: 16_000, isTolerated: true),
        Fault(path: input + "resolution", value: "480p", isTolerated: true),
        Fault(path: input + "resolution", value: "5k"),
        Fault(path: input + "video_mode", value: 1, isTolerated: true),
        Fault(path: input + "is_draft_mode", value: true, isTolerated: true),
        Fault(path: input + "first_frame_image", value: .null, isTolerated: true),
        Fault(path: input + "first_frame_image", value: [:]),
        Fault(path: input + "end_frame_image", value: ["image_uri": "x", "uri": "x"]),
        Fault(path: "metrics_extra/originSubmitId", value: "other", isTolerated: true),
    ]

    @Test("that is wrong is refused and counted", arguments: faults)
    func refused(fault: Fault) throws {
        let bench = SiteBench()
        let body = bench.film([(fault.path, fault.value)])
        #expect(try bench.ret(body) == fault.ret)
        #expect(bench.site.statistics.violationCount == 1)
        #expect(bench.site.statistics.sessions["sandbox-demo"]?.jobs == 0)
        let lenient = SiteBench { $0.isStrict = false }
        #expect(try lenient.ret(body) == (fault.isTolerated ? 0 : fault.ret))
    }

    @Test("with an empty benefit type is refused")
    func benefit() throws {
        let bench = SiteBench()
        let commerce: JSONValue = [
            "benefit_type": "", "resource_id": "generate_video", "resource_id_type": "str", "resource_sub_type": "aigc",
        ]
        let body = bench.film([
            ("extend/m_video_commerce_info", commerce), ("extend/m_video_commerce_info_list", [commerce]),
        ])
        #expect(try bench.ret(body) == 1000)
    }

    @Test("with a model that the region does not have, or no longer, says so", arguments: SiteRegion.allCases)
    func models(region: SiteRegion) throws {
        let bench = SiteBench { $0.isStrict = false }
        let former = SiteBench {
            $0.isStrict = false
            $0.servesFormerVideoModels = true
        }
        for model in SiteCatalogue.videoModels {
            guard let key = SiteRegion.allCases.lazy.compactMap({ model.upstreamKeys[$0] }).first else { continue }
            let aid = JSONValue.integer(Int64(region.profile.applicationID))
            let body = bench.film(
                model: key, seconds: Int64(model.defaultDuration), resolution: model.resolutions.first,
                [("http_common_info/aid", aid)])
            let isThere = model.upstreamKeys[region] != nil
            let isServed = isThere && model.status != .legacy && !model.offlineRegions.contains(region)
            #expect(try bench.ret(body, region: region) == (isServed ? 0 : 2061), "\(model.id)")
            #expect(try former.ret(body, region: region) == (isThere ? 0 : 2061), "\(model.id)")
        }
        #expect(bench.site.statistics.violations == [])
    }

    @Test("may have every length, resolution and ratio of its model")
    func tables() throws {
        let bench = SiteBench { $0.credits = 1_000_000 }
        for model in SiteCatalogue.videoModels where model.status == .current && !model.offlineRegions.contains(.cn) {
            guard let key = model.upstreamKeys[.cn] else { continue }
            let features: [JSONValue] = key.contains("_45_") ? ["AIGC_Video_Seedance25ResultAction"] : []
            for resolution in model.resolutions {
                for ratio in model.ratios {
                    for seconds in [model.durations.first ?? 4, model.defaultDuration, model.durations.last ?? 15] {
                        let body = bench.film(
                            model: key, seconds: Int64(seconds), resolution: resolution, ratio: ratio.rawValue,
                            features: features, input: key.hasSuffix("_draft") ? ["is_draft_mode": true] : [:])
                        #expect(try bench.ret(body) == 0, "\(model.id) \(resolution) \(ratio.rawValue) \(seconds)")
                    }
                }
            }
        }
        #expect(bench.site.statistics.violations == [])
    }

    @Test("of the newest generation has to name its feature")
    func features() throws {
        let bench = SiteBench()
        #expect(try bench.ret(bench.film(model: "dreamina_seedance_45_pro")) == 1000)
        let draft = bench.film(
            model: "dreamina_seedance_45_pro_draft", resolution: "480p",
            features: ["AIGC_Video_Seedance25ResultAction"])
        #expect(try bench.ret(draft) == 1000)
    }

    // MARK: - Inputs

    @Test(
        "with frames takes its shape from the first one",
        arguments: [(640, 480, 960, 720), (500, 1_000, 720, 1_440), (333, 333, 720, 720), (9_000, 10, 2_160, 720)])
    func frames(width: Int, height: Int, expectedWidth: Int64, expectedHeight: Int64) throws {
        let bench = SiteBench()
        let first = SiteBench.image(try bench.picture(width: width, height: height))
        let last = SiteBench.image(try bench.picture())
        for input in [["first_frame_image": first], ["first_frame_image": first, "end_frame_image": last]] {
            let record = try #require(try bench.finished(bench.film(prompt: "", input: input)))
            let origin = record["item_list"]?[0]?["video"]?["transcoded_video"]?["origin"]
            #expect(origin?["width"]?.int == expectedWidth)
            #expect(origin?["height"]?.int == expectedHeight)
        }
        #expect(bench.site.statistics.violations == [])
        #expect(try bench.ret(bench.film(input: ["end_frame_image": last])) == 1000)
        #expect(
            try bench.ret(
                bench.film(
                    model: "dreamina_minimax_h3", resolution: "768p", input: ["first_frame_image": first])) == 1000)
        let foreign = bench.film(input: ["first_frame_image": first])
        #expect(try bench.ret(foreign, session: "sandbox-demo-2") == 3020)
    }

    @Test("with materials takes pictures, videos and sounds together")
    func materials() throws {
        let bench = SiteBench()
        let picture = try bench.picture()
        let video = try bench.clip(try SampleFiles.mp4(milliseconds: 5_350))
        let sound = try bench.clip(SampleFiles.wav(milliseconds: 4_200))
        let body = bench.omni([
            .picture(picture), .video(video, milliseconds: 5_350), .sound(sound, milliseconds: 4_200),
        ])
        let record = try #require(try bench.finished(body))
        #expect(record["generate_type"]?.int == 10)
        #expect(record["history_group_key"]?.string == "@1@2@3dances")
        // Seconds that come out and seconds that go in.
        #expect(bench.site.statistics.sessions["sandbox-demo"]?.credits == 100_000 - 11 * 8)
        #expect(bench.site.statistics.violations == [])
    }

    @Test("refuses materials that are too many, too long, foreign or of another type")
    func materialLimits() throws {
        let bench = SiteBench()
        let picture = try bench.picture()
        let video = try bench.clip(try SampleFiles.mp4(milliseconds: 5_350))
        let sound = try bench.clip(SampleFiles.wav(milliseconds: 4_200))
        let pictures = (0..<10).map { _ in SiteBench.Material.picture(picture) }
        let videos = (0..<3).map { _ in SiteBench.Material.video(video, milliseconds: 5_350) }
        let unknown = "v0280example00000000000000000001"
        let cases: [([SiteBench.Material], Int)] = [
            (Array(pictures.prefix(9)), 0), (pictures, 1000), (Array(videos.prefix(2)), 0), (videos, 1000),
            ([.sound(sound, milliseconds: 4_200)], 1000), ([], 1000),
            ([.picture(picture)] + (0..<3).map { _ in .sound(sound, milliseconds: 4_200) }, 0),
            ([.picture(picture)] + (0..<4).map { _ in .sound(sound, milliseconds: 4_200) }, 1000),
            ([.video(sound, milliseconds: 4_200)], 1000),
            // Seconds taken for milliseconds.
            ([.video(video, milliseconds: 5)], 1000), ([.video(unknown, milliseconds: 5_000)], 3020),
        ]
        for (index, (materials, ret)) in cases.enumerated() {
            #expect(try bench.ret(bench.omni(materials)) == ret, "case \(index)")
        }
        let foreign = bench.omni([.video(video, milliseconds: 5_350)])
        #expect(try bench.ret(foreign, session: "sandbox-demo-2") == 3020)
        // The newest generation takes more.
        #expect(try bench.ret(bench.omni(videos, model: "dreamina_seedance_45_pro")) == 0)
    }

    static let materialFaults: [(String, JSONValue?)] = [
        ("draft_content/min_features", []), ("draft_content/min_version", "3.0.5"),
        (SiteBench.filmInput + "prompt", "beside"), (SiteBench.filmInput + "unified_edit_input/meta_list", []),
        (SiteBench.filmInput + "unified_edit_input/meta_list/0/material_ref/material_idx", 1),
        (SiteBench.filmInput + "unified_edit_input/meta_list/0/material_ref/material_idx", -1),
        (SiteBench.filmInput + "unified_edit_input/meta_list/0/meta_type", "video"),
        (SiteBench.filmInput + "unified_edit_input/meta_list/1/text", nil),
        (SiteBench.filmInput + "unified_edit_input/meta_list/1/text", ""),
        (SiteBench.filmInput + "unified_edit_input/material_list/0/material_type", "model"),
        (SiteBench.filmInput + "unified_edit_input/edit_input", ["enable": true, "edit_from_material_idx": 0]),
    ]

    @Test("with materials that are told wrongly is refused and counted", arguments: materialFaults)
    func wrongMaterials(path: String, value: JSONValue?) throws {
        let bench = SiteBench()
        let body = bench.omni([.picture(try bench.picture())], [(path, value)])
        #expect(try bench.ret(body) == 1000)
        #expect(bench.site.statistics.violationCount == 1)
    }

    @Test("that edits a video keeps its length and shape")
    func edit() throws {
        let bench = SiteBench()
        let video = try bench.clip(try SampleFiles.mp4(width: 360, height: 640, milliseconds: 6_400))
        let body = bench.omni(
            [.video(video, milliseconds: 6_400)], seconds: -1, ratio: "adaptive",
            edit: [
                "enable": true, "edit_from_material_idx": 0, "start_timestamp_ms": 0, "end_timestamp_ms": 5_000,
            ])
        let item = try #require(try bench.finished(body)?["item_list"]?[0]?["video"])
        #expect(item["duration"]?.int == 6)
        #expect(item["transcoded_video"]?["origin"]?["width"]?.int == 720)
        #expect(item["transcoded_video"]?["origin"]?["height"]?.int == 1_280)
        #expect(bench.site.statistics.violations == [])
    }
}
