/// Finds the model that a request names (endpoints.md section 5).
struct ModelChooser {
    struct Choice {
        var model: Model
        /// As the client wrote it, or the default's.
        var name: String
        var reference: ModelReference
        var isOpenAIName = false
        var notices: [String] = []
    }

    let catalogue: ModelCatalogue
    /// Use the default model for unknown names instead of refusing them.
    let unknownModelsFallBack: Bool
    /// Whether OpenAI's model names stand for models here.
    let openAIAliases: Bool

    private static let openAIImageNames: Set<String> = [
        "gpt-image-1", "gpt-image-1-mini", "gpt-image-1.5", "gpt-image-2", "chatgpt-image-latest", "dall-e-3",
        "dall-e-2",
    ]
    /// What OpenAI's video names stand for where the site has it.
    private static let siteNamesake = "jimeng-video-sora2"

    init(catalogue: ModelCatalogue, options: ImageRequestResolver.Options) {
        self.catalogue = catalogue
        unknownModelsFallBack = options.unknownModelsFallBack
        openAIAliases = options.openAIAliases
    }

    /// `text` nil or blank: the default of the kind. `regions` are those of the accounts at hand; empty = any.
    /// Throws: `model_not_found`, `wrong_model_type`.
    func choose(_ text: String?, kind: MediaKind, regions: [Region]) throws(RequestProblem) -> Choice {
        let given = text.map { $0.trimmingBlanks() } ?? ""
        guard !given.isEmpty else { return try defaultChoice(kind, regions) }
        let unknown = RequestProblem(.modelNotFound, param: "model", values: [.model: .echo(given)])
        guard given.utf8.count <= 256 else { throw unknown }
        var choice: Choice
        if let model = catalogue.model(named: ModelReference.withoutPrefix(given)),
            let reference = ModelReference(parsing: model.id)
        {
            choice = Choice(model: model, name: given, reference: reference)
            choice.reference.base = ModelReference.withoutPrefix(given)
        } else if let reference = ModelReference(parsing: given), let model = catalogue.model(named: reference.base) {
            choice = Choice(model: model, name: given, reference: reference)
        } else {
            choice = try replacement(for: given, kind, regions, unknown: unknown)
        }
        let base = choice.reference.base.lowercased()
        if openAIAliases, Self.openAIImageNames.contains(base) {
            choice.isOpenAIName = true
            // A site without the real model of that name still serves the request.
            if !regions.isEmpty, !regions.contains(where: { choice.model.upstreamKeys[$0] != nil }),
                let fallback = catalogue.model(named: catalogue.defaultImageModel)
            {
                choice.model = fallback
            }
        }
        guard choice.model.kind == kind else { throw wrongKind(given, wanted: kind) }
        if choice.notices.isEmpty, base != choice.model.id.lowercased() {
            choice.notices = [Notice.modelAlias(choice.model.id)]
        }
        return choice
    }

    /// Those of `regions` (empty = all) that have the model, in their order; at least one.
    /// Throws: `region_mismatch`.
    func usableRegions(_ model: Model, of regions: [Region]) throws(RequestProblem) -> [Region] {
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

    // MARK: Defaults and replacements

    private func defaultChoice(_ kind: MediaKind, _ regions: [Region]) throws(RequestProblem) -> Choice {
        let name = kind == .image ? catalogue.defaultImageModel : catalogue.defaultVideoModel
        guard let model = catalogue.model(named: name), let reference = ModelReference(parsing: model.id) else {
            throw RequestProblem(.modelNotFound, param: "model", values: [.model: .echo(name)])
        }
        let choice = Choice(model: model, name: name, reference: reference)
        return usableInstead(of: choice, regions) ?? choice
    }

    /// A default that every site at hand has given up is replaced by one that works. A named model never is.
    private func usableInstead(of choice: Choice, _ regions: [Region]) -> Choice? {
        let name = choice.model.kind == .image ? catalogue.fallbackImageModel : catalogue.fallbackVideoModel
        guard !regions.isEmpty, regions.allSatisfy({ choice.model.offlineRegions.contains($0) }),
            let fallback = name.flatMap({ catalogue.model(named: $0) }),
            regions.contains(where: { fallback.upstreamKeys[$0] != nil })
        else { return nil }
        var replaced = choice
        replaced.model = fallback
        replaced.notices = [Notice.modelFallback(fallback.id)]
        return replaced
    }

    private func replacement(
        for name: String, _ kind: MediaKind, _ regions: [Region], unknown: RequestProblem
    ) throws(RequestProblem) -> Choice {
        guard let reference = ModelReference(parsing: name) else { throw unknown }
        let base = reference.base.lowercased()
        if openAIAliases, Self.openAIImageNames.contains(base) {
            guard let model = catalogue.model(named: catalogue.defaultImageModel) else { throw unknown }
            return Choice(model: model, name: name, reference: reference, isOpenAIName: true)
        }
        if openAIAliases, base == "sora-2" || base.hasPrefix("sora-2-") {
            return try namesake(name, reference, regions, unknown: unknown)
        }
        guard unknownModelsFallBack else { throw unknown }
        var choice = try defaultChoice(kind, regions)
        choice.name = name
        choice.reference = reference
        choice.notices = [Notice.modelFallback(choice.model.id)]
        return choice
    }

    /// The site's model of that name where the first account's region has it, else the default.
    private func namesake(
        _ name: String, _ reference: ModelReference, _ regions: [Region], unknown: RequestProblem
    ) throws(RequestProblem) -> Choice {
        if let first = regions.first, let model = catalogue.model(named: Self.siteNamesake),
            model.upstreamKeys[first] != nil
        {
            return Choice(model: model, name: name, reference: reference, isOpenAIName: true)
        }
        guard let model = catalogue.model(named: catalogue.defaultVideoModel) else { throw unknown }
        let choice = Choice(model: model, name: name, reference: reference, isOpenAIName: true)
        return usableInstead(of: choice, regions) ?? choice
    }

    private func wrongKind(_ name: String, wanted: MediaKind) -> RequestProblem {
        let (kind, want) =
            wanted == .image
            ? (
                PlaceholderText(english: "videos", chinese: "视频"),
                PlaceholderText(english: "an image model", chinese: "图片")
            )
            : (
                PlaceholderText(english: "images", chinese: "图片"),
                PlaceholderText(english: "a video model", chinese: "视频")
            )
        return RequestProblem(
            .wrongModelType, param: "model", values: [.model: .echo(name), .kind: kind, .want: want])
    }
}
