import WireJSON

/// A picture from a prompt, as the site's draft describes it (protocol pages `generate-image.md` sections 1, 2, 4 and 5,
/// and `conflicts.md` rows 18 to 27).
package struct TextToImageDraft: Sendable, Hashable {
    /// The site's key of the model in the region the request goes to.
    package var modelKey: String
    package var prompt: String
    package var negativePrompt = ""
    package var seed: UInt32
    /// 0 ... 1.
    package var sampleStrength = 0.5
    /// Sent even with `intelligentRatio`.
    package var dimensions: ImageDimensions
    /// The site chooses the ratio; the draft then carries none.
    package var intelligentRatio = false
    /// Number of pictures; nil leaves it to the site and sends nothing.
    package var count: Int?
    /// A series of pictures, told from the prompt.
    package var isSeries = false

    package init(
        modelKey: String, prompt: String, negativePrompt: String = "", seed: UInt32, sampleStrength: Double = 0.5,
        dimensions: ImageDimensions, intelligentRatio: Bool = false, count: Int? = nil, isSeries: Bool = false
    ) {
        self.modelKey = modelKey
        self.prompt = prompt
        self.negativePrompt = negativePrompt
        self.seed = seed
        self.sampleStrength = sampleStrength
        self.dimensions = dimensions
        self.intelligentRatio = intelligentRatio
        self.count = count
        self.isSeries = isSeries
    }

    private static let leastVersion = "3.0.2"

    /// The body of the generate call. `submitID` is the UUID by which the task is found again; `unixMilliseconds` is the
    /// moment the draft was made.
    package func submission(
        submitID: String, ids: DraftIDs, region: SiteRegion, versions: SiteVersions, unixMilliseconds: Int64
    ) -> [UInt8] {
        DraftParts.body(
            extend: ["root_model": .string(modelKey)], submitID: submitID,
            metrics: metrics(submitID: submitID).serializedString(),
            draft: DraftParts.document(
                id: ids.draft, minimum: Self.leastVersion, version: versions.draftAgent, main: ids.component,
                component: component(ids: ids, unixMilliseconds: unixMilliseconds)),
            region: region, versions: versions)
    }

    // MARK: Draft

    private func component(ids: DraftIDs, unixMilliseconds: Int64) -> JSONValue {
        [
            "type": "image_base_component",
            "id": .string(ids.component),
            "min_version": .string(Self.leastVersion),
            "aigc_mode": "workbench",
            "metadata": DraftParts.metadata(id: ids.metadata, unixMilliseconds: unixMilliseconds),
            "generate_type": "generate",
            "abilities": [
                "type": "",
                "id": .string(ids.abilities),
                "generate": ["type": "", "id": .string(ids.generate), "core_param": coreParameters(ids: ids)],
                "gen_option": DraftParts.option(id: ids.option, count: count),
            ],
        ]
    }

    private func coreParameters(ids: DraftIDs) -> JSONValue {
        var core: JSONObject = [
            "type": "",
            "id": .string(ids.coreParameters),
            "model": .string(modelKey),
            "prompt": .string(prompt),
            "negative_prompt": .string(negativePrompt),
            "seed": .integer(Int64(seed)),
            "sample_strength": DraftParts.number(sampleStrength),
        ]
        if !intelligentRatio { core["image_ratio"] = .integer(Int64(dimensions.ratio.code)) }
        core["large_image_info"] = DraftParts.largeImage(
            id: ids.largeImage, minimum: Self.leastVersion, dimensions: dimensions)
        core["intelligent_ratio"] = .bool(intelligentRatio)
        return .object(core)
    }

    // MARK: Metrics

    /// Telemetry the site reads the billing scene from.
    private func metrics(submitID: String) -> JSONValue {
        let scene = DraftParts.imageScene(
            isSeries ? "ImageMultiGenerate" : "ImageBasicGenerate", modelKey: modelKey,
            resolution: dimensions.resolution, benefitCount: isSeries ? nil : 4)
        var metrics = DraftParts.imageMetrics(scene: scene, submitID: submitID)
        if isSeries {
            for name in ["templateId", "templateSource", "lastRequestId", "originRequestId"] { metrics[name] = "" }
        }
        return .object(metrics)
    }
}
