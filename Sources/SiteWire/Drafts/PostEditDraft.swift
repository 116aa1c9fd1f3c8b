import WireJSON

/// After-editing of one picture (protocol page `generate-newest.md`, section 4).
package struct PostEditDraft: Sendable, Hashable {
    package enum Tool: Sendable, Hashable {
        /// Doubles both sides.
        case upscale
        /// Draws more detail while enlarging; both strengths are 0 ... 1.
        case smartUpscale(resolution: ImageResolution, originalStrength: Double, detailStrength: Double)
        /// Continues the picture beyond its edges, by these shares of its sides.
        case outpaint(top: Double, bottom: Double, left: Double, right: Double)
        /// Repairs details at the same size; works on the account's own results only.
        case detailRepair
    }

    package enum Source: Sendable, Hashable {
        case upload(ImageReference)
        /// A result of the same account: the item's id and that of its task.
        case own(itemID: Int64, historyID: Int64)

        /// One of the account's own results, by the ids as replies have them: decimal digits of at most 63 bits.
        package init?(itemID: String, historyID: String) {
            guard let item = Int64(itemID), let history = Int64(historyID), item > 0, history > 0 else { return nil }
            self = .own(itemID: item, historyID: history)
        }
    }

    /// The model the site names for these tools, whatever made the picture.
    package static let defaultModelKey = "high_aes_general_v50"

    package var modelKey: String
    package var tool: Tool
    package var source: Source
    /// Number of pictures an outpainting makes; nil leaves it to the site. The other tools make one.
    package var count: Int?

    package init(tool: Tool, source: Source, count: Int? = nil, modelKey: String = Self.defaultModelKey) {
        self.modelKey = modelKey
        self.tool = tool
        self.source = source
        self.count = count
    }

    /// The body of the generate call. `submitID` is the UUID by which the task is found again; `newID` gives a fresh
    /// UUID (lower case, with hyphens) at every call, at most 9 times; `unixMilliseconds` is the moment the draft was
    /// made.
    package func submission(
        submitID: String, newID: () -> String, region: SiteRegion, versions: SiteVersions, unixMilliseconds: Int64
    ) -> [UInt8] {
        let main = newID()
        var component: JSONObject = [
            "type": "image_base_component",
            "id": .string(main),
            "min_version": "3.0.2",
            "aigc_mode": "workbench",
        ]
        if let type = tool.componentType { component["gen_type"] = .integer(type) }
        component["metadata"] = DraftParts.metadata(id: newID(), unixMilliseconds: unixMilliseconds)
        component["generate_type"] = .string(tool.name)
        component["abilities"] = abilities(newID: newID)
        return DraftParts.body(
            extend: ["root_model": .string(modelKey)], submitID: submitID,
            metrics: JSONValue.object(metrics(submitID: submitID)).serializedString(),
            draft: DraftParts.document(
                id: newID(), minimum: "3.2.9", version: versions.draftAgent, main: main, component: .object(component)),
            region: region, versions: versions)
    }

    private func abilities(newID: () -> String) -> JSONValue {
        var abilities: JSONObject = ["type": "", "id": .string(newID())]
        var ability: JSONObject = ["type": "", "id": .string(newID())]
        switch tool {
        case .upscale: break
        case .smartUpscale(let resolution, let originalStrength, let detailStrength):
            ability["hd_scene_type"] = "auto"
            ability["original_image_strength"] = DraftParts.number(originalStrength)
            ability["detail_strength"] = DraftParts.number(detailStrength)
            ability["resolution_type"] = .string(resolution.rawValue)
        case .outpaint(let top, let bottom, let left, let right):
            ability["up_scale"] = [
                "type": "", "id": .string(newID()), "top": DraftParts.number(top),
                "bottom": DraftParts.number(bottom), "left": DraftParts.number(left),
                "right": DraftParts.number(right), "max_size": 12_960, "image_ratio": 1,
            ]
        case .detailRepair:
            ability["core_param"] = ["type": "", "id": .string(newID()), "generate_type": 0]
        }
        ability["postedit_param"] = parameters(newID: newID)
        abilities[tool.name] = .object(ability)
        if case .outpaint = tool, let count { abilities["gen_option"] = DraftParts.option(id: newID(), count: count) }
        return .object(abilities)
    }

    private func parameters(newID: () -> String) -> JSONValue {
        var parameters: JSONObject = [
            "type": "", "id": .string(newID()), "generate_type": .integer(tool.editType),
        ]
        switch source {
        case .upload(let reference):
            var image = reference.members(id: newID())
            image["title"] = ""
            parameters["origin_image"] = .object(image)
        case .own(let itemID, let historyID):
            parameters["item_id"] = .integer(itemID)
            parameters["origin_history_id"] = .integer(historyID)
        }
        return .object(parameters)
    }

    private func metrics(submitID: String) -> JSONObject {
        var metrics: JSONObject = [
            "promptSource": "custom", "generateCount": 1, "generateId": .string(submitID), "templateId": "0",
            "enterFrom": "click", "isRegenerate": false, "isBoxSelect": false, "isCutout": false,
        ]
        var item = ""
        if case .own(let itemID, _) = source {
            item = String(itemID)
            metrics["originItemId"] = .string(item)
        }
        if case .smartUpscale(let resolution, _, _) = tool {
            let scene: JSONValue = [
                "type": "image", "scene": "ImageProHD", "proHDResolutionType": .string(resolution.rawValue),
                "reportParams": ["enterSource": "generate", "extraVipFunctionKey": .string(item)],
            ]
            metrics["sceneOptions"] = .string(JSONValue.array([scene]).serializedString())
        }
        return metrics
    }
}

extension PostEditDraft.Tool {
    /// `generate_type` of the component, and the name of its ability.
    var name: String {
        switch self {
        case .upscale: "normal_hd"
        case .smartUpscale: "pro_hd"
        case .outpaint: "painting"
        case .detailRepair: "super_resolution"
        }
    }

    /// `gen_type` of the component; the site sends none for a repair.
    var componentType: Int64? {
        if case .detailRepair = self { nil } else { editType }
    }

    /// `generate_type` of the edit's parameters.
    var editType: Int64 {
        switch self {
        case .upscale: 13
        case .smartUpscale: 35
        case .outpaint: 8
        case .detailRepair: 2
        }
    }
}
