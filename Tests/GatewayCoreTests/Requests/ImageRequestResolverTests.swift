import GatewayCore
import Testing

@Suite("Requests for pictures are decided")
struct ImageRequestResolverTests {
    private func resolve(
        _ options: ImageRequestResolver.Options = .init(), regions: [Region] = [.cn],
        _ fill: (inout ImageRequest) -> Void
    ) throws -> ResolvedImage {
        var request = ImageRequest()
        request.prompt = "a lighthouse"
        fill(&request)
        return try ImageRequestResolver(catalogue: SampleModels.catalogue, options: options)
            .resolve(request, regions: regions, seed: 42)
    }

    private func problem(
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

    @Test("an explicit ratio is final, and one the model lacks is refused with the list")
    func explicitRatios() throws {
        let square = try resolve {
            $0.ratio = "1:1"
            $0.size = "1536x1024"
        }
        #expect(square.task.ratio == .square)
        #expect(square.notices == ["resolution_from_size"])
        let refused = problem {
            $0.ratio = "5:4"
            $0.spellings = ["ratio": "aspectRatio"]
        }
        #expect(refused?.kind == .unsupportedRatio)
        #expect(refused?.param == "aspectRatio")
        #expect(refused?.values[.list]?.english == "1:1, 4:3, 3:4, 16:9, 9:16, 3:2, 2:3, 21:9")
        #expect(
            problem {
                $0.model = "jimeng-odd"
                $0.ratio = "4:3"
            }?.kind == .unsupportedRatio)
    }

    @Test("ratio and size are decided each on its own")
    func ratioBesideSize() throws {
        let task = try resolve {
            $0.ratio = "16:9"
            $0.size = "4096x4096"
        }.task
        #expect(task.size.description == "5404x3040")
    }

    @Test("the site chooses the shape where it can")
    func intelligentRatio() throws {
        let chosen = try resolve {
            $0.intelligentRatio = true
            $0.ratio = "16:9"
        }
        #expect(chosen.task.ratio == nil)
        #expect(chosen.task.intelligentRatio)
        #expect(chosen.task.size.description == "2048x2048")
        #expect(chosen.notices == ["ratio_ignored_intelligent"])
        #expect(try resolve { $0.ratio = "auto" }.task.intelligentRatio)
        let other = try resolve {
            $0.model = "jimeng-3.0"
            $0.intelligentRatio = true
            $0.ratio = "16:9"
        }
        #expect(other.task.ratio == .landscape16x9)
        #expect(other.notices == [])
    }

    @Test("the default resolution follows the name that was used")
    func defaultResolutions() throws {
        #expect(try resolve { $0.model = "jimeng-3.0" }.task.resolution == "2k")
        #expect(try resolve { $0.model = "JIMENG-IMAGE-3.0" }.task.size.description == "1328x1328")
        #expect(try resolve { $0.quality = "low" }.task.resolution == "1k")
        #expect(try resolve { $0.quality = "hd" }.task.resolution == "2k")
    }

    @Test("a resolution without known pixels is not offered")
    func resolutions() {
        let refused = problem {
            $0.model = "jimeng-odd"
            $0.resolution = "1.5k"
        }
        #expect(refused?.kind == .unsupportedResolution)
        #expect(refused?.values[.list]?.english == "1k")
    }

    @Test("width and height win over size and belong together")
    func sides() throws {
        let task = try resolve {
            $0.width = 1024
            $0.height = 768
            $0.size = "1024x1024"
        }.task
        #expect(task.ratio == .landscape4x3)
        #expect(problem { $0.width = 100 } == .missing("height"))
        #expect(
            problem {
                $0.width = 10
                $0.height = 100
            }?.kind == .invalidSize)
    }

    @Test("sizes can be refused altogether")
    func refusedSizes() {
        var options = ImageRequestResolver.Options()
        options.refusesSizeParameters = true
        #expect(problem(options) { $0.size = "1024x1024" }?.param == "size")
        #expect(problem(options) { $0.height = 1024 }?.kind == .unsupportedParameter)
    }

    @Test("a region may force the size")
    func forced() throws {
        let us = try resolve(regions: [.us, .hk]) {
            $0.model = "nanobanana"
            $0.ratio = "16:9"
        }
        #expect(us.task.size.description == "1024x1024")
        #expect(us.task.resolution == "2k")
        #expect(us.notices == ["resolution_forced"])
        #expect(us.regions == [.us])
        let asia = try resolve(regions: [.hk, .us, .jp]) {
            $0.model = "nanobanana"
            $0.ratio = "16:9"
        }
        #expect(asia.task.size.description == "1024x576")
        #expect(asia.regions == [.hk, .jp])
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

    @Test("a prompt names the ratio when nothing else does")
    func ratioFromPrompt() throws {
        let named = try resolve { $0.prompt = "海报 3：2" }
        #expect(named.task.ratio == .landscape3x2)
        #expect(named.task.size == PixelSize(width: 2496, height: 1664))
        #expect(named.task.prompt == "海报 3：2")
        #expect(named.notices == ["ratio_from_prompt"])
    }

    @Test("everything said outright ranks above the prompt")
    func ratioAbovePrompt() throws {
        let prompt = "横屏的猫"
        for fill: (inout ImageRequest) -> Void in [
            { $0.ratio = "1:1" }, { $0.size = "1024x1024" }, { $0.model = "jimeng-4.5:1:1" },
            { $0.promptHints = false }, { $0.intelligentRatio = true }, { $0.ratio = "auto" },
        ] {
            let resolved = try resolve {
                $0.prompt = prompt
                fill(&$0)
            }
            #expect(resolved.task.size == PixelSize(width: 2048, height: 2048))
            #expect(!resolved.notices.contains("ratio_from_prompt"))
        }
        var options = ImageRequestResolver.Options()
        options.readsPromptHints = false
        #expect(try resolve(options) { $0.prompt = prompt }.task.ratio == .square)
        // Without the means to choose, `auto` leaves it to the prompt.
        let left = try resolve {
            $0.prompt = prompt
            $0.ratio = "auto"
            $0.model = "jimeng-3.0"
        }
        #expect(left.task.ratio == .landscape16x9)
    }

    @Test("a ratio without pixels at the resolution is not read from a prompt")
    func ratioWithoutPixels() throws {
        let resolved = try resolve(regions: [.us]) {
            $0.prompt = "21:9"
            $0.model = "nanobanana"
        }
        #expect(resolved.task.size == PixelSize(width: 1024, height: 1024))
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

    @Test("the result takes the shape of the pictures it is made from, unless something is said about it")
    func shapeOfReferences() throws {
        func task(_ model: String, _ fill: (inout ImageRequest) -> Void = { _ in }) throws -> TextToImage {
            let resolved = try resolve { request in
                request.model = model
                request.references.count = 1
                request.references.decideShape = true
                fill(&request)
            }
            return ImageRequestResolver(catalogue: SampleModels.catalogue)
                .fitted(resolved, to: PixelSize(width: 1000, height: 1500)).task
        }
        let chosen = try task("jimeng-4.5")
        #expect(chosen.intelligentRatio)
        #expect(chosen.ratio == nil)
        let nearest = try task("jimeng-plain")
        #expect(nearest.ratio == .portrait2x3)
        #expect(nearest.size == PixelSize(width: 1664, height: 2496))
        #expect(try task("jimeng-plain") { $0.size = "auto" }.ratio == .portrait2x3)
        #expect(try task("jimeng-plain") { $0.size = "1792x1024" }.ratio == .landscape16x9)
        #expect(try task("jimeng-plain") { $0.ratio = "1:1" }.ratio == .square)
        #expect(try task("jimeng-plain:4:3").ratio == .landscape4x3)
        #expect(try task("jimeng-4.5") { $0.ratio = "4:3" }.intelligentRatio == false)
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
