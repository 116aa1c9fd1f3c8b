import SiteWire
import WireJSON

/// Reads the component of an after-editing tool (protocol page `generate-newest.md`, section 4).
struct PostEditCheck {
    let isStrict: Bool
    let region: SiteRegion
    /// `extend.root_model`, as the component names no model.
    let rootModel: String

    /// Leaves `submitID`, `draftVersion`, `continues` and the size to the caller, who knows the source.
    func read(_ component: JSONValue, tool: PostEdit.Tool) throws(SandboxRefusal) -> SandboxOrder {
        guard let abilities = component["abilities"], let ability = abilities[tool.rawValue], ability.object != nil,
            let parameter = ability["postedit_param"]
        else { throw SandboxRefusal(1002, "abilities do not fit generate_type") }
        guard ability["gen_option"] == nil else { throw SandboxRefusal(3018, "gen_option is misplaced") }
        guard parameter["generate_type"]?.int == tool.code else {
            throw SandboxRefusal(1000, "postedit_param.generate_type is not the tool's")
        }
        if let type = component["gen_type"]?.int, type != tool.code {
            throw SandboxRefusal(1000, "gen_type is not the tool's")
        }
        if isStrict {
            let isKnown = SiteCatalogue.imageModel(upstreamKey: rootModel, in: region) != nil
            guard isKnown || rootModel == "high_aes_general_v50" else {
                throw SandboxRefusal(1000, "root_model is no image model")
            }
        }
        var edit = PostEdit(tool: tool)
        switch tool {
        case .upscale, .repair: break
        case .smartUpscale: edit.resolution = try resolution(ability)
        case .outpaint: edit.margins = try margins(ability["up_scale"])
        }
        let input = try source(parameter)
        var order = SandboxOrder(
            region: region, work: .postEdit(edit), modelKey: rootModel, modelName: tool.rawValue, prompt: "", width: 0,
            height: 0, resolution: edit.resolution, count: try count(abilities["gen_option"], tool: tool), seed: 0,
            draftVersion: "", submitID: "")
        order.inputs = [input]
        // Repair of an uploaded picture is taken, and fails every time.
        if tool == .repair, case .picture = input { order.ending = .fails }
        return order
    }

    private func source(_ parameter: JSONValue) throws(SandboxRefusal) -> SandboxInput {
        if let image = parameter["origin_image"], !image.isNull {
            guard parameter["item_id"] == nil else {
                throw SandboxRefusal(1000, "postedit_param names an item and a picture")
            }
            return .picture(uri: try DraftCheck.uri(of: image))
        }
        guard let item = parameter["item_id"]?.int, let history = parameter["origin_history_id"]?.int else {
            throw SandboxRefusal(1000, "postedit_param names no picture, or not by whole numbers")
        }
        return .item(id: item, historyID: history)
    }

    private func resolution(_ ability: JSONValue) throws(SandboxRefusal) -> String {
        guard let resolution = ability["resolution_type"]?.string, ["2k", "4k"].contains(resolution) else {
            throw SandboxRefusal(1000, "resolution_type of pro_hd is not 2k or 4k")
        }
        for name in ["original_image_strength", "detail_strength"] {
            guard let value = ability[name]?.double, (0...1).contains(value) else {
                throw SandboxRefusal(1000, "\(name) is not from 0 to 1")
            }
        }
        guard !isStrict || ability["hd_scene_type"]?.string?.isEmpty == false else {
            throw SandboxRefusal(1000, "hd_scene_type is missing")
        }
        return resolution
    }

    private func margins(_ value: JSONValue?) throws(SandboxRefusal) -> PostEdit.Margins {
        func margin(_ name: String) throws(SandboxRefusal) -> Double {
            guard let number = value?[name]?.double, (0...4).contains(number) else {
                throw SandboxRefusal(1000, "up_scale.\(name) is not from 0 to 4")
            }
            return number
        }
        let margins = PostEdit.Margins(
            top: try margin("top"), bottom: try margin("bottom"), left: try margin("left"), right: try margin("right"))
        guard !isStrict || value?["max_size"]?.int != nil else {
            throw SandboxRefusal(1000, "up_scale.max_size is missing")
        }
        if let code = value?["image_ratio"]?.int, isStrict {
            guard (0...8).contains(code) else { throw SandboxRefusal(1000, "up_scale.image_ratio is not 0 to 8") }
        }
        guard margins != PostEdit.Margins() else { throw SandboxRefusal(1000, "nothing to outpaint") }
        return margins
    }

    /// Outpainting makes four unless told otherwise, the other tools make one.
    private func count(_ option: JSONValue?, tool: PostEdit.Tool) throws(SandboxRefusal) -> Int {
        guard tool == .outpaint else { return 1 }
        guard let asked = option?["gen_count"], !asked.isNull else { return 4 }
        guard let count = asked.int, (1...4).contains(count) else {
            throw SandboxRefusal(1000, "gen_count of an outpainting is not 1 to 4")
        }
        return Int(count)
    }
}
