import GatewayCore
import Testing

@Suite("Requests for videos are decided")
struct VideoRequestResolverTests {
    private let resolver = VideoRequestResolver(catalogue: SampleModels.catalogue)

    private func resolve(
        _ endpoint: VideoRequest.Endpoint = .generations, regions: [Region] = [.cn],
        _ fill: (inout VideoRequest) -> Void
    ) throws -> ResolvedVideo {
        var request = VideoRequest(endpoint: endpoint)
        request.prompt = "a lion"
        request.model = "jimeng-video-3.0"
        fill(&request)
        return try resolver.resolve(request, regions: regions, seed: 42)
    }

    private func task(
        _ endpoint: VideoRequest.Endpoint = .generations, _ fill: (inout VideoRequest) -> Void
    ) throws -> VideoTask {
        try resolver.task(of: try resolve(endpoint, fill), materials: []).task
    }

    private func problem(
        _ endpoint: VideoRequest.Endpoint = .generations, regions: [Region] = [.cn],
        _ fill: (inout VideoRequest) -> Void
    ) -> RequestProblem? {
        do {
            _ = try resolve(endpoint, regions: regions, fill)
            return nil
        } catch {
            return error as? RequestProblem
        }
    }

    @Test("a prompt alone is enough, and every endpoint has its own shape")
    func defaults() throws {
        #expect(
            try task { _ in }
                == VideoTask(
                    model: "jimeng-video-3.0", prompt: "a lion", ratio: "1:1", resolution: "720p", seconds: 5,
                    seed: 42, mode: .text))
        #expect(try task(.chat) { _ in }.ratio == "16:9")
        #expect(try task(.openAI) { _ in }.ratio == "9:16")
    }

    struct DurationCase: Sendable {
        var model: String
        var prompt: String
        var generations: Int
        var chat: Int
    }

    @Test(
        "the length comes from the prompt or the endpoint's usual one",
        arguments: [
            DurationCase(model: "jimeng-video-3.0", prompt: "一只猫", generations: 5, chat: 10),
            DurationCase(model: "jimeng-video-3.0", prompt: "一只猫 5秒", generations: 5, chat: 5),
            DurationCase(model: "jimeng-video-3.0", prompt: "10 s cat", generations: 10, chat: 10),
            DurationCase(model: "jimeng-video-3.0", prompt: "15秒", generations: 5, chat: 10),
            DurationCase(model: "jimeng-video-3.5-pro", prompt: "12秒", generations: 12, chat: 12),
            DurationCase(model: "jimeng-video-s2.0", prompt: "10秒", generations: 5, chat: 5),
            DurationCase(model: "jimeng-video-3.0", prompt: "in the 1990s", generations: 5, chat: 10),
        ])
    func durations(_ example: DurationCase) throws {
        for (endpoint, seconds) in [(VideoRequest.Endpoint.generations, example.generations), (.chat, example.chat)] {
            let made = try task(endpoint) {
                $0.model = example.model
                $0.prompt = example.prompt
            }
            #expect(made.seconds == seconds)
        }
    }

    @Test(
        "an explicit length must be one the model makes",
        arguments: [
            ("jimeng-video-3.0", "10", 10), ("jimeng-video-3.0", " 5.0 ", 5), ("jimeng-video-3.0", "7", nil),
            ("jimeng-video-3.0", "5s", nil), ("jimeng-video-3.0", "5.5", nil), ("jimeng-video-3.0", "-1", nil),
            ("jimeng-video-2.0", "10", 5), ("jimeng-video-3.0:10s", "5", 5), ("seedance", "15", 15),
            ("seedance", "16", nil), ("jimeng-video-3.0", "99999999999999999999", nil),
        ] as [(String, String, Int?)])
    func explicitDurations(_ model: String, _ text: String, _ seconds: Int?) throws {
        let fill: (inout VideoRequest) -> Void = {
            $0.model = model
            $0.duration = text
            $0.spellings["duration"] = "seconds"
        }
        if let seconds {
            #expect(try task { fill(&$0) }.seconds == seconds)
        } else {
            let refused = problem { fill(&$0) }
            #expect(refused?.kind == .unsupportedDuration)
            #expect(refused?.param == "seconds")
        }
    }

    @Test("lists of lengths are told shortly")
    func durationLists() {
        #expect(
            problem {
                $0.model = "seedance"
                $0.duration = "3"
            }?.values[.list] == "4–15")
        #expect(
            problem {
                $0.model = "jimeng-video-2.0"
                $0.duration = "3"
            }?.values[.list] == "5, 10")
    }

    @Test(
        "OpenAI's lengths are mapped to the nearest, and of two to the longer",
        arguments: [
            ("jimeng-video-3.0", "4", 5), ("jimeng-video-3.0", "8", 10), ("jimeng-video-3.0", "12", 10),
            ("jimeng-video-3.5-pro", "8", 10), ("jimeng-video-3.5-pro", "11", 12), ("seedance", "8", 8),
        ])
    func mappedDurations(_ model: String, _ text: String, _ seconds: Int) throws {
        let resolved = try resolve(.openAI) {
            $0.model = model
            $0.duration = text
        }
        #expect(try resolver.task(of: resolved, materials: []).task.seconds == seconds)
        #expect(resolved.notices.contains("duration_adjusted:\(seconds)") == (text != "\(seconds)"))
        #expect(problem(.openAI) { $0.duration = "0" }?.kind == .unsupportedDuration)
    }

    @Test(
        "the ratio is the explicit one, the size's, the name's, the prompt's or the usual one",
        arguments: [
            ("16：9", nil, "jimeng-video-3.0", "1:1 a lion", "16:9"),
            (nil, "1280x720", "jimeng-video-3.0", "4:3", "16:9"), (nil, "1536x1024", "jimeng-video-3.0", "", "4:3"),
            (nil, "auto", "jimeng-video-3.0:3:4", "16:9", "3:4"), (nil, nil, "jimeng-video-3.0", "竖屏的猫", "9:16"),
            (nil, nil, "jimeng-video-3.0", "海报 3：2", "1:1"), ("adaptive", nil, "jimeng-video-3.0", "", "1:1"),
            ("21x9", nil, "jimeng-video-3.0", "", "21:9"),
        ] as [(String?, String?, String, String, String)])
    func ratios(_ ratio: String?, _ size: String?, _ model: String, _ prompt: String, _ expected: String) throws {
        let made = try task {
            $0.ratio = ratio
            $0.size = size
            $0.model = model
            $0.prompt = "a lion \(prompt)"
        }
        #expect(made.ratio == expected)
    }

    @Test("prompts are left alone on request")
    func promptHints() throws {
        let made = try task {
            $0.prompt = "竖屏 10秒"
            $0.promptHints = false
        }
        #expect(made.ratio == "1:1")
        #expect(made.seconds == 5)
    }

    @Test(
        "the resolution is one of the model's, and models without a choice ignore the usual names",
        arguments: [
            ("jimeng-video-3.0", "1080P", "1080p"), ("jimeng-video-3.0", "1080", "1080p"),
            ("jimeng-video-3.5-pro", "4k", nil), ("jimeng-video-3.0:1080p", "", "1080p"),
        ] as [(String, String, String?)])
    func resolutions(_ model: String, _ text: String, _ expected: String?) throws {
        let resolved = try resolve {
            $0.model = model
            $0.resolution = text
        }
        #expect(try resolver.task(of: resolved, materials: []).task.resolution == expected)
        #expect(resolved.notices.contains("resolution_ignored_model") == (expected == nil))
    }

    @Test("OpenAI's larger sizes are a higher resolution where the model has one")
    func sizesAsResolutions() throws {
        let large = try task(.openAI) { $0.size = "1792x1024" }
        #expect(large.resolution == "1080p")
        #expect(large.ratio == "16:9")
        #expect(try task(.openAI) { $0.size = "1280x720" }.resolution == "720p")
        #expect(try task { $0.size = "1792x1024" }.resolution == "720p")
    }

    struct ValueCase: Sendable {
        var kind: RequestProblem.Kind
        var param: String
        var fill: @Sendable (inout VideoRequest) -> Void

        init(_ kind: RequestProblem.Kind, _ param: String, _ fill: @escaping @Sendable (inout VideoRequest) -> Void) {
            self.kind = kind
            self.param = param
            self.fill = fill
        }
    }

    @Test(
        "what can't be is refused by the field",
        arguments: [
            ValueCase(.missingRequiredParameter, "prompt") { $0.prompt = " " },
            ValueCase(.modelNotFound, "model") { $0.model = "sora-9" },
            ValueCase(.wrongModelType, "model") { $0.model = "jimeng-4.5" },
            ValueCase(.wrongModelType, "model") { $0.model = "gpt-image-1" },
            ValueCase(.unsupportedRatio, "ratio") { $0.ratio = "3:2" },
            ValueCase(.unsupportedRatio, "model") { $0.model = "jimeng-video-3.0:3:2" },
            ValueCase(.unsupportedResolution, "resolution") { $0.resolution = "480p" },
            ValueCase(.unsupportedResolution, "resolution") {
                $0.model = "jimeng-video-3.5-pro"
                $0.resolution = "sharp"
            },
            ValueCase(.unsupportedDuration, "model") { $0.model = "jimeng-video-3.0:7s" },
            ValueCase(.invalidSize, "size") { $0.size = "4K" },
            ValueCase(.missingRequiredParameter, "height") { $0.width = 7 },
            ValueCase(.invalidValue, "functionMode") { $0.functionMode = "all" },
            ValueCase(.unsupportedFunctionMode, "functionMode") { $0.functionMode = "omni_reference" },
            ValueCase(.tooFewImages, "image_file_1") {
                $0.model = "seedance"
                $0.functionMode = "omni_reference"
            },
            ValueCase(.invalidValue, "response_format") { $0.responseFormat = "gif" },
            ValueCase(.valueOutOfRange, "n") { $0.count = 2 }, ValueCase(.valueOutOfRange, "seed") { $0.seed = -1 },
            ValueCase(.invalidImageReference, "images[0]") {
                $0.sourceProblem = RequestProblem(.invalidImageReference, param: "images[0]")
            },
            ValueCase(.regionMismatch, "model") { $0.model = "jimeng-video-veo3" },
            ValueCase(.unsupportedParameter, "image") {
                $0.model = "draft"
                $0.sources = [VideoSource(field: "image", param: "image", isUpload: false)]
            },
        ])
    func refusals(_ example: ValueCase) {
        let refused = problem { example.fill(&$0) }
        #expect(refused?.kind == example.kind)
        #expect(refused?.param == example.param)
    }

    @Test("a default that the site has given up is replaced, a named model is not")
    func fallback() throws {
        let replaced = try resolve(regions: [.cn]) { $0.model = nil }
        #expect(replaced.model.id == "seedance")
        #expect(replaced.notices == ["model_fallback:seedance"])
        #expect(try resolve(regions: [.us, .cn]) { $0.model = nil }.model.id == "jimeng-video-3.5-pro")
        #expect(try resolve(regions: [.cn]) { $0.model = "jimeng-video-3.5-pro" }.model.id == "jimeng-video-3.5-pro")
    }

    @Test(
        "OpenAI's names stand for a model that the site has",
        arguments: [
            ("sora-2", [Region.us], "jimeng-video-3.5-pro"), ("sora-2-pro", [.jp], "jimeng-video-sora2"),
            ("sora-2-2025-10-06", [.cn], "seedance"), ("sora-2", [], "jimeng-video-3.5-pro"),
        ])
    func openAINames(_ name: String, _ regions: [Region], _ model: String) throws {
        let resolved = try resolve(.openAI, regions: regions) { $0.model = name }
        #expect(resolved.model.id == model)
        #expect(resolved.requestedModel == name)
    }
}
