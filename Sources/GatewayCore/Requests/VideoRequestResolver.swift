/// Decides everything a request for a video leaves open and refuses what can't be (endpoints.md sections 5, 7, 11).
///
/// Pure, in two steps: ``resolve(_:regions:seed:)`` before any material is read, ``task(of:materials:)`` when their kinds
/// and sizes are known. Checks run in the documented order: prompt, model, values in table order, materials, region.
package struct VideoRequestResolver: Sendable {
    let catalogue: ModelCatalogue
    let options: ImageRequestResolver.Options

    /// Resolutions that models without a choice of their own accept and ignore.
    private static let usualResolutions = ["480p", "720p", "1080p", "4k"]

    package init(catalogue: ModelCatalogue, options: ImageRequestResolver.Options = .init()) {
        self.catalogue = catalogue
        self.options = options
    }

    /// `regions` are those of the accounts at hand, in the order of the request (empty = any); `seed` is used when the
    /// request has none. Throws the first failure.
    package func resolve(
        _ request: VideoRequest, regions: [Region], seed: UInt32
    ) throws(RequestProblem) -> ResolvedVideo {
        let prompt = try checkedPrompt(request)
        let chooser = ModelChooser(catalogue: catalogue, options: options)
        let choice = try chooser.choose(request.model, kind: .video, regions: regions)
        let model = choice.model
        var notices = request.notices + choice.notices

        let ratio = try ratio(request, prompt: prompt, model: model, hints: choice.reference, &notices)
        let resolution = try resolution(request, model: model, hints: choice.reference, &notices)
        let seconds = try seconds(request, prompt: prompt, model: model, hints: choice.reference, &notices)
        let functionMode = try functionMode(request)
        let format = try responseFormat(request)
        let seed = try chosenSeed(request, random: seed)
        if let count = request.count, count != 1 { throw .outOfRange(request.spelling("n"), 1...1, got: count) }
        try checkLength(
            request.negativePrompt, ImageRequestResolver.negativePromptLimit, request.spelling("negative_prompt"))
        if request.negativePrompt.map({ !$0.trimmingBlanks().isEmpty }) == true {
            notices.append(Notice.parameterIgnored("negative_prompt"))
        }
        try checkLength(request.user, ImageRequestResolver.userLimit, request.spelling("user"))

        if let problem = request.sourceProblem { throw problem }
        let selection = try VideoSelection(request, functionMode: functionMode, model: model)
        notices += selection.notices
        let usable = try chooser.usableRegions(model, of: regions)
        return ResolvedVideo(
            model: model, requestedModel: choice.name, notices: notices, regions: Set(usable), responseFormat: format,
            selection: selection.indexes,
            kinds: model.supportsOmniReference && selection.mode != .frames ? Set(MaterialKind.allCases) : [.image],
            prompt: prompt, ratio: ratio.text, isRatioExplicit: ratio.isExplicit, resolution: resolution,
            seconds: seconds, durationField: request.spelling("duration"), seed: seed, mode: selection.mode,
            sources: selection.indexes.map { request.sources[$0] })
    }

    /// The task, once the selected materials are read.
    /// `materials`: one for each of ``ResolvedVideo/selection``, in that order.
    /// Returns: the task and the notices that the materials give rise to.
    /// Throws: ``RequestProblem`` about a material or about the length of the video.
    package func task(
        of resolved: ResolvedVideo, materials: [InputMaterial]
    ) throws(RequestProblem) -> (task: VideoTask, notices: [String]) {
        var task = VideoTask(
            model: resolved.model.id, prompt: resolved.prompt, ratio: resolved.ratio, resolution: resolved.resolution,
            seconds: resolved.seconds, seed: resolved.seed, mode: .text)
        var mode = resolved.mode
        if mode == .framesOrOmni {
            let areFrames =
                materials.count <= resolved.model.maximumFrames && materials.allSatisfy { $0.kind == .image }
            mode = areFrames ? .frames : .omni
        }
        if resolved.seconds < 0, mode != .omni || !materials.contains(where: { $0.kind == .video }) {
            throw unsupportedDuration("\(resolved.seconds)", model: resolved.model, param: resolved.durationField)
        }
        switch mode {
        case .text, .framesOrOmni:
            task.ratio = fixed(resolved.ratio)
            return (task, [])
        case .frames:
            return try framesTask(task, resolved, materials)
        case .omni:
            let entries = try OmniMaterials(
                resolved.sources, materials, limits: resolved.model.omniLimits
            ).entries
            let references = PromptReferences(resolved.prompt, entries)
            task.mode = .omni(materials: entries.map(\.material), pieces: references.pieces)
            return (task, references.unreferenced.map { Notice.materialUnreferenced(entries[$0].slotName) })
        }
    }

    private func framesTask(
        _ task: VideoTask, _ resolved: ResolvedVideo, _ materials: [InputMaterial]
    ) throws(RequestProblem) -> (VideoTask, [String]) {
        for (index, material) in materials.enumerated() where material.kind != .image {
            throw .unsupportedFormat(of: .image, index: index + 1, param: resolved.sources[index].param)
        }
        var task = task
        let frames = VideoSelection.frames(of: resolved.sources)
        let first = materials[frames.first]
        task.mode = .frames(first: first, last: frames.last.map { materials[$0] })
        task.ratio = fixed(resolved.ratio)
        // The site follows the picture; the nearest name goes along.
        if let width = first.width, let height = first.height, width > 0, height > 0 {
            let size = PixelSize(width: width, height: height)
            task.ratio = PictureSizes(model: resolved.model).nearestRatio(to: size).rawValue
        }
        return (task, frames.notices + (resolved.isRatioExplicit ? [Notice.ratioIgnoredImageInput] : []))
    }

    /// `adaptive` means something only beside materials.
    private func fixed(_ ratio: String) -> String { ratio == "adaptive" ? AspectRatio.square.rawValue : ratio }

    // MARK: Values

    private func checkedPrompt(_ request: VideoRequest) throws(RequestProblem) -> String {
        let prompt = request.prompt ?? ""
        let trimmed = prompt.trimmingBlanks()
        let mayBeEmpty = request.endpoint != .openAI && (!request.sources.isEmpty || request.sourceProblem != nil)
        guard !trimmed.isEmpty || mayBeEmpty else { throw .missing("prompt") }
        try checkLength(trimmed, ImageRequestResolver.promptLimit, "prompt")
        return prompt
    }

    private func checkLength(_ text: String?, _ maximum: Int, _ param: String) throws(RequestProblem) {
        guard let text, text.utf8.count > maximum else { return }
        let length = text.unicodeScalars.count
        if length > maximum { throw .tooLong(param, length: length, maximum: maximum) }
    }

    private func functionMode(_ request: VideoRequest) throws(RequestProblem) -> String? {
        guard let mode = request.functionMode?.trimmingBlanks(), !mode.isEmpty else { return nil }
        guard VideoSelection.functionModes.contains(mode) else {
            throw .invalidValue(request.spelling("functionMode"), got: mode, allowed: VideoSelection.functionModes)
        }
        return mode
    }

    private func responseFormat(_ request: VideoRequest) throws(RequestProblem) -> ImageResponseFormat {
        guard let text = request.responseFormat, !text.isEmpty else { return options.defaultResponseFormat ?? .url }
        guard let format = ImageResponseFormat(rawValue: text) else {
            throw .invalidValue(
                request.spelling("response_format"), got: text, allowed: ImageResponseFormat.allCases.map(\.rawValue))
        }
        return format
    }

    private func chosenSeed(_ request: VideoRequest, random: UInt32) throws(RequestProblem) -> UInt32 {
        guard let seed = request.seed else { return random }
        guard let value = UInt32(exactly: seed) else {
            throw .outOfRange(request.spelling("seed"), 0...Int(UInt32.max), got: seed)
        }
        return value
    }

    // MARK: Resolution

    private func resolution(
        _ request: VideoRequest, model: Model, hints: ModelReference, _ notices: inout [String]
    ) throws(RequestProblem) -> String? {
        let given = request.resolution.map { $0.trimmingBlanks().lowercased() } ?? ""
        if !given.isEmpty {
            let name = given.utf8.allSatisfy { (48...57).contains($0) } ? "\(given)p" : given
            return try offered(
                name, by: model, param: request.spelling("resolution"), shown: request.resolution ?? given, &notices)
        }
        if let hint = hints.resolution {
            return try offered(hint, by: model, param: "model", shown: hint, &notices)
        }
        if request.endpoint == .openAI, case .pixels(let size)? = try sizeParameter(request),
            min(size.width, size.height) >= 1000, model.resolutions.contains("1080p")
        {
            return "1080p"
        }
        return model.resolutions.first
    }

    private func offered(
        _ resolution: String, by model: Model, param: String, shown: String, _ notices: inout [String]
    ) throws(RequestProblem) -> String? {
        if model.resolutions.isEmpty, Self.usualResolutions.contains(resolution) {
            notices.append(Notice.resolutionIgnoredModel)
            return nil
        }
        guard model.resolutions.contains(resolution) else {
            let list = model.resolutions.isEmpty ? Self.usualResolutions : model.resolutions
            throw RequestProblem(
                .unsupportedResolution, param: param,
                values: [.got: .echo(shown), .model: PlaceholderText(model.id), .list: .list(list)])
        }
        return resolution
    }
}
