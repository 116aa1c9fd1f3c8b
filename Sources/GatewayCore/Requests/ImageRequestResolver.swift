/// Decides everything a request for pictures leaves open and refuses what can't be (endpoints.md sections 5, 6, 8, 9).
///
/// Pure: the same request, regions and seed give the same result. Checks run in the documented order, so that the first
/// failure is the one a client is told: prompt, model, values in table order, references, region.
package struct ImageRequestResolver: Sendable {
    package struct Options: Hashable, Sendable {
        /// Use the default model for unknown names instead of refusing them.
        package var unknownModelsFallBack = false
        /// Whether OpenAI's model names stand for the default model.
        package var openAIAliases = true
        /// Refuse `size`, `width` and `height` instead of mapping them.
        package var refusesSizeParameters = false
        /// Take `background: transparent` and deliver an opaque picture.
        package var ignoresTransparency = false
        /// How many pictures to ask for when the request does not say; nil = the site's own batch.
        package var defaultCount: Int?
        /// nil = by model name.
        package var defaultResponseFormat: ImageResponseFormat?
        /// Whether prompts are searched for a ratio.
        package var readsPromptHints = true
        package var ratioKeywords = PromptHints.Keywords.standard
        /// Most pictures of a series that a prompt asks for.
        package var multiImageMaximum = 15
        /// Seconds of a video in a chat when nothing names them and the model makes them; nil = by model.
        package var chatVideoSeconds: Int?

        package init() {}
    }

    let catalogue: ModelCatalogue
    let options: Options

    static let promptLimit = 32_000
    static let negativePromptLimit = 8_000
    static let userLimit = 512

    package init(catalogue: ModelCatalogue, options: Options = Options()) {
        self.catalogue = catalogue
        self.options = options
    }

    /// `regions` are those of the accounts at hand, in the order of the request (empty = any); `seed` is used when the
    /// request has none. Throws the first failure.
    package func resolve(
        _ request: ImageRequest, regions: [Region], seed: UInt32
    ) throws(RequestProblem) -> ResolvedImage {
        let prompt = try checkedPrompt(request)
        let chooser = ModelChooser(catalogue: catalogue, options: options)
        let choice = try chooser.choose(request.model, kind: .image, regions: regions)
        let model = choice.model
        var notices = request.notices + choice.notices

        let ratio = try explicitRatio(request, model: model)
        let resolution = try explicitResolution(request, model: model)
        try checkLength(request.negativePrompt, Self.negativePromptLimit, request.spelling("negative_prompt"))
        let strength = try sampleStrength(request, model: model)
        let responseFormat = try responseFormat(request, name: choice.reference.base)
        let series = try seriesCount(request, prompt: prompt, model: model, isOpenAIName: choice.isOpenAIName)
        let count = try pictureCount(request, model: model, isOpenAIName: choice.isOpenAIName, series: series)
        let size = try sizeParameter(request)
        try checkQuality(request)
        try checkBackground(request)
        let output = try outputFormat(request)
        try checkLength(request.user, Self.userLimit, request.spelling("user"))
        try checkPartialImages(request, &notices)
        let seed = try chosenSeed(request, random: seed)
        try checkReferences(request.references, model: model)

        let usable = try chooser.usableRegions(model, of: regions)
        let explicit = ExplicitDimensions(ratio: ratio, resolution: resolution, size: size, hints: choice.reference)
        let dimensions = try dimensions(request, model: model, requested: choice.name, region: usable[0], explicit)
        notices += count.notices + dimensions.notices

        let task = TextToImage(
            model: model.id, prompt: prompt, negativePrompt: request.negativePrompt ?? "",
            ratio: dimensions.isIntelligent ? nil : dimensions.ratio, intelligentRatio: dimensions.isIntelligent,
            resolution: dimensions.resolution, size: dimensions.size, count: count.asked, sampleStrength: strength,
            seed: seed, isSeries: series != nil)
        let sameSize = usable.filter { model.forcedSizes[$0] == model.forcedSizes[usable[0]] }
        return ResolvedImage(
            task: task, model: model, requestedModel: choice.name, notices: notices, regions: Set(sameSize),
            responseFormat: responseFormat, outputFormat: output, outputCompression: request.outputCompression,
            answeredCount: count.answered, followsFirstReference: dimensions.followsFirstReference)
    }

    // MARK: Prompt and model

    private func checkedPrompt(_ request: ImageRequest) throws(RequestProblem) -> String {
        guard let prompt = request.prompt else { throw .missing("prompt") }
        let trimmed = prompt.trimmingBlanks()
        guard !trimmed.isEmpty else { throw .missing("prompt") }
        try checkLength(trimmed, Self.promptLimit, "prompt")
        return prompt
    }

    private func checkLength(_ text: String?, _ maximum: Int, _ param: String) throws(RequestProblem) {
        guard let text, text.utf8.count > maximum else { return }
        let length = text.unicodeScalars.count
        if length > maximum { throw .tooLong(param, length: length, maximum: maximum) }
    }

    // MARK: Values

    private func sampleStrength(_ request: ImageRequest, model: Model) throws(RequestProblem) -> Double {
        guard let strength = request.sampleStrength else { return clamped(0.5, to: model) }
        guard strength >= 0, strength <= 1 else {
            throw .outOfRange(request.spelling("sample_strength"), from: "0", to: "1", got: "\(strength)")
        }
        return clamped(strength, to: model)
    }

    private func clamped(_ strength: Double, to model: Model) -> Double {
        min(max(strength, model.minimumSampleStrength), max(model.minimumSampleStrength, model.maximumSampleStrength))
    }

    private func responseFormat(_ request: ImageRequest, name: String) throws(RequestProblem) -> ImageResponseFormat {
        guard let text = request.responseFormat else {
            if let format = options.defaultResponseFormat { return format }
            let name = name.lowercased()
            return name.hasPrefix("gpt-image") || name.hasPrefix("chatgpt-image") ? .base64 : .url
        }
        guard let format = ImageResponseFormat(rawValue: text) else {
            throw .invalidValue(
                request.spelling("response_format"), got: text, allowed: ImageResponseFormat.allCases.map(\.rawValue))
        }
        return format
    }

    private func checkQuality(_ request: ImageRequest) throws(RequestProblem) {
        let allowed = ["auto", "low", "medium", "high", "standard", "hd"]
        guard let quality = request.quality, !allowed.contains(quality.lowercased()) else { return }
        throw .invalidValue(request.spelling("quality"), got: quality, allowed: allowed)
    }

    private func checkBackground(_ request: ImageRequest) throws(RequestProblem) {
        guard let background = request.background else { return }
        switch background.lowercased() {
        case "auto", "opaque": return
        case "transparent" where options.ignoresTransparency: return
        case "transparent":
            throw .unsupported(
                request.spelling("background"), english: "The models here only make opaque pictures.",
                chinese: "这里的模型只能生成不透明图片。")
        default:
            throw .invalidValue(
                request.spelling("background"), got: background, allowed: ["auto", "opaque", "transparent"])
        }
    }

    private func outputFormat(_ request: ImageRequest) throws(RequestProblem) -> PictureFormat? {
        var format: PictureFormat?
        if let text = request.outputFormat?.lowercased(), !text.isEmpty {
            format = text == "jpg" ? .jpeg : PictureFormat(rawValue: text)
            if format == nil {
                throw .invalidValue(request.spelling("output_format"), got: text, allowed: ["png", "jpeg", "webp"])
            }
        }
        if let compression = request.outputCompression, !(0...100).contains(compression) {
            throw .outOfRange(request.spelling("output_compression"), 0...100, got: compression)
        }
        return format
    }

    private func checkPartialImages(_ request: ImageRequest, _ notices: inout [String]) throws(RequestProblem) {
        guard let partial = request.partialImages else { return }
        guard (0...3).contains(partial) else {
            throw .outOfRange(request.spelling("partial_images"), 0...3, got: partial)
        }
        if partial > 0 { notices.append(Notice.parameterIgnored("partial_images")) }
    }

    private func chosenSeed(_ request: ImageRequest, random: UInt32) throws(RequestProblem) -> UInt32 {
        guard let seed = request.seed else { return random }
        guard let value = UInt32(exactly: seed) else {
            throw .outOfRange(request.spelling("seed"), 0...Int(UInt32.max), got: seed)
        }
        return value
    }

    /// How many related pictures are wanted from the one prompt; nil = no series. Said outright, or read from the
    /// prompt where the model makes series and neither a reference nor a count of one says otherwise (section 8).
    private func seriesCount(
        _ request: ImageRequest, prompt: String, model: Model, isOpenAIName: Bool
    ) throws(RequestProblem) -> Int? {
        // A series comes from a prompt alone.
        guard request.multiImage != false, request.references.count == 0 else { return nil }
        let inPrompt = MultiImagePrompt.wantedCount(in: prompt, maximum: options.multiImageMaximum)
        if request.multiImage == true {
            guard model.supportsMultiImage else {
                throw .unsupported(
                    request.spelling("multi_image"), english: "\(model.id) can't make a series from one prompt.",
                    chinese: "\(model.id) 不支持由一个提示词生成组图。")
            }
            let asked = request.seriesCount.map { min($0, options.multiImageMaximum) }
            return request.count ?? asked ?? inPrompt ?? MultiImagePrompt.usualCount
        }
        guard model.supportsMultiImage, let inPrompt else { return nil }
        // Who asks for one picture by number, or under a name that stands for one, gets an ordinary one.
        guard let count = request.count ?? (isOpenAIName ? 1 : nil) else { return inPrompt }
        return count > 1 ? count : nil
    }

    // MARK: References

    private func checkReferences(_ references: ImageReferences, model: Model) throws(RequestProblem) {
        if let problem = references.problem { throw problem }
        if references.count == 0 {
            if let problem = references.absence { throw problem }
            return
        }
        guard model.maximumInputImages > 0 else {
            throw .unsupported(
                references.param, english: "\(model.id) takes no reference pictures.",
                chinese: "\(model.id) 不支持参考图。")
        }
        guard references.count <= model.maximumInputImages else {
            throw RequestProblem(
                .tooManyImages, param: references.param,
                values: [.max: "\(model.maximumInputImages)", .count: "\(references.count)"])
        }
    }

    /// The same with the ratio nearest to the first reference picture, where the request leaves the shape to it and the
    /// site does not choose one itself.
    package func fitted(_ resolved: ResolvedImage, to reference: PixelSize) -> ResolvedImage {
        guard resolved.followsFirstReference else { return resolved }
        var resolved = resolved
        let ratio = PictureSizes(model: resolved.model).nearestRatio(to: reference)
        guard let size = resolved.model.sizes[resolved.task.resolution]?[ratio] else { return resolved }
        resolved.task.ratio = ratio
        resolved.task.size = size
        return resolved
    }

    // MARK: Count

    private struct PictureCount {
        /// Asked of the site; nil = its own number.
        var asked: Int?
        /// At most so many are answered.
        var answered: Int?
        var notices: [String] = []
    }

    private func pictureCount(
        _ request: ImageRequest, model: Model, isOpenAIName: Bool, series: Int?
    ) throws(RequestProblem) -> PictureCount {
        let param = request.spelling("n")
        if let count = request.count, !(1...10).contains(count) { throw .outOfRange(param, 1...10, got: count) }
        // In a series the number is the site's business, not limited by the options for single pictures.
        if let series { return PictureCount(asked: series, answered: request.count) }
        guard var wanted = request.count ?? (isOpenAIName ? 1 : options.defaultCount) else { return PictureCount() }
        let maximum = model.countOptions.max() ?? model.defaultCount ?? 4
        if wanted > maximum {
            if request.count != nil { throw .outOfRange(param, 1...max(1, maximum), got: wanted) }
            wanted = maximum
        }
        let snapped = model.countOptions.filter { $0 <= wanted }.max() ?? model.countOptions.min()
        var result = PictureCount(asked: snapped, answered: wanted)
        if let snapped, snapped < wanted { result.notices = [Notice.countAdjusted(snapped)] }
        return result
    }
}
