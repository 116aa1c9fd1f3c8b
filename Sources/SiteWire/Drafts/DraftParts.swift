import WireJSON

/// The pieces that drafts of every kind share.
enum DraftParts {
    /// The body of the generate call around a draft. `extend` and `metrics` are complete; `metrics` travels as text.
    static func body(
        extend: JSONValue, submitID: String, metrics: String, draft: JSONValue, region: SiteRegion,
        versions: SiteVersions
    ) -> [UInt8] {
        let body: JSONValue = [
            "extend": extend,
            "submit_id": .string(submitID),
            "metrics_extra": .string(metrics),
            "draft_content": .string(draft.serializedString()),
            "http_common_info": ["aid": .integer(Int64(versions.applicationID(in: region)))],
        ]
        return body.serialized()
    }

    /// A draft with its only component, whose id is `main`.
    static func document(
        id: String, minimum: String, features: [String] = [], version: String, main: String, component: JSONValue
    ) -> JSONValue {
        [
            "type": "draft",
            "id": .string(id),
            "min_version": .string(minimum),
            "min_features": .array(features.map { .string($0) }),
            "is_from_tsn": true,
            "version": .string(version),
            "main_component_id": .string(main),
            "component_list": [component],
        ]
    }

    static func metadata(id: String, unixMilliseconds: Int64) -> JSONValue {
        [
            "type": "",
            "id": .string(id),
            "created_platform": 3,
            "created_platform_version": "",
            "created_time_in_ms": .string(String(unixMilliseconds)),
            "created_did": "",
        ]
    }

    /// How many pictures; without a count the site decides.
    static func option(id: String, count: Int?) -> JSONValue {
        var option: JSONObject = ["type": "", "id": .string(id)]
        if let count { option["gen_count"] = .integer(Int64(count)) }
        option["generate_all"] = false
        return .object(option)
    }

    static func largeImage(id: String, minimum: String, dimensions: ImageDimensions) -> JSONValue {
        [
            "type": "",
            "id": .string(id),
            "min_version": .string(minimum),
            "height": .integer(Int64(dimensions.size.height)),
            "width": .integer(Int64(dimensions.size.width)),
            "resolution_type": .string(dimensions.resolution.rawValue),
        ]
    }

    /// Whole numbers are written without a fraction, as the browser does.
    static func number(_ value: Double) -> JSONValue {
        Int64(exactly: value).map { .integer($0) } ?? .number(value)
    }

    /// The telemetry scene of a picture from a model, which the site reads for billing.
    static func imageScene(
        _ scene: String, modelKey: String, resolution: ImageResolution, abilities: [JSONValue] = [],
        benefitCount: Int64?
    ) -> JSONValue {
        var members: JSONObject = [
            "type": "image",
            "scene": .string(scene),
            "modelReqKey": .string(modelKey),
            "resolutionType": .string(resolution.rawValue),
            "abilityList": .array(abilities),
            "reportParams": [
                "enterSource": "generate",
                "vipSource": "generate",
                "extraVipFunctionKey": .string("\(modelKey)-\(resolution.rawValue)"),
                "useVipFunctionDetailsReporterHoc": true,
            ],
        ]
        if let benefitCount { members["benefitCount"] = .integer(benefitCount) }
        return .object(members)
    }

    /// The telemetry of a submission for pictures. `generateCount` stays 1 whatever the count.
    static func imageMetrics(scene: JSONValue, submitID: String) -> JSONObject {
        [
            "promptSource": "custom",
            "generateCount": 1,
            "enterFrom": "click",
            "sceneOptions": .string(JSONValue.array([scene]).serializedString()),
            "generateId": .string(submitID),
            "isRegenerate": false,
        ]
    }
}
