extension ModelCatalogue {
    /// The catalogue as the accounts behind `live` have it (endpoints.md sections 5 and 16): models they lack are
    /// `unavailable` (and stay callable by name), the site's own figures take the place of the built-in ones, and models
    /// that only the site knows are added under the site's key.
    ///
    /// `live`: catalogues of accounts and where they are, the most important first; where two disagree about a model,
    /// the first counts.
    package func applying(_ live: [(region: Region, catalogue: LiveCatalogue)]) -> ModelCatalogue {
        guard !live.isEmpty else { return self }
        var merge = CatalogueMerge(models)
        for (region, catalogue) in live {
            if let images = catalogue.images { merge.apply(images, kind: .image, in: region) }
            if let videos = catalogue.videos { merge.apply(videos, kind: .video, in: region) }
        }
        let merged = merge.finished
        let isListed = { (name: String, kind: MediaKind) in
            !merge.knownKinds.contains(kind)
                || merged.contains { $0.id == name && $0.kind == kind && $0.status != .unavailable }
        }
        let starts = live.lazy.compactMap { region, catalogue in
            catalogue.defaultImageKey.flatMap { key in merged.first { $0.upstreamKeys[region] == key }?.id }
        }
        return ModelCatalogue(
            models: merged, defaultImageModel: defaultImageModel, defaultVideoModel: defaultVideoModel,
            fallbackImageModel: isListed(defaultImageModel, .image)
                ? nil : starts.first ?? merged.first { $0.kind == .image && $0.status != .unavailable }?.id,
            fallbackVideoModel: fallbackVideoModel.flatMap { isListed($0, .video) ? $0 : nil }
                ?? merged.first { $0.kind == .video && $0.status != .unavailable }?.id ?? fallbackVideoModel)
    }
}

/// Built-in models and live ones becoming one list.
private struct CatalogueMerge {
    /// Kinds that at least one account's catalogue speaks of.
    private(set) var knownKinds: Set<MediaKind> = []
    private var models: [Model]
    /// Where some account's catalogue lists a model, by its position.
    private var listed: [Int: Set<Region>] = [:]
    /// Regions whose catalogue speaks of the kind.
    private var knownRegions: [MediaKind: Set<Region>] = [:]
    /// Most models a catalogue may add.
    private static let mostAdditions = 100
    private let builtIn: Int

    init(_ models: [Model]) {
        self.models = models
        builtIn = models.count
    }

    mutating func apply(_ live: [LiveModel], kind: MediaKind, in region: Region) {
        knownKinds.insert(kind)
        knownRegions[kind, default: []].insert(region)
        for entry in live {
            if let position = position(of: entry.key, kind: kind, in: region) {
                if listed[position] == nil { models[position].take(entry) }
                listed[position, default: []].insert(region)
                models[position].upstreamKeys[region] = entry.key
                models[position].offlineRegions.remove(region)
                if models[position].status == .unavailable { models[position].status = .current }
            } else if models.count - builtIn < Self.mostAdditions, let model = Model(entry, kind: kind, in: region) {
                listed[models.count] = [region]
                models.append(model)
            }
        }
    }

    /// The model with this key in the region; else one with this key everywhere else, which the region now has too.
    private func position(of key: String, kind: MediaKind, in region: Region) -> Int? {
        models.firstIndex { $0.kind == kind && $0.upstreamKeys[region] == key }
            ?? models.firstIndex {
                $0.kind == kind && $0.upstreamKeys[region] == nil && Set($0.upstreamKeys.values) == [key]
            }
    }

    /// Images in their order, then videos; added ones behind those that were there.
    var finished: [Model] {
        var models = models
        for position in models.indices {
            guard let regions = knownRegions[models[position].kind] else { continue }
            let listing = listed[position] ?? []
            models[position].offlineRegions.formUnion(regions.subtracting(listing))
            if listing.isEmpty { models[position].status = .unavailable }
        }
        return models.filter { $0.kind == .image } + models.filter { $0.kind == .video }
    }
}

extension Model {
    /// A model that only the site knows; nil when the site says too little to ask for it.
    fileprivate init?(_ live: LiveModel, kind: MediaKind, in region: Region) {
        guard kind == .image ? !live.sizes.isEmpty : !live.durations.isEmpty && !live.resolutions.isEmpty else {
            return nil
        }
        self.init(
            id: live.key, kind: kind, displayName: live.name ?? live.key, upstreamKeys: [region: live.key],
            resolutions: kind == .image
                ? [] : Self.ordered(live.resolutions, usual: nil, site: live.defaultResolution),
            ratios: kind == .image ? [] : [.square, .landscape16x9, .portrait9x16])
        maximumFrames = kind == .image ? 0 : 1
        take(live)
    }

    /// Takes over what the site says. Where it is silent, what is known stays.
    fileprivate mutating func take(_ live: LiveModel) {
        if let name = live.name { displayName = name }
        if let text = live.details { details = text }
        takeSizes(live)
        if !live.counts.isEmpty {
            countOptions = live.counts
            defaultCount = live.defaultCount ?? defaultCount.flatMap { live.counts.contains($0) ? $0 : nil }
        }
        if let most = live.maximumInputImages { maximumInputImages = most }
        if !live.durations.isEmpty {
            durations = Self.ordered(live.durations, usual: durations.first, site: live.defaultDuration)
            toleratedDurations.removeAll { live.durations.contains($0) }
        }
        if live.takesReferences { supportsOmniReference = true }
        omniLimits.images = live.maximumReferenceImages ?? omniLimits.images
        omniLimits.videos = live.maximumReferenceVideos ?? omniLimits.videos
        omniLimits.audios = live.maximumReferenceAudios ?? omniLimits.audios
    }

    private mutating func takeSizes(_ live: LiveModel) {
        switch kind {
        case .image:
            guard !live.sizes.isEmpty else { return }
            for (resolution, row) in live.sizes { sizes[resolution] = row }
            let offered = live.resolutions.filter { live.sizes[$0] != nil }
            nativeResolutions = offered
            // What the site does not list may still be asked for by name, as before.
            resolutions =
                Self.ordered(offered, usual: resolutions.first, site: live.defaultResolution)
                + resolutions.filter { !offered.contains($0) }
            let rows = live.sizes.values.reduce(into: Set<AspectRatio>()) { $0.formUnion($1.keys) }
            ratios = AspectRatio.allCases.filter { ratios.contains($0) || rows.contains($0) }
        case .video:
            // A model that is known to take none is not asked with one, whatever the list says.
            if !live.resolutions.isEmpty, !resolutions.isEmpty {
                resolutions = Self.ordered(live.resolutions, usual: resolutions.first, site: live.defaultResolution)
                nativeResolutions = resolutions
            }
            if !live.ratios.isEmpty { ratios = live.ratios }
        }
    }

    /// `values` with the default in front. The documented one stays as long as it is offered, because a request that
    /// names none must not cost something else from one day to the next; then the site's counts.
    private static func ordered<Value: Equatable>(_ values: [Value], usual: Value?, site: Value?) -> [Value] {
        guard let first = [usual, site].lazy.compactMap(\.self).first(where: values.contains) else { return values }
        return [first] + values.filter { $0 != first }
    }
}
