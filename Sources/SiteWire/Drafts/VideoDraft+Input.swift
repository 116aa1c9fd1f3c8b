import WireJSON

extension VideoDraft {
    /// What the site's software must be able to do.
    var features: [String] {
        var features: [String] = []
        if case .references = input { features.append("AIGC_Video_UnifiedEdit") }
        if modelKey.contains("seedance_45") { features.append("AIGC_Video_Seedance25ResultAction") }
        return features
    }

    /// The oldest draft version that can say this.
    func leastVersion(_ versions: SiteVersions) -> String {
        if isDraftMode { return versions.draftAgent }
        if case .references = input { return "3.3.9" }
        return "3.0.5"
    }

    /// The only entry of `video_gen_inputs`.
    func generationInput(versions: SiteVersions, newID: () -> String) -> JSONValue {
        var entry: JSONObject = [
            "type": "", "id": .string(newID()), "min_version": .string(leastVersion(versions)),
        ]
        if case .references = input { entry["prompt"] = "" } else { entry["prompt"] = .string(prompt) }
        if isDraftMode { entry["is_draft_mode"] = true }
        entry["video_mode"] = 2
        entry["fps"] = 24
        entry["duration_ms"] = .integer(seconds < 0 ? -1 : Int64(seconds) * 1_000)
        if let sentResolution { entry["resolution"] = .string(sentResolution) }
        switch input {
        case .text: break
        case .frames(let first, let last):
            entry["first_frame_image"] = .object(first.members(id: newID()))
            if let last {
                entry["end_frame_image"] = .object(last.members(id: newID()))
                if form == .current { entry["ending_control"] = "1.0" }
            }
        case .references(let materials, let pieces):
            entry["unified_edit_input"] = [
                "type": "",
                "id": .string(newID()),
                "material_list": .array(materials.map { $0.entry(form: form, newID: newID) }),
                "meta_list": .array(
                    pieces.compactMap { reference(to: $0, among: materials, newID: newID) }),
            ]
        }
        entry["idip_meta_list"] = []
        return .object(entry)
    }

    /// An entry of `meta_list`; nil for a piece that says nothing.
    private func reference(to piece: Piece, among materials: [VideoMaterial], newID: () -> String) -> JSONValue? {
        func common() -> JSONObject { form == .current ? ["type": "", "id": .string(newID())] : [:] }
        switch piece {
        case .text(let text):
            guard !text.isEmpty else { return nil }
            var entry = common()
            entry["meta_type"] = "text"
            entry["text"] = .string(text)
            return .object(entry)
        case .material(let index):
            guard materials.indices.contains(index) else { return nil }
            var entry = common()
            entry["meta_type"] = .string(materials[index].name)
            entry["text"] = ""
            var target = common()
            target["material_idx"] = .integer(Int64(index))
            entry["material_ref"] = .object(target)
            return .object(entry)
        }
    }
}
