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

    private static let leastVersion: JSONValue = "3.0.2"

    /// The body of the generate call. `submitID` is the UUID by which the task is found again; `unixMilliseconds` is the
    /// moment the draft was made.
    package func submission(
        submitID: String, ids: DraftIDs, region: SiteRegion, versions: SiteVersions, unixMilliseconds: Int64
    ) -> [UInt8] {
        let body: JSONValue = [
            "extend": ["root_model": .string(modelKey)],
            "submit_id": .string(submitID),
            "metrics_extra": .string(metrics(submitID: submitID).serializedString()),
            "draft_content": .string(
                content(ids: ids, version: versions.draftAgent, unixMilliseconds: unixMilliseconds)
                    .serializedString()),
            "http_common_info": ["aid": .integer(Int64(versions.applicationID(in: region)))],
        ]
        return body.serialized()
    }

    // MARK: Draft

    private func content(ids: DraftIDs, version: String, unixMilliseconds: Int64) -> JSONValue {
        [
            "type": "draft",
            "id": .string(ids.draft),
            "min_version": Self.leastVersion,
            "min_features": [],
            "is_from_tsn": true,
            "version": .string(version),
            "main_component_id": .string(ids.component),
            "component_list": [component(ids: ids, unixMilliseconds: unixMilliseconds)],
        ]
    }

    private func component(ids: DraftIDs, unixMilliseconds: Int64) -> JSONValue {
        [
            "type": "image_base_component",
            "id": .string(ids.component),
            "min_version": Self.leastVersion,
            "aigc_mode": "workbench",
            "metadata": [
                "type": "",
                "id": .string(ids.metadata),
                "created_platform": 3,
                "created_platform_version": "",
                "created_time_in_ms": .string(String(unixMilliseconds)),
                "created_did": "",
            ],
            "generate_type": "generate",
            "abilities": [
                "type": "",
                "id": .string(ids.abilities),
                "generate": ["type": "", "id": .string(ids.generate), "core_param": coreParameters(ids: ids)],
                "gen_option": option(id: ids.option),
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
            "sample_strength": strength,
        ]
        if !intelligentRatio { core["image_ratio"] = .integer(Int64(dimensions.ratio.code)) }
        core["large_image_info"] = [
            "type": "",
            "id": .string(ids.largeImage),
            "min_version": Self.leastVersion,
            "height": .integer(Int64(dimensions.size.height)),
            "width": .integer(Int64(dimensions.size.width)),
            "resolution_type": .string(dimensions.resolution.rawValue),
        ]
        core["intelligent_ratio"] = .bool(intelligentRatio)
        return .object(core)
    }

    /// Whole strengths are written without a fraction, as the browser does.
    private var strength: JSONValue {
        Int64(exactly: sampleStrength).map { .integer($0) } ?? .number(sampleStrength)
    }

    private func option(id: String) -> JSONValue {
        var option: JSONObject = ["type": "", "id": .string(id)]
        if let count { option["gen_count"] = .integer(Int64(count)) }
        option["generate_all"] = false
        return .object(option)
    }

    // MARK: Metrics

    /// Telemetry the site reads the billing scene from. `generateCount` stays 1 whatever the count.
    private func metrics(submitID: String) -> JSONValue {
        var metrics: JSONObject = [
            "promptSource": "custom",
            "generateCount": 1,
            "enterFrom": "click",
            "sceneOptions": .string(JSONValue.array([scene]).serializedString()),
            "generateId": .string(submitID),
            "isRegenerate": false,
        ]
        if isSeries {
            for name in ["templateId", "templateSource", "lastRequestId", "originRequestId"] { metrics[name] = "" }
        }
        return .object(metrics)
    }

    private var scene: JSONValue {
        let resolution = dimensions.resolution.rawValue
        var scene: JSONObject = [
            "type": "image",
            "scene": isSeries ? "ImageMultiGenerate" : "ImageBasicGenerate",
            "modelReqKey": .string(modelKey),
            "resolutionType": .string(resolution),
            "abilityList": [],
            "reportParams": [
                "enterSource": "generate",
                "vipSource": "generate",
                "extraVipFunctionKey": .string("\(modelKey)-\(resolution)"),
                "useVipFunctionDetailsReporterHoc": true,
            ],
        ]
        if !isSeries { scene["benefitCount"] = 4 }
        return .object(scene)
    }
}
