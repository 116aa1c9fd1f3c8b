import WireJSON

/// The video models of one account, as the site lists them (protocol page `field-notes.md`, section (g)).
package struct LiveVideoCatalogue: Sendable, Hashable {
    /// In the site's order, at most 200; never empty.
    package var models: [LiveVideoModel]
    /// Most videos the site's own page makes at once.
    package var largestBatch: Int?

    /// Reads the answer to the video catalogue call; throws when there is no model in it.
    package init(_ envelope: SiteEnvelope) throws(SiteFault) {
        let data = envelope.payload
        models = LiveCatalogueReading.entries(in: data).map { Self.model(key: $0.key, $0.entry) }
        guard !models.isEmpty else {
            throw SiteFault(kind: .invalidResponse, context: .check, ret: envelope.ret, logID: envelope.logID)
        }
        largestBatch = data["max_batch_gen_count"]?.looseInt.flatMap { (1...100).contains($0) ? $0 : nil }
    }

    private static func model(key: String, _ entry: JSONValue) -> LiveVideoModel {
        var options: [String: LiveVideoOption] = [:]
        for value in (entry["options"]?.array ?? []).prefix(LiveCatalogueReading.mostEntries) {
            guard let name = SafeText.identifier(value["key"]?.looseText), options[name] == nil else { continue }
            options[name] = LiveVideoOption(value)
        }
        let prices = benefits(entry["commercial_config"])
        let resolution = options["resolution"]
        var resolutions = resolution?.texts.filter(isResolution) ?? []
        if resolutions.isEmpty { resolutions = mentionedResolutions(entry) }
        return LiveVideoModel(
            modelKey: key, name: LiveCatalogueReading.label(entry["model_name"]),
            tip: LiveCatalogueReading.label(entry["model_tip"]), resolutions: resolutions,
            defaultResolution: resolution?.standard?.looseText?.lowercased().nilUnless(isResolution),
            durations: durations(options), defaultDuration: defaultDuration(options),
            ratios: options["video_aspect_ratio"]?.texts.filter(isRatio) ?? [],
            framesPerSecond: LiveCatalogueReading.numbers(options["fps"]?.values ?? [], in: 1...1_000),
            inputs: options["input_media_type"]?.texts.compactMap { SafeText.identifier($0) } ?? [],
            benefitTypes: prices.byResolution, defaultBenefitType: prices.standard,
            takesReferences: options["unified_edit"] != nil,
            materialLimits: materialLimits(options["unified_edit"]?.whole["unified_edit_config"]),
            isDraftMode: entry["extra"]?["is_draft_mode"]?.bool ?? false, status: entry["model_status"]?.looseInt)
    }

    // MARK: Durations

    /// Whole seconds, from frames at 24 per second or from a list of seconds or milliseconds.
    private static func durations(_ options: [String: LiveVideoOption]) -> [Int] {
        let frames = options["frames"]?.values.compactMap(length(ofFrames:)) ?? []
        let direct = options["duration"]?.values.compactMap(length(ofTime:)) ?? []
        return Set(frames.isEmpty ? direct : frames).sorted()
    }

    private static func defaultDuration(_ options: [String: LiveVideoOption]) -> Int? {
        options["frames"]?.standard.flatMap(length(ofFrames:)) ?? options["duration"]?.standard.flatMap(length(ofTime:))
    }

    private static func length(ofFrames value: JSONValue) -> Int? {
        value.looseSeconds.flatMap { bounded(($0 / 24).rounded()) }
    }

    private static func length(ofTime value: JSONValue) -> Int? {
        value.looseSeconds.flatMap { bounded($0 >= 1_000 ? ($0 / 1_000).rounded() : $0.rounded()) }
    }

    private static func bounded(_ seconds: Double) -> Int? { (1...3_600).contains(seconds) ? Int(seconds) : nil }

    // MARK: Prices

    private static func benefits(_ commerce: JSONValue?) -> (byResolution: [String: String], standard: String?) {
        var byResolution: [String: String] = [:]
        func take(_ resolution: String?, _ benefit: JSONValue?) {
            guard let name = resolution?.lowercased(), isResolution(name), byResolution[name] == nil,
                let benefit = SafeText.identifier(benefit?.looseText)
            else { return }
            byResolution[name] = benefit
        }
        let prices = commerce?["resolution_price_configs"]?.array ?? []
        for price in prices.prefix(LiveCatalogueReading.mostEntries) {
            take(price["resolution"]?.looseText, price["price"]?["benefit_type"] ?? price["benefit_type"])
        }
        for (name, info) in (commerce?["commerce_info_map"]?.object ?? JSONObject()).prefix(
            LiveCatalogueReading.mostEntries)
        {
            take(name, info["benefit_type"])
        }
        return (byResolution, SafeText.identifier(commerce?["default"]?["benefit_type"]?.looseText))
    }

    // MARK: Materials

    private static func materialLimits(_ config: JSONValue?) -> LiveVideoModel.MaterialLimits {
        var limits = LiveVideoModel.MaterialLimits()
        for material in (config?["supported_materials"]?.array ?? []).prefix(LiveCatalogueReading.mostEntries) {
            let count = material["limit"]?["max_count"]?.looseInt.flatMap { (0...1_000).contains($0) ? $0 : nil }
            switch material["material_type"]?.looseText?.lowercased() {
            case "image", "1": limits.images = count
            case "video", "2": limits.videos = count
            case "audio", "3": limits.audios = count
            default: break
            }
        }
        return limits
    }

    // MARK: Resolutions and ratios

    private static func isResolution(_ text: String) -> Bool {
        guard let unit = text.last, unit == "p" || unit == "k", text.utf8.count <= 6 else { return false }
        return Double(text.dropLast()).map { $0 > 0 } ?? false
    }

    private static func isRatio(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return text == "adaptive" || (parts.count == 2 && parts.allSatisfy { (Int($0) ?? 0) > 0 && $0.count <= 3 })
    }

    /// Resolution names under any member whose name speaks of them, for a catalogue of another build.
    private static func mentionedResolutions(_ entry: JSONValue) -> [String] {
        var names: [String] = []
        JSONWalk.visit(entry) { name, value in
            guard let name = name?.lowercased(), names.count < LiveCatalogueReading.mostEntries,
                ["resolution", "definition", "quality"].contains(where: { name.contains($0) })
            else { return }
            let texts = (value.array ?? [value]).prefix(LiveCatalogueReading.mostEntries)
            for text in texts.compactMap({ $0.string?.lowercased() }) where isResolution(text) && !names.contains(text)
            {
                names.append(text)
            }
        }
        return names
    }
}

extension String {
    /// The text, if it passes.
    fileprivate func nilUnless(_ passes: (String) -> Bool) -> String? { passes(self) ? self : nil }
}
