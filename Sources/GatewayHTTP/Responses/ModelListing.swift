import GatewayCore
import NIOCore
import WireJSON

/// The model list (endpoints.md section 16). The one of the built-in catalogue is written out once for every variant that
/// can be asked for, so that answering costs no work; one that follows the site's own word is written when it is asked for.
struct ModelListing: Sendable {
    enum Aliases: String, Hashable, CaseIterable {
        /// Those that the field's documents use.
        case seeds
        case all
        case none
    }

    struct Variant: Hashable {
        var kind: MediaKind?
        var aliases = Aliases.seeds
        /// Also what the site no longer offers.
        var includesUnavailable = false
    }

    /// When the gateway's model names were fixed; the site tells no dates.
    private static let created: Int64 = 1_764_547_200
    private static let openAIImageNames = [
        "gpt-image-1", "gpt-image-1-mini", "gpt-image-1.5", "gpt-image-2", "chatgpt-image-latest", "dall-e-3",
        "dall-e-2",
    ]
    private static let openAIVideoNames = ["sora-2", "sora-2-pro"]

    private let lists: [Variant: ByteBuffer]
    private let single: [String: ByteBuffer]
    private let openAIAliases: Bool

    init(_ catalogue: ModelCatalogue, openAIAliases: Bool) {
        self.openAIAliases = openAIAliases
        let openAI = openAIAliases ? Self.openAI(catalogue) : []
        var lists: [Variant: ByteBuffer] = [:]
        for kind in [nil] + MediaKind.allCases.map(Optional.some) {
            for aliases in Aliases.allCases {
                for unavailable in [false, true] {
                    let variant = Variant(kind: kind, aliases: aliases, includesUnavailable: unavailable)
                    lists[variant] = Self.list(catalogue, variant, openAI: openAI, .fixed)
                }
            }
        }
        self.lists = lists
        var single: [String: ByteBuffer] = [:]
        for (name, model) in openAI { single[name] = Self.buffer(Self.entry(model, as: name, .fixed)) }
        for model in catalogue.models {
            for alias in model.aliases where catalogue.model(named: alias)?.id == model.id {
                single[alias.lowercased()] = Self.buffer(Self.entry(model, as: alias, .fixed))
            }
        }
        for model in catalogue.models {
            single[model.id.lowercased()] = Self.buffer(Self.entry(model, as: model.id, .fixed))
        }
        self.single = single
    }

    func list(_ variant: Variant) -> ByteBuffer { lists[variant] ?? ByteBuffer() }

    /// The list as some accounts have it.
    func list(_ variant: Variant, of view: CatalogueBook.View) -> ByteBuffer {
        guard view.source != .fixed else { return list(variant) }
        let openAI = openAIAliases ? Self.openAI(view.catalogue) : []
        return Self.list(view.catalogue, variant, openAI: openAI, view.source)
    }

    /// The model of this name or alias as some accounts have it.
    func model(_ name: String, of view: CatalogueBook.View) -> ByteBuffer? {
        guard view.source != .fixed else { return model(name) }
        if let model = view.catalogue.model(named: name) {
            let names = [model.id] + model.aliases
            let spelling = names.first { $0.lowercased() == name.lowercased() } ?? model.id
            return Self.buffer(Self.entry(model, as: spelling, view.source))
        }
        let openAI = openAIAliases ? Self.openAI(view.catalogue) : []
        return openAI.first { $0.0 == name.lowercased() }.map { Self.buffer(Self.entry($0.1, as: $0.0, view.source)) }
    }

    /// The model of this name or alias, ignoring case.
    func model(_ name: String) -> ByteBuffer? { single[name.lowercased()] }

    private static func openAI(_ catalogue: ModelCatalogue) -> [(String, Model)] {
        let image = catalogue.model(named: catalogue.fallbackImageModel ?? catalogue.defaultImageModel)
        let video = catalogue.model(named: catalogue.defaultVideoModel)
        let names = openAIImageNames.map { ($0, image) } + openAIVideoNames.map { ($0, video) }
        return names.compactMap { name, model in
            guard let model, catalogue.model(named: name) == nil else { return nil }
            return (name, model)
        }
    }

    private static func list(
        _ catalogue: ModelCatalogue, _ variant: Variant, openAI: [(String, Model)], _ source: CatalogueBook.Source
    ) -> ByteBuffer {
        let models = catalogue.models.filter { model in
            (variant.kind == nil || model.kind == variant.kind)
                && (variant.includesUnavailable || model.status != .unavailable)
        }
        var entries = models.map { entry($0, as: $0.id, source) }
        for model in models {
            let aliases =
                switch variant.aliases {
                case .seeds: model.listedAliases
                case .all: model.aliases
                case .none: [String]()
                }
            entries += aliases.map { entry(model, as: $0, source) }
        }
        if variant.aliases == .all {
            entries += openAI.filter { variant.kind == nil || $0.1.kind == variant.kind }
                .map { entry($0.1, as: $0.0, source) }
        }
        return buffer(["object": "list", "data": .array(entries)])
    }

    private static func entry(_ model: Model, as name: String, _ source: CatalogueBook.Source) -> JSONValue {
        let lowered = name.lowercased()
        let byAlias = model.defaultResolutionByAlias.first { $0.key.lowercased() == lowered }?.value
        var entry: JSONObject = [
            "id": .string(name), "object": "model", "created": .integer(created),
            "owned_by": model.kind == .image ? "jimeng-image" : "jimeng-video", "type": .string(model.kind.rawValue),
            "name": .string(model.displayName), "description": .string(model.details),
            "alias_of": name == model.id ? .null : .string(model.id), "status": .string(model.status.rawValue),
            "regions": .strings(model.regions.map(\.rawValue)), "supported_resolutions": .strings(model.resolutions),
            "default_resolution": .optional(byAlias ?? model.resolutions.first),
            "supported_ratios": .strings(model.ratios.map(\.rawValue)),
        ]
        switch model.kind {
        case .image:
            entry["supports"] = [
                "image_input": .bool(model.maximumInputImages > 0),
                "intelligent_ratio": .bool(model.supportsIntelligentRatio),
                "multi_image": .bool(model.supportsMultiImage),
            ]
        case .video:
            entry["durations"] = .array(model.durations.map { .integer(Int64($0)) })
            entry["default_duration"] = .optional(model.durations.first)
            entry["supports"] = ["omni": .bool(model.supportsOmniReference)]
        }
        entry["source"] = .string(source.rawValue)
        return .object(entry)
    }

    private static func buffer(_ value: JSONValue) -> ByteBuffer { ByteBuffer(bytes: value.serialized()) }
}
