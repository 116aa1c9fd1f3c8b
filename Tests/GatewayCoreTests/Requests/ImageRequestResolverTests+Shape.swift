import GatewayCore
import Testing

/// Which ratio, resolution and pixels a request leads to.
extension ImageRequestResolverTests {
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
}
