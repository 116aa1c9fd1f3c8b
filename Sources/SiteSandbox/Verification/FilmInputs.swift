import SiteWire
import WireJSON

/// Reads what a video is made from: a prompt, a first and a last picture, or materials that the prompt refers to.
struct FilmInputs {
    let isStrict: Bool
    let model: VideoModel
    let draft: JSONValue

    struct Found {
        var source: FilmOrder.Source
        /// What is drawn as the prompt.
        var prompt: String
        var inputs: [SandboxInput] = []
    }

    private static let pieceLimit = 400
    private static let defaultPromptLimit = 4_000

    func read(_ input: JSONValue) throws(SandboxRefusal) -> Found {
        let prompt = input["prompt"]?.string ?? ""
        let limit = model.limits.promptCharacters ?? Self.defaultPromptLimit
        guard input["prompt"]?.string != nil, prompt.count <= limit else {
            throw SandboxRefusal(1000, "prompt is missing or too long")
        }
        let (first, last) = (input["first_frame_image"], input["end_frame_image"])
        if isStrict {
            guard first?.isNull != true, last?.isNull != true, input["unified_edit_input"]?.isNull != true else {
                throw SandboxRefusal(1000, "an absent input is sent as null")
            }
        }
        if let edit = input["unified_edit_input"], !edit.isNull {
            guard first == nil, last == nil else { throw SandboxRefusal(1000, "frames beside unified_edit_input") }
            guard !isStrict || prompt.isEmpty else { throw SandboxRefusal(1000, "prompt beside unified_edit_input") }
            return try materials(edit, promptLimit: limit)
        }
        if let first, !first.isNull {
            guard model.supportsFirstFrame else { throw SandboxRefusal(1000, "model takes no first frame") }
            var inputs = [SandboxInput.picture(uri: try DraftCheck.uri(of: first))]
            if let last, !last.isNull {
                guard model.supportsLastFrame else { throw SandboxRefusal(1000, "model takes no last frame") }
                inputs.append(.picture(uri: try DraftCheck.uri(of: last)))
            }
            return Found(source: .frames, prompt: prompt, inputs: inputs)
        }
        guard last == nil || last?.isNull == true else { throw SandboxRefusal(1000, "last frame without a first one") }
        guard !prompt.allSatisfy(\.isWhitespace) else { throw SandboxRefusal(1000, "prompt is empty") }
        return Found(source: .text, prompt: prompt)
    }

    // MARK: - Materials

    private func materials(_ edit: JSONValue, promptLimit: Int) throws(SandboxRefusal) -> Found {
        guard model.supportsOmniReference else { throw SandboxRefusal(1000, "model takes no materials") }
        if isStrict {
            let features = (draft["min_features"]?.array ?? []).compactMap(\.string)
            guard features.contains("AIGC_Video_UnifiedEdit") else {
                throw SandboxRefusal(1000, "min_features lacks AIGC_Video_UnifiedEdit")
            }
            guard let minimum = DraftVersion(draft["min_version"]?.string), let needed = DraftVersion("3.3.9"),
                minimum >= needed
            else { throw SandboxRefusal(1000, "min_version below 3.3.9 with materials") }
        }
        guard let list = edit["material_list"]?.array, !list.isEmpty else {
            throw SandboxRefusal(1000, "material_list is missing")
        }
        try checkCounts(list.map { $0["material_type"]?.string })
        var inputs: [SandboxInput] = []
        for material in list { inputs.append(try input(of: material)) }
        try checkCut(edit["edit_input"], materials: list)
        let text = try text(edit["meta_list"], materials: list)
        guard text.count <= promptLimit else { throw SandboxRefusal(1000, "prompt is too long") }
        return Found(source: .materials, prompt: text, inputs: inputs)
    }

    /// An edit names one of the videos and the part of it that is meant.
    private func checkCut(_ cut: JSONValue?, materials: [JSONValue]) throws(SandboxRefusal) {
        guard let cut, !cut.isNull else { return }
        guard cut["enable"]?.bool == true, let index = cut["edit_from_material_idx"]?.int,
            materials.indices.contains(Int(clamping: index)), index >= 0,
            materials[Int(index)]["material_type"]?.string == "video", let start = cut["start_timestamp_ms"]?.int,
            let end = cut["end_timestamp_ms"]?.int, start >= 0, end > start
        else { throw SandboxRefusal(1000, "edit_input names no part of a video") }
    }

    private func checkCounts(_ types: [String?]) throws(SandboxRefusal) {
        func count(_ type: String) -> Int { types.count { $0 == type } }
        let limits = model.limits
        let isAllowed =
            types.count <= limits.total ?? 12 && count("image") <= limits.images ?? 9
            && count("video") <= limits.videos ?? 3 && count("audio") <= limits.audios ?? 3
        guard isAllowed else { throw SandboxRefusal(1000, "more materials than the model takes") }
        guard count("image") + count("video") > 0 else {
            throw SandboxRefusal(1000, "no picture or video beside the sound")
        }
    }

    private func input(of material: JSONValue) throws(SandboxRefusal) -> SandboxInput {
        switch material["material_type"]?.string {
        case "image":
            guard let image = material["image_info"] else { throw SandboxRefusal(1000, "material without image_info") }
            return .picture(uri: try DraftCheck.uri(of: image))
        case "video": return try clip(material["video_info"], type: "video", kind: .video)
        case "audio": return try clip(material["audio_info"], type: "audio", kind: .sound)
        default: throw SandboxRefusal(1000, "material of an unknown type")
        }
    }

    private func clip(
        _ info: JSONValue?, type: String, kind: MediaFacts.Kind
    ) throws(SandboxRefusal) -> SandboxInput {
        guard let info, let vid = info["vid"]?.string, !vid.isEmpty, vid.utf8.count <= 64 else {
            throw SandboxRefusal(1000, "material without vid")
        }
        guard !isStrict || (info["type"]?.string == type && info["source_from"]?.string == "upload") else {
            throw SandboxRefusal(1000, "material is not of its type from upload")
        }
        return .clip(vid: vid, kind: kind, milliseconds: info["duration"]?.int)
    }

    /// The prompt in pieces: text, and references that have to lead somewhere. A reference is drawn as `@` and its number.
    private func text(_ value: JSONValue?, materials: [JSONValue]) throws(SandboxRefusal) -> String {
        guard let pieces = value?.array, !pieces.isEmpty, pieces.count <= Self.pieceLimit else {
            throw SandboxRefusal(1000, "meta_list is missing or too long")
        }
        var result = ""
        var hasText = false
        for piece in pieces {
            let type = piece["meta_type"]?.string
            if type == "text" {
                guard let text = piece["text"]?.string else {
                    throw SandboxRefusal(1000, "meta_list: text without text")
                }
                hasText = hasText || !text.allSatisfy(\.isWhitespace)
                result += text
                continue
            }
            guard let index = piece["material_ref"]?["material_idx"]?.int, index >= 0,
                materials.indices.contains(Int(clamping: index)),
                materials[Int(index)]["material_type"]?.string == type
            else { throw SandboxRefusal(1000, "meta_list: reference leads nowhere or to another type") }
            result += "@\(index + 1)"
        }
        guard hasText || !isStrict else { throw SandboxRefusal(1000, "meta_list without text") }
        return result
    }
}
