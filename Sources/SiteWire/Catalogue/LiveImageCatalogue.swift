import WireJSON

/// The image models of one account, as the site lists them (protocol page `field-notes.md`, section (g)).
package struct LiveImageCatalogue: Sendable, Hashable {
    /// In the site's order, at most 200; never empty.
    package var models: [LiveImageModel]
    /// Key of the model the site starts with.
    package var defaultModelKey: String?

    /// Reads the answer to the image catalogue call; throws when there is no model in it.
    package init(_ envelope: SiteEnvelope) throws(SiteFault) {
        let data = envelope.payload
        models = LiveCatalogueReading.entries(in: data).map { Self.model(key: $0.key, $0.entry) }
        guard !models.isEmpty else {
            throw SiteFault(kind: .invalidResponse, context: .check, ret: envelope.ret, logID: envelope.logID)
        }
        let selected = data["first_selected_model"]?["workbench"]
        let standard = data["default_model_index"]?.looseInt.flatMap { data["model_list"]?[$0] }
        let keys = [standard.flatMap { LiveCatalogueReading.modelKey(of: $0) }, selected?.looseText]
        let known = Set(models.map(\.modelKey))
        defaultModelKey = keys.compactMap(\.self).first { known.contains($0) }
    }

    private static func model(key: String, _ entry: JSONValue) -> LiveImageModel {
        let commerce = entry["commercial_config"]?["image_model_commerce_config"]?["base"]?["default"]
        return LiveImageModel(
            modelKey: key, name: LiveCatalogueReading.label(entry["model_name"]),
            tip: LiveCatalogueReading.label(entry["model_tip"]),
            features: LiveCatalogueReading.identifiers(entry["feats"]), buckets: buckets(entry["resolution_map"]),
            defaultResolution: resolution(entry["default_resolution_type"]?.looseText),
            counts: LiveCatalogueReading.numbers(entry["generate_count_options"]?.array ?? [], in: 1...100),
            defaultCount: entry["default_generate_count"]?.looseInt.flatMap { (1...100).contains($0) ? $0 : nil },
            maximumReferences: references(entry["input_image_limit"]),
            benefitType: SafeText.identifier(commerce?["benefit_type"]?.looseText),
            status: entry["model_status"]?.looseInt, canCancel: entry["extra"]?["enable_task_cancel"]?.bool,
            needsConfirmation: entry["extra"]?["aigc_compliance_confirmation_required"]?.bool)
    }

    private static func buckets(_ map: JSONValue?) -> [LiveImageModel.Bucket] {
        var buckets: [ImageResolution: LiveImageModel.Bucket] = [:]
        for (name, value) in (map?.object ?? JSONObject()).prefix(LiveCatalogueReading.mostEntries) {
            guard let resolution = resolution(name), buckets[resolution] == nil else { continue }
            var sizes: [ImageRatio: ImageSize] = [:]
            for cell in (value["image_ratio_sizes"]?.array ?? []).prefix(LiveCatalogueReading.mostEntries) {
                guard let ratio = cell["ratio_type"]?.looseInt.flatMap({ ImageRatio(code: $0) }),
                    let width = cell["width"]?.pixels, let height = cell["height"]?.pixels
                else { continue }
                sizes[ratio] = ImageSize(width, height)
            }
            if !sizes.isEmpty { buckets[resolution] = LiveImageModel.Bucket(resolution: resolution, sizes: sizes) }
        }
        return buckets.values.sorted { $0.resolution < $1.resolution }
    }

    private static func resolution(_ text: String?) -> ImageResolution? {
        text.flatMap { ImageResolution(rawValue: $0.lowercased()) }
    }

    /// The limit of `byte_edit`, else the largest one named.
    private static func references(_ limits: JSONValue?) -> Int? {
        let entries = (limits?.array ?? []).prefix(LiveCatalogueReading.mostEntries)
        func limit(_ entry: JSONValue) -> Int? {
            entry["max_image_num"]?.looseInt.flatMap { (0...1_000).contains($0) ? $0 : nil }
        }
        let edit = entries.first { $0["ability_name"]?.string == "byte_edit" }
        return edit.flatMap(limit) ?? entries.compactMap(limit).max()
    }
}
