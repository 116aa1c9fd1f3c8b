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

        package init() {}
    }

    let catalogue: ModelCatalogue
    let options: Options

    static let promptLimit = 32_000
    static let negativePromptLimit = 8_000
    static let userLimit = 512
    private static let openAIImageNames: Set<String> = [
        "gpt-image-1", "gpt-image-1-mini", "gpt-image-1.5", "gpt-image-2", "chatgpt-image-latest", "dall-e-3",
        "dall-e-2",
    ]
    private static let openAIVideoNames: Set<String> = ["sora-2", "sora-2-pro"]

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
        let choice = try chooseModel(request, regions: regions)
        let model = choice.model
        var notices = choice.notices

        let ratio = try explicitRatio(request, model: model)
        let resolution = try explicitResolution(request, model: model)
        try checkLength(request.negativePrompt, Self.negativePromptLimit, request.spelling("negative_prompt"))
        let strength = try sampleStrength(request, model: model)
        let responseFormat = try responseFormat(request, name: choice.reference.base)
        let count = try pictureCount(request, model: model, isOpenAIName: choice.isOpenAIName)
        let size = try sizeParameter(request)
        try checkQuality(request)
        try checkBackground(request)
        let output = try outputFormat(request)
        try checkLength(request.user, Self.userLimit, request.spelling("user"))
        try checkPartialImages(request, &notices)
        let seed = try chosenSeed(request, random: seed)
        let isSeries = try isSeries(request, model: model)
        try refuseUnserved(request)

        let usable = try usableRegions(model, of: regions)
        let explicit = ExplicitDimensions(ratio: ratio, resolution: resolution, size: size, hints: choice.reference)
        let dimensions = try dimensions(request, model: model, requested: choice.name, region: usable[0], explicit)
        notices += count.notices + dimensions.notices

        let task = TextToImage(
            model: model.id, prompt: prompt, negativePrompt: request.negativePrompt ?? "",
            ratio: dimensions.isIntelligent ? nil : dimensions.ratio, intelligentRatio: dimensions.isIntelligent,
            resolution: dimensions.resolution, size: dimensions.size,
            count: isSeries ? request.count ?? 4 : count.asked,
            sampleStrength: strength, seed: seed, isSeries: isSeries)
        let sameSize = usable.filter { model.forcedSizes[$0] == model.forcedSizes[usable[0]] }
        return ResolvedImage(
            task: task, model: model, requestedModel: choice.name, notices: notices, regions: Set(sameSize),
            responseFormat: responseFormat, outputFormat: output, outputCompression: request.outputCompression,
            answeredCount: count.answered)
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

    private struct ModelChoice {
        var model: Model
        var name: String
        var reference: ModelReference
        var isOpenAIName = false
        var notices: [String] = []
    }

    private func chooseModel(_ request: ImageRequest, regions: [Region]) throws(RequestProblem) -> ModelChoice {
        let given = request.model.map { $0.trimmingBlanks() } ?? ""
        let name = given.isEmpty ? catalogue.defaultImageModel : given
        let unknown = RequestProblem(.modelNotFound, param: "model", values: [.model: .echo(name)])
        guard name.utf8.count <= 256 else { throw unknown }
        var choice: ModelChoice
        if let model = catalogue.model(named: ModelReference.withoutPrefix(name)),
            let reference = ModelReference(parsing: model.id)
        {
            choice = ModelChoice(model: model, name: name, reference: reference)
            choice.reference.base = ModelReference.withoutPrefix(name)
        } else if let reference = ModelReference(parsing: name), let model = catalogue.model(named: reference.base) {
            choice = ModelChoice(model: model, name: name, reference: reference)
        } else {
            choice = try replacement(for: name, unknown: unknown)
        }
        let base = choice.reference.base.lowercased()
        if options.openAIAliases, Self.openAIImageNames.contains(base) {
            choice.isOpenAIName = true
            // A site without the real model of that name still serves the request.
            if !regions.isEmpty, !regions.contains(where: { choice.model.upstreamKeys[$0] != nil }),
                let fallback = catalogue.model(named: catalogue.defaultImageModel)
            {
                choice.model = fallback
            }
        }
        guard choice.model.kind == .image else { throw wrongKind(name) }
        if choice.notices.isEmpty, base != choice.model.id.lowercased() {
            choice.notices = [Notice.modelAlias(choice.model.id)]
        }
        return choice
    }

    private func replacement(for name: String, unknown: RequestProblem) throws(RequestProblem) -> ModelChoice {
        guard let reference = ModelReference(parsing: name) else { throw unknown }
        let base = reference.base.lowercased()
        let isOpenAIName = options.openAIAliases && Self.openAIImageNames.contains(base)
        if options.openAIAliases, Self.openAIVideoNames.contains(base) { throw wrongKind(name) }
        guard isOpenAIName || options.unknownModelsFallBack,
            let model = catalogue.model(named: catalogue.defaultImageModel)
        else { throw unknown }
        return ModelChoice(
            model: model, name: name, reference: reference, isOpenAIName: isOpenAIName,
            notices: isOpenAIName ? [] : [Notice.modelFallback(model.id)])
    }

    private func wrongKind(_ name: String) -> RequestProblem {
        RequestProblem(
            .wrongModelType, param: "model",
            values: [
                .model: .echo(name), .kind: PlaceholderText(english: "videos", chinese: "视频"),
                .want: PlaceholderText(english: "an image model", chinese: "图片"),
            ])
    }

    private func usableRegions(_ model: Model, of regions: [Region]) throws(RequestProblem) -> [Region] {
        let usable = (regions.isEmpty ? model.regions : regions).filter { model.upstreamKeys[$0] != nil }
        guard !usable.isEmpty else {
            var seen: [String] = []
            for region in regions where !seen.contains(region.rawValue) { seen.append(region.rawValue) }
            throw RequestProblem(
                .regionMismatch, param: "model",
                values: [
                    .model: PlaceholderText(model.id), .region: .list(seen),
                    .list: .list(model.regions.map(\.rawValue)),
                ])
        }
        return usable
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

    private func isSeries(_ request: ImageRequest, model: Model) throws(RequestProblem) -> Bool {
        guard request.multiImage == true else { return false }
        guard model.supportsMultiImage else {
            throw .unsupported(
                request.spelling("multi_image"), english: "\(model.id) can't make a series from one prompt.",
                chinese: "\(model.id) 不支持由一个提示词生成组图。")
        }
        return true
    }

    private func refuseUnserved(_ request: ImageRequest) throws(RequestProblem) {
        if let field = request.referenceFields.first {
            throw .unsupported(
                field, english: "This server makes pictures from text only; leave reference pictures out.",
                chinese: "本服务目前仅支持文生图，请不要附带参考图。")
        }
        if let field = request.unservedFields.first {
            throw .unsupported(field, english: "This server does not offer it.", chinese: "本服务不提供该功能。")
        }
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
        _ request: ImageRequest, model: Model, isOpenAIName: Bool
    ) throws(RequestProblem) -> PictureCount {
        let param = request.spelling("n")
        if let count = request.count, !(1...10).contains(count) { throw .outOfRange(param, 1...10, got: count) }
        // In a series the number is the site's business, not limited by the options for single pictures.
        if request.multiImage == true { return PictureCount() }
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
