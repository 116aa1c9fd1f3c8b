import GatewayCore
import Testing

@Suite("Requests for pictures are decided")
struct ImageRequestResolverTests {
    func resolve(
        _ options: ImageRequestResolver.Options = .init(), regions: [Region] = [.cn],
        _ fill: (inout ImageRequest) -> Void
    ) throws -> ResolvedImage {
        var request = ImageRequest()
        request.prompt = "a lighthouse"
        fill(&request)
        return try ImageRequestResolver(catalogue: SampleModels.catalogue, options: options)
            .resolve(request, regions: regions, seed: 42)
    }

    func problem(
        _ options: ImageRequestResolver.Options = .init(), regions: [Region] = [.cn],
        _ fill: (inout ImageRequest) -> Void
    ) -> RequestProblem? {
        do {
            _ = try resolve(options, regions: regions, fill)
            return nil
        } catch {
            return error as? RequestProblem
        }
    }

    @Test("a prompt alone is enough")
    func defaults() throws {
        let resolved = try resolve { _ in }
        #expect(
            resolved.task
                == TextToImage(
                    model: "jimeng-4.5", prompt: "a lighthouse", ratio: .square, resolution: "2k",
                    size: PixelSize(width: 2048, height: 2048), seed: 42))
        #expect(resolved.notices == [])
        #expect(resolved.responseFormat == .url)
        #expect(resolved.answeredCount == nil)
        #expect(resolved.regions == [.cn])
    }

    @Test("the prompt is sent as it is, and must hold something")
    func prompts() throws {
        #expect(try resolve { $0.prompt = "  猫 \n" }.task.prompt == "  猫 \n")
        for prompt in [nil, "", " \n\t"] {
            #expect(problem { $0.prompt = prompt } == .missing("prompt"))
        }
        #expect(problem { $0.prompt = String(repeating: "画", count: 32_000) } == nil)
        #expect(
            problem { $0.prompt = String(repeating: "画", count: 32_001) }
                == .tooLong("prompt", length: 32_001, maximum: 32_000))
    }

    @Test(
        "names find their model",
        arguments: [
            ("JIMENG-4.5", "jimeng-4.5", []), ("jimeng", "jimeng-4.5", ["model_alias:jimeng-4.5"]),
            ("openai/jimeng-4.5", "jimeng-4.5", []), ("dreamina/jimeng", "jimeng-4.5", ["model_alias:jimeng-4.5"]),
            ("jimeng-4.5:image", "jimeng-4.5", []), ("jimeng-4.5:5s", "jimeng-4.5", []),
            ("gpt-image-1", "jimeng-4.5", ["model_alias:jimeng-4.5"]),
            ("gpt-image-2", "jimeng-4.5", ["model_alias:jimeng-4.5"]),
            ("dall-e-3:image", "jimeng-4.5", ["model_alias:jimeng-4.5"]),
        ] as [(String, String, [String])])
    func names(_ name: String, _ model: String, _ notices: [String]) throws {
        let resolved = try resolve { $0.model = name }
        #expect(resolved.task.model == model)
        #expect(resolved.notices == notices)
        #expect(resolved.requestedModel == name)
    }

    @Test("OpenAI's newest name means the real model where the site has it")
    func realModel() throws {
        let resolved = try resolve(regions: [.us]) { $0.model = "gpt-image-2" }
        #expect(resolved.task.model == "gpt-image-2")
        #expect(resolved.responseFormat == .base64)
    }

    @Test(
        "names that are none are refused",
        arguments: [
            "nothing", "jimeng-4.5:fast", "jimeng-4.5:5:4", "jimeng-4.5:", ":2k", String(repeating: "x", count: 300),
        ])
    func unknownNames(_ name: String) {
        #expect(problem { $0.model = name }?.kind == .modelNotFound)
    }

    @Test("an unknown name may fall back, and says so")
    func fallback() throws {
        var options = ImageRequestResolver.Options()
        options.unknownModelsFallBack = true
        #expect(try resolve(options) { $0.model = "flux" }.notices == ["model_fallback:jimeng-4.5"])
        options.openAIAliases = false
        options.unknownModelsFallBack = false
        #expect(problem(options) { $0.model = "gpt-image-1" }?.kind == .modelNotFound)
    }

    @Test("a video model is refused here", arguments: ["jimeng-video-3.0", "sora-2", "jimeng-video-3.0:10s"])
    func wrongKind(_ name: String) {
        #expect(problem { $0.model = name }?.kind == .wrongModelType)
    }

    @Test("hints rank below what is said and above defaults")
    func hints() throws {
        let hinted = try resolve { $0.model = "jimeng-4.5:16:9:4k" }.task
        #expect(hinted.size.description == "5404x3040")
        let overruled = try resolve {
            $0.model = "jimeng-4.5:16:9:4k"
            $0.ratio = "1:1"
            $0.resolution = "2K"
        }.task
        #expect(overruled.size.description == "2048x2048")
        #expect(try resolve { $0.model = "jimeng-3.0:1024x768" }.task.size.description == "1472x1104")
        #expect(problem { $0.model = "jimeng-odd:4k" }?.param == "model")
        #expect(problem { $0.model = "jimeng-odd:21:9" }?.kind == .unsupportedRatio)
    }

    @Test(
        "ratios are read in every spelling",
        arguments: ["16:9", " 16 : 9 ", "16：9", "16x9", "16X9", "16/9", "16-9"])
    func ratios(_ text: String) throws {
        #expect(try resolve { $0.ratio = text }.task.ratio == .landscape16x9)
    }

    @Test("a region without the model is skipped, and none at all is told with the list")
    func regions() throws {
        #expect(try resolve(regions: [.cn, .jp]) { $0.model = "nanobanana" }.regions == [.jp])
        let refused = problem { $0.model = "nanobanana" }
        #expect(refused?.kind == .regionMismatch)
        #expect(refused?.values[.list]?.english == "us, hk, jp, sg")
        #expect(refused?.values[.region]?.english == "cn")
    }

    struct CountCase: Sendable {
        var model: String
        var n: Int?
        var asked: Int?
        var answered: Int?
        var notices: [String] = []
    }

    @Test(
        "counts are snapped to what the model makes",
        arguments: [
            CountCase(model: "jimeng-4.5"), CountCase(model: "jimeng-4.5", n: 3, asked: 3, answered: 3),
            CountCase(model: "gpt-image-1", asked: 1, answered: 1, notices: ["model_alias:jimeng-4.5"]),
            CountCase(model: "jimeng-odd", n: 3, asked: 2, answered: 3, notices: ["count_adjusted:2"]),
            CountCase(model: "jimeng-four", n: 1, asked: 4, answered: 1),
            CountCase(model: "jimeng-3.0", n: 2, answered: 2),
        ])
    func counts(_ example: CountCase) throws {
        let resolved = try resolve {
            $0.model = example.model
            $0.count = example.n
        }
        #expect(resolved.task.count == example.asked)
        #expect(resolved.answeredCount == example.answered)
        #expect(resolved.notices == example.notices)
    }

    @Test(
        "a count that can't be had names the maximum",
        arguments: [("jimeng-4.5", 9, "8"), ("jimeng-4.5", 0, "10"), ("jimeng-4.5", 11, "10"), ("jimeng-3.0", 5, "4")])
    func tooMany(_ model: String, _ n: Int, _ maximum: String) {
        let refused = problem {
            $0.model = model
            $0.count = n
        }
        #expect(refused?.kind == .valueOutOfRange)
        #expect(refused?.values[.max]?.english == maximum)
    }

    @Test("a configured default count gives way to what the model makes")
    func defaultCount() throws {
        var options = ImageRequestResolver.Options()
        options.defaultCount = 8
        #expect(try resolve(options) { _ in }.task.count == 8)
        #expect(try resolve(options) { $0.model = "jimeng-odd" }.task.count == 4)
    }

    @Test(
        "a prompt may ask for a series where the model makes one",
        arguments: [
            ("画3张连续的猫", "jimeng-4.5", nil, true, 3), ("儿童绘本，小熊的一天", "jimeng-4.5", nil, true, 4),
            ("一张猫的照片", "jimeng-4.5", nil, false, nil), ("画3张猫", "jimeng-3.0", nil, false, nil),
            ("画99张猫", "jimeng-4.5", nil, true, 15), ("画3张猫", "jimeng-4.5", 2, true, 2),
            ("画3张猫", "jimeng-4.5", 1, false, 1), ("画3张猫", "dall-e-3", nil, false, 1),
        ] as [(String, String, Int?, Bool, Int?)])
    func seriesInPrompt(_ prompt: String, _ model: String, _ count: Int?, _ isSeries: Bool, _ asked: Int?) throws {
        let resolved = try resolve {
            $0.prompt = prompt
            $0.model = model
            $0.count = count
        }
        #expect(resolved.task.isSeries == isSeries)
        #expect(resolved.task.count == asked)
        #expect(resolved.answeredCount == (count ?? (model == "dall-e-3" ? 1 : nil)))
    }

    @Test("a reference picture or a plain no makes a prompt's count mere words")
    func noSeries() throws {
        let refused = try resolve {
            $0.prompt = "画3张连续的猫"
            $0.multiImage = false
        }
        #expect(!refused.task.isSeries)
        #expect(refused.task.count == nil)
    }

    @Test("a series is made where the model can")
    func series() throws {
        let series = try resolve { $0.multiImage = true }
        #expect(series.task.isSeries)
        #expect(series.task.count == 4)
        #expect(
            problem {
                $0.model = "jimeng-3.0"
                $0.multiImage = true
            }?.kind == .unsupportedParameter)
    }

    @Test("the strength is checked and raised to the model's least")
    func sampleStrength() throws {
        #expect(try resolve { $0.sampleStrength = 0 }.task.sampleStrength == 0.1)
        #expect(
            try resolve {
                $0.model = "jimeng-odd"
                $0.sampleStrength = 0.2
            }.task.sampleStrength == 0.3)
        for strength in [-0.1, 1.01, .infinity, .nan] {
            #expect(problem { $0.sampleStrength = strength }?.kind == .valueOutOfRange)
        }
    }

    struct ValueCase: Sendable {
        var kind: RequestProblem.Kind
        var param: String
        var fill: @Sendable (inout ImageRequest) -> Void

        init(_ kind: RequestProblem.Kind, _ param: String, _ fill: @escaping @Sendable (inout ImageRequest) -> Void) {
            self.kind = kind
            self.param = param
            self.fill = fill
        }
    }

    @Test(
        "values outside their list or range are refused",
        arguments: [
            ValueCase(.invalidValue, "response_format") { $0.responseFormat = "png" },
            ValueCase(.invalidValue, "quality") { $0.quality = "best" },
            ValueCase(.invalidValue, "background") { $0.background = "red" },
            ValueCase(.unsupportedParameter, "background") { $0.background = "transparent" },
            ValueCase(.invalidValue, "output_format") { $0.outputFormat = "gif" },
            ValueCase(.valueOutOfRange, "output_compression") { $0.outputCompression = 101 },
            ValueCase(.valueOutOfRange, "partial_images") { $0.partialImages = 4 },
            ValueCase(.valueOutOfRange, "seed") { $0.seed = 4_294_967_296 },
            ValueCase(.valueOutOfRange, "seed") { $0.seed = -1 },
            ValueCase(.stringAboveMaxLength, "negative_prompt") {
                $0.negativePrompt = String(repeating: "a", count: 8001)
            },
            ValueCase(.stringAboveMaxLength, "user") { $0.user = String(repeating: "a", count: 513) },
            ValueCase(.tooManyImages, "image_url") {
                $0.references.count = 11
                $0.references.param = "image_url"
            },
            ValueCase(.invalidImageReference, "images[1]") {
                $0.references.count = 2
                $0.references.problem = RequestProblem(.invalidImageReference, param: "images[1]")
            },
            ValueCase(.tooFewImages, "images") {
                $0.references.absence = RequestProblem(.tooFewImages, param: "images")
            },
            ValueCase(.unsupportedParameter, "images") {
                $0.model = "jimeng-3.0"
                $0.references.count = 1
            },
        ])
    func values(_ example: ValueCase) {
        let refused = problem { example.fill(&$0) }
        #expect(refused?.kind == example.kind)
        #expect(refused?.param == example.param)
    }

    @Test("the first failure in the documented order is told")
    func order() {
        let fill: (inout ImageRequest) -> Void = {
            $0.prompt = ""
            $0.model = "nothing"
            $0.ratio = "5:4"
            $0.sampleStrength = 2
            $0.references.count = 11
            $0.references.param = "image"
        }
        #expect(problem { fill(&$0) }?.param == "prompt")
        #expect(
            problem {
                fill(&$0); $0.prompt = "x"
            }?.param == "model")
        #expect(
            problem {
                fill(&$0); $0.prompt = "x"; $0.model = "nanobanana"
            }?.param == "ratio")
        #expect(
            problem {
                fill(&$0); $0.prompt = "x"; $0.model = "nanobanana"; $0.ratio = nil
            }?.param == "sample_strength")
        #expect(
            problem {
                fill(&$0); $0.prompt = "x"; $0.model = "nanobanana"; $0.ratio = nil; $0.sampleStrength = nil
            }?
            .param == "image")
    }

    @Test("formats and compression are carried along")
    func formats() throws {
        let resolved = try resolve {
            $0.outputFormat = "JPG"
            $0.outputCompression = 80
            $0.partialImages = 2
            $0.responseFormat = "b64_json"
            $0.seed = 4_294_967_295
        }
        #expect(resolved.outputFormat == .jpeg)
        #expect(resolved.outputCompression == 80)
        #expect(resolved.responseFormat == .base64)
        #expect(resolved.task.seed == .max)
        #expect(resolved.notices == ["param_ignored:partial_images"])
    }

    @Test("shown values are cut and cleaned")
    func echo() {
        #expect(PlaceholderText.echo("a\nb\u{7F}").english == "a?b?")
        #expect(PlaceholderText.echo(String(repeating: "x", count: 100)).english.count == 65)
    }
}
