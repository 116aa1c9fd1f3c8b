import WireJSON

extension VideoDraft {
    /// Telemetry the site reads the billing scene from; the draft repeats it as `video_task_extra`.
    func metrics(submitID: String, groupID: String) -> JSONObject {
        let scenes = JSONValue.array([.object(scene)]).serializedString()
        switch form {
        case .classic: return classicMetrics(submitID: submitID, scenes: scenes)
        case .current: return currentMetrics(submitID: submitID, groupID: groupID, scenes: scenes)
        }
    }

    private func classicMetrics(submitID: String, scenes: String) -> JSONObject {
        var metrics: JSONObject = [
            "isDefaultSeed": 1, "originSubmitId": .string(submitID), "isRegenerate": false,
            "position": "page_bottom_box",
        ]
        if case .references = input {
            metrics["enterFrom"] = "click"
            metrics["functionMode"] = "omni_reference"
        } else {
            metrics["promptSource"] = "custom"
            metrics["enterFrom"] = "use_bgimage_prompt"
            metrics["functionMode"] = "first_last_frames"
        }
        metrics["sceneOptions"] = .string(scenes)
        return metrics
    }

    /// The mode is the reference mode even for a prompt alone: it is the page's default.
    private func currentMetrics(submitID: String, groupID: String, scenes: String) -> JSONObject {
        var isFrames = false
        if case .frames = input { isFrames = true }
        var metrics: JSONObject = [
            "isDefaultSeed": 1, "originSubmitId": .string(submitID), "isRegenerate": false, "enterFrom": "click",
            "position": "page_bottom_box", "promptType": "original_prompt",
            "functionMode": isFrames ? "first_last_frames" : "omni_reference",
            "generatorFeature": isFrames ? "firstLastFrames" : "omniReference", "sceneOptions": .string(scenes),
            "batchNumber": 1, "submitGroupId": .string(groupID), "hasRejectedAudit": 0,
        ]
        if isDraftMode { metrics["videoStage"] = "draft" }
        return metrics
    }

    private var scene: JSONObject {
        var scene: JSONObject = ["type": "video", "scene": "BasicVideoGenerateButton"]
        if let sentResolution { scene["resolution"] = .string(sentResolution) }
        scene["modelReqKey"] = .string(modelKey)
        scene["videoDuration"] = DraftParts.number(Double(outputMilliseconds) / 1_000)
        if form == .current {
            scene["batchNumber"] = 1
            scene["inputVideoDuration"] = DraftParts.number(Double(inputVideoMilliseconds) / 1_000)
            scene["chargeInputVideoDuration"] = true
            scene["isLongVideo"] = false
            scene["hasInputVideo"] = .bool(materials.contains { $0.name == "video" })
            scene["useSeedanceFast5sFreeTrial"] = false
        }
        scene["materialTypes"] = .array(materials.map { .integer($0.code) })
        scene["reportParams"] = [
            "enterSource": "generate",
            "vipSource": "generate",
            "extraVipFunctionKey": .string(sentResolution.map { "\(modelKey)-\($0)" } ?? modelKey),
            "useVipFunctionDetailsReporterHoc": true,
        ]
        return scene
    }

    private var materials: [VideoMaterial] {
        if case .references(let materials, _) = input { materials } else { [] }
    }
}
