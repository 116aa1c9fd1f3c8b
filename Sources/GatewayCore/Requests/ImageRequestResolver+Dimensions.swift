/// What a request says about the shape, each already checked by itself.
struct ExplicitDimensions {
    enum Ratio: Hashable {
        case absent
        /// `auto`: the site chooses where it can.
        case automatic
        case fixed(AspectRatio)
    }

    var ratio: Ratio
    var resolution: String?
    var size: SizeParameter?
    var hints: ModelReference
}

/// The shape a request ends up with.
struct PictureDimensions {
    var ratio: AspectRatio
    var resolution: String
    var size: PixelSize
    var isIntelligent = false
    var followsFirstReference = false
    /// Whether nothing has named a ratio: the prompt may, and else it is the default.
    var isRatioOpen = false
    var notices: [String] = []
}

extension ImageRequestResolver {
    /// Every tier that some model of the site has.
    private static let tiers: Set<String> = ["1k", "1.5k", "2k", "4k"]

    /// `16：9`, `16 x 9`, `16/9` and `16-9` are `16:9`; not in the model's list is refused.
    func explicitRatio(_ request: ImageRequest, model: Model) throws(RequestProblem) -> ExplicitDimensions.Ratio {
        guard let text = request.ratio else { return .absent }
        let separators: Set<Character> = [":", "：", "x", "X", "/", "-"]
        let normalized = String(text.prefix(32)).filter { !$0.isWhitespace }.lowercased()
        switch normalized {
        case "", "custom": return .absent
        case "auto", "adaptive": return .automatic
        default: break
        }
        let sides = normalized.split(omittingEmptySubsequences: false) { separators.contains($0) }
        guard text.count <= 32, sides.count == 2, let ratio = AspectRatio(rawValue: "\(sides[0]):\(sides[1])"),
            model.ratios.contains(ratio)
        else {
            throw RequestProblem(
                .unsupportedRatio, param: request.spelling("ratio"),
                values: [
                    .got: .echo(text), .model: PlaceholderText(model.id), .list: .list(model.ratios.map(\.rawValue)),
                ])
        }
        return .fixed(ratio)
    }

    func explicitResolution(_ request: ImageRequest, model: Model) throws(RequestProblem) -> String? {
        guard let text = request.resolution else { return nil }
        let resolution = text.trimmingBlanks().lowercased()
        guard !resolution.isEmpty else { return nil }
        // A model whose size the region imposes makes that size whichever tier is named (section 6.4, rule 1).
        if !model.forcedSizes.isEmpty, Self.tiers.contains(resolution) { return resolution }
        try checkOffered(resolution, by: model, param: request.spelling("resolution"), shown: text)
        return resolution
    }

    /// A tier is offered when the model lists it and its pixels are known.
    private func checkOffered(
        _ resolution: String, by model: Model, param: String, shown: String
    ) throws(RequestProblem) {
        let offered = model.resolutions.filter { model.sizes[$0] != nil || !model.forcedSizes.isEmpty }
        guard offered.contains(resolution) else {
            throw RequestProblem(
                .unsupportedResolution, param: param,
                values: [.got: .echo(shown), .model: PlaceholderText(model.id), .list: .list(offered)])
        }
    }

    /// `width` and `height` together win over `size`.
    func sizeParameter(_ request: ImageRequest) throws(RequestProblem) -> SizeParameter? {
        if options.refusesSizeParameters {
            let sent = [
                ("size", request.size != nil), ("width", request.width != nil), ("height", request.height != nil),
            ]
            if let field = sent.first(where: \.1) {
                throw .unsupported(
                    request.spelling(field.0), english: "Use ratio and resolution.",
                    chinese: "请改用 ratio 与 resolution 指定画面尺寸。")
            }
        }
        if request.width != nil || request.height != nil {
            guard let width = request.width else { throw .missing("width") }
            guard let height = request.height else { throw .missing("height") }
            let size = PixelSize(width: width, height: height)
            guard SizeParameter.isInRange(size) else { throw invalidSize(size.description, param: "width") }
            return .pixels(size)
        }
        guard let text = request.size else { return nil }
        guard let size = SizeParameter(parsing: text) else {
            throw invalidSize(text, param: request.spelling("size"))
        }
        return size
    }

    private func invalidSize(_ text: String, param: String) -> RequestProblem {
        RequestProblem(.invalidSize, param: param, values: [.got: .echo(text)])
    }

    /// Applies the precedence of endpoints.md sections 6.2 and 6.4.
    func dimensions(
        _ request: ImageRequest, model: Model, requested name: String, region: Region, _ explicit: ExplicitDimensions
    ) throws(RequestProblem) -> PictureDimensions {
        if let forced = model.forcedSizes[region] { return try forcedDimensions(request, model, forced, explicit) }
        var result = PictureDimensions(ratio: .square, resolution: "", size: PixelSize(width: 0, height: 0))
        try decideRatio(&result, model: model, explicit)
        let leavesShape = request.references.decideShape && result.isRatioOpen
        let wantsChoice = request.intelligentRatio || explicit.ratio == .automatic || leavesShape
        if wantsChoice, model.supportsIntelligentRatio {
            result.isIntelligent = true
            // The picture's shape is the site's; a pixel pair goes out all the same, and only the explicit wish is told.
            result.notices = []
            if case .fixed = explicit.ratio { result.notices = [Notice.ratioIgnoredIntelligent] }
            result.ratio = .square
            result.isRatioOpen = false
        }
        try decideResolution(&result, request, model: model, requested: name, explicit)
        askPrompt(&result, request, model: model)
        result.followsFirstReference =
            leavesShape && !result.isIntelligent && !result.notices.contains(Notice.ratioFromPrompt)
        guard let size = model.sizes[result.resolution]?[result.ratio] else {
            throw RequestProblem(
                .unsupportedResolution, param: request.spelling("resolution"),
                values: [
                    .got: .echo(result.resolution), .model: PlaceholderText(model.id),
                    .list: .list(model.resolutions.filter { model.sizes[$0]?[result.ratio] != nil }),
                ])
        }
        result.size = size
        return result
    }

    private func forcedDimensions(
        _ request: ImageRequest, _ model: Model, _ forced: Model.ForcedSize, _ explicit: ExplicitDimensions
    ) throws(RequestProblem) -> PictureDimensions {
        var result = PictureDimensions(
            ratio: .square, resolution: forced.resolution, size: forced.size ?? PixelSize(width: 1024, height: 1024))
        if forced.size == nil {
            try decideRatio(&result, model: model, explicit)
            askPrompt(&result, request, model: model)
            guard let size = model.sizes[forced.resolution]?[result.ratio] else {
                throw RequestProblem(
                    .unsupportedRatio, param: "ratio",
                    values: [
                        .got: PlaceholderText(result.ratio.rawValue), .model: PlaceholderText(model.id),
                        .list: .list(
                            model.ratios.filter { model.sizes[forced.resolution]?[$0] != nil }.map(\.rawValue)),
                    ])
            }
            result.size = size
        }
        result.notices.append(Notice.resolutionForced)
        return result
    }

    private func decideRatio(
        _ result: inout PictureDimensions, model: Model, _ explicit: ExplicitDimensions
    ) throws(RequestProblem) {
        if case .fixed(let ratio) = explicit.ratio {
            result.ratio = ratio
        } else if case .pixels(let size)? = explicit.size {
            result.ratio = PictureSizes(model: model).placement(of: size).ratio
            result.notices.append(Notice.ratioFromSize)
        } else if let ratio = explicit.hints.ratio {
            guard model.ratios.contains(ratio) else {
                throw RequestProblem(
                    .unsupportedRatio, param: "model",
                    values: [
                        .got: PlaceholderText(ratio.rawValue), .model: PlaceholderText(model.id),
                        .list: .list(model.ratios.map(\.rawValue)),
                    ])
            }
            result.ratio = ratio
        } else if let size = explicit.hints.size {
            guard SizeParameter.isInRange(size) else { throw invalidSize(size.description, param: "model") }
            result.ratio = PictureSizes(model: model).placement(of: size).ratio
        } else {
            result.isRatioOpen = true
        }
    }

    /// A ratio that the prompt names, of those that exist at the resolution (section 6.3).
    private func askPrompt(_ result: inout PictureDimensions, _ request: ImageRequest, model: Model) {
        guard result.isRatioOpen, options.readsPromptHints, request.promptHints != false, let prompt = request.prompt
        else { return }
        let sizes = model.sizes[result.resolution] ?? [:]
        let named = PromptHints.ratio(
            in: prompt, allowed: model.ratios.filter { sizes[$0] != nil }.map(\.rawValue),
            keywords: options.ratioKeywords)
        guard let ratio = named.flatMap({ AspectRatio(rawValue: $0) }) else { return }
        result.ratio = ratio
        result.notices.append(Notice.ratioFromPrompt)
    }

    private func decideResolution(
        _ result: inout PictureDimensions, _ request: ImageRequest, model: Model, requested name: String,
        _ explicit: ExplicitDimensions
    ) throws(RequestProblem) {
        if let resolution = explicit.resolution {
            result.resolution = resolution
            return
        }
        switch explicit.size {
        case .tier(let tier)?:
            try checkOffered(tier, by: model, param: request.spelling("size"), shown: tier)
            result.resolution = tier
            return
        case .pixels(let size)?:
            result.resolution = PictureSizes(model: model).placement(of: size).resolution
            result.notices.append(Notice.resolutionFromSize)
            return
        case .automatic?, nil: break
        }
        if let hint = explicit.hints.resolution {
            try checkOffered(hint, by: model, param: "model", shown: hint)
            result.resolution = hint
        } else if let size = explicit.hints.size {
            result.resolution = PictureSizes(model: model).placement(of: size).resolution
        } else if request.quality?.lowercased() == "low", model.resolutions.contains("1k"), model.sizes["1k"] != nil {
            result.resolution = "1k"
        } else {
            result.resolution = defaultResolution(of: model, calledAs: explicit.hints.base)
        }
    }

    private func defaultResolution(of model: Model, calledAs name: String) -> String {
        let lowered = name.lowercased()
        for (alias, resolution) in model.defaultResolutionByAlias where alias.lowercased() == lowered {
            return resolution
        }
        return model.resolutions.first ?? "2k"
    }
}
