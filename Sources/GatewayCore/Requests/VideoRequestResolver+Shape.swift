/// Ratio and length (endpoints.md section 7).
extension VideoRequestResolver {
    // MARK: Ratio

    func ratio(
        _ request: VideoRequest, prompt: String, model: Model, hints: ModelReference, _ notices: inout [String]
    ) throws(RequestProblem) -> (text: String, isExplicit: Bool) {
        if let explicit = try explicitRatio(request, model: model) {
            _ = try sizeParameter(request)
            return (explicit, true)
        }
        if case .pixels(let size)? = try sizeParameter(request) {
            notices.append(Notice.ratioFromSize)
            return (PictureSizes(model: model).nearestRatio(to: size).rawValue, true)
        }
        if let ratio = hints.ratio {
            guard model.ratios.contains(ratio) else {
                throw unsupportedRatio(ratio.rawValue, model: model, param: "model")
            }
            return (ratio.rawValue, true)
        }
        if let size = hints.size {
            guard SizeParameter.isInRange(size) else { throw invalidSize(size.description, param: "model") }
            return (PictureSizes(model: model).nearestRatio(to: size).rawValue, true)
        }
        if options.readsPromptHints, request.promptHints != false,
            let named = PromptHints.ratio(
                in: prompt, allowed: model.ratios.map(\.rawValue), keywords: options.ratioKeywords)
        {
            notices.append(Notice.ratioFromPrompt)
            return (named, false)
        }
        let usual: AspectRatio =
            switch request.endpoint {
            case .generations: .square
            case .openAI: .portrait9x16
            case .chat: .landscape16x9
            }
        return ((model.ratios.contains(usual) ? usual : model.ratios.first ?? usual).rawValue, false)
    }

    private func explicitRatio(_ request: VideoRequest, model: Model) throws(RequestProblem) -> String? {
        guard let text = request.ratio else { return nil }
        let separators: Set<Character> = [":", "：", "x", "X", "/", "-"]
        let normalized = String(text.prefix(32)).filter { !$0.isWhitespace }.lowercased()
        switch normalized {
        case "", "custom", "auto": return nil
        case "adaptive": return model.supportsOmniReference ? "adaptive" : nil
        default: break
        }
        let sides = normalized.split(omittingEmptySubsequences: false) { separators.contains($0) }
        guard text.count <= 32, sides.count == 2, let ratio = AspectRatio(rawValue: "\(sides[0]):\(sides[1])"),
            model.ratios.contains(ratio)
        else { throw unsupportedRatio(text, model: model, param: request.spelling("ratio")) }
        return ratio.rawValue
    }

    private func unsupportedRatio(_ text: String, model: Model, param: String) -> RequestProblem {
        RequestProblem(
            .unsupportedRatio, param: param,
            values: [
                .got: .echo(text), .model: PlaceholderText(model.id), .list: .list(model.ratios.map(\.rawValue)),
            ])
    }

    /// `width` and `height` together win over `size`. Tiers of pictures are no sizes of videos.
    func sizeParameter(_ request: VideoRequest) throws(RequestProblem) -> SizeParameter? {
        if request.width != nil || request.height != nil {
            guard let width = request.width else { throw .missing("width") }
            guard let height = request.height else { throw .missing("height") }
            let size = PixelSize(width: width, height: height)
            guard SizeParameter.isInRange(size) else { throw invalidSize(size.description, param: "width") }
            return .pixels(size)
        }
        guard let text = request.size else { return nil }
        switch SizeParameter(parsing: text) {
        case .automatic?: return .automatic
        case .pixels(let size)?: return .pixels(size)
        case .tier?, nil: throw invalidSize(text, param: request.spelling("size"))
        }
    }

    private func invalidSize(_ text: String, param: String) -> RequestProblem {
        RequestProblem(.invalidSize, param: param, values: [.got: .echo(text)])
    }

    // MARK: Length

    /// Models that make ten seconds in a chat where nothing is said.
    private static let longerInChat: Set<String> = [
        "jimeng-video-3.0", "jimeng-video-3.0-pro", "jimeng-video-3.0-fast",
    ]

    /// Whole seconds; -1 follows the input video.
    func seconds(
        _ request: VideoRequest, prompt: String, model: Model, hints: ModelReference, _ notices: inout [String]
    ) throws(RequestProblem) -> Int {
        let param = request.spelling("duration")
        if let text = request.duration.map({ $0.trimmingBlanks() }), !text.isEmpty {
            guard let wanted = Self.wholeNumber(text) else {
                throw unsupportedDuration(text, model: model, param: param)
            }
            if wanted == -1, model.supportsOmniReference { return wanted }
            return try made(wanted, of: model, param: param, mapped: request.endpoint == .openAI, &notices)
        }
        if let hint = hints.duration {
            return try made(hint, of: model, param: "model", mapped: request.endpoint == .openAI, &notices)
        }
        if options.readsPromptHints, request.promptHints != false,
            let named = PromptHints.seconds(in: prompt, allowed: model.durations)
        {
            notices.append(Notice.durationFromPrompt)
            return named
        }
        if request.endpoint == .chat, let usual = options.chatVideoSeconds, model.durations.contains(usual) {
            return usual
        }
        if request.endpoint == .chat, Self.longerInChat.contains(model.id), model.durations.contains(10) { return 10 }
        return model.durations.first ?? 5
    }

    /// `mapped`: the nearest length the model makes, of equally near ones the longer, instead of a refusal.
    private func made(
        _ wanted: Int, of model: Model, param: String, mapped: Bool, _ notices: inout [String]
    ) throws(RequestProblem) -> Int {
        if model.durations.contains(wanted) { return wanted }
        let usual = model.durations.first ?? 5
        if model.toleratedDurations.contains(wanted) {
            notices.append(Notice.durationAdjusted(usual))
            return usual
        }
        guard mapped, wanted > 0 else { throw unsupportedDuration("\(wanted)", model: model, param: param) }
        let nearest = model.durations.min { left, right in
            let (toLeft, toRight) = (abs(left - min(wanted, 1_000_000)), abs(right - min(wanted, 1_000_000)))
            return toLeft == toRight ? left > right : toLeft < toRight
        }
        notices.append(Notice.durationAdjusted(nearest ?? usual))
        return nearest ?? usual
    }

    /// `5`, `5.0`, `-1`.
    private static func wholeNumber(_ text: String) -> Int? {
        guard text.utf8.count <= 12 else { return nil }
        let halves = text.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2, halves.count == 1 || (!halves[1].isEmpty && halves[1].utf8.allSatisfy { $0 == 48 })
        else { return nil }
        return Int(halves[0])
    }

    func unsupportedDuration(_ text: String, model: Model, param: String) -> RequestProblem {
        RequestProblem(
            .unsupportedDuration, param: param,
            values: [
                .got: .echo(text), .model: PlaceholderText(model.id),
                .list: PlaceholderText(Self.shown((model.durations + model.toleratedDurations).sorted())),
            ])
    }

    /// `5, 10, 12`; `4–15` for a run of at least four.
    private static func shown(_ values: [Int]) -> String {
        guard let first = values.first, let last = values.last, values.count >= 4, last - first == values.count - 1
        else { return values.map { "\($0)" }.joined(separator: ", ") }
        return "\(first)–\(last)"
    }
}
