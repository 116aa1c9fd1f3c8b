import SiteWire
import WireJSON

/// Reads the component of a video (protocol pages `generate-video.md`, sections 2 to 5, and `generate-newest.md`, sections
/// 5 to 8).
struct FilmCheck {
    let isStrict: Bool
    let region: SiteRegion
    /// Whether models that the site's region no longer serves are served.
    let servesFormer: Bool
    /// The whole body and the draft in it.
    let body: JSONValue
    let draft: JSONValue

    /// Leaves `submitID`, `draftVersion`, `continues`, and what depends on the inputs, to the caller.
    func read(_ component: JSONValue) throws(SandboxRefusal) -> SandboxOrder {
        guard component["generate_type"]?.string == "gen_video", let ability = component["abilities"]?["gen_video"],
            let parameters = ability["text_to_video_params"], let inputs = parameters["video_gen_inputs"]?.array
        else { throw SandboxRefusal(1002, "abilities do not fit generate_type") }
        guard inputs.count == 1, let input = inputs.first, input.object != nil else {
            throw SandboxRefusal(1000, "not one video_gen_inputs")
        }
        guard component["process_type"]?.int ?? 1 == 1, !isStrict || component["process_type"] != nil else {
            throw SandboxRefusal(1000, "process_type is not 1")
        }
        let model = try model(parameters["model_req_key"]?.string)
        try checkCommerce()
        try checkFrame(ability, parameters, input, model: model)
        let film = try FilmInputs(isStrict: isStrict, model: model, draft: draft).read(input)
        let hasVideo = film.inputs.contains { if case .clip(_, .video, _) = $0 { true } else { false } }
        // An edited video keeps the length and shape it had.
        let followsLength = hasVideo && input["duration_ms"]?.int == -1
        let followsShape = hasVideo && parameters["video_aspect_ratio"]?.string == "adaptive"
        let seconds = followsLength ? 0 : try seconds(input["duration_ms"], model: model)
        let resolution = try resolution(input["resolution"], model: model)
        let ratio = followsShape ? (across: 1, down: 1) : try ratio(parameters["video_aspect_ratio"], model: model)
        let size = FilmSize(side: FilmSize.side(resolution) ?? 720, across: ratio.across, down: ratio.down)
        var order = SandboxOrder(
            region: region,
            work: .video(
                FilmOrder(
                    source: film.source, milliseconds: seconds * 1_000, inputs: film.inputs.count,
                    followsLength: followsLength, followsShape: followsShape)),
            modelKey: model.upstreamKeys[region] ?? "", modelName: model.displayName ?? model.id, prompt: film.prompt,
            width: size.width, height: size.height, resolution: resolution, count: 1,
            seed: parameters["seed"]?.int ?? 0, draftVersion: "", submitID: "")
        order.inputs = film.inputs
        return order
    }

    private func model(_ key: String?) throws(SandboxRefusal) -> VideoModel {
        guard let key, !key.isEmpty else { throw SandboxRefusal(1000, "model_req_key is missing") }
        guard let model = SiteCatalogue.videoModels.first(where: { $0.upstreamKeys[region] == key }) else {
            throw SandboxRefusal(2061)
        }
        guard servesFormer || (model.status != .legacy && !model.offlineRegions.contains(region)) else {
            throw SandboxRefusal(2061)
        }
        return model
    }

    /// What the video is charged to stands twice in the body, alone and in a list.
    private func checkCommerce() throws(SandboxRefusal) {
        let extend = body["extend"]
        let single = extend?["m_video_commerce_info"]
        let list = extend?["m_video_commerce_info_list"]?.array
        if single == nil, list == nil, !isStrict { return }
        guard let single, single.object != nil, let list, list == [single] else {
            throw SandboxRefusal(1000, "commerce block is not there twice alike")
        }
        guard single["benefit_type"]?.string?.isEmpty == false else {
            throw SandboxRefusal(1000, "benefit_type is empty")
        }
        guard !isStrict else {
            guard single["resource_id"]?.string == "generate_video", single["resource_id_type"]?.string == "str",
                single["resource_sub_type"]?.string == "aigc"
            else { throw SandboxRefusal(1000, "commerce block does not name generate_video") }
            return
        }
    }

    /// What every video has around its inputs.
    private func checkFrame(
        _ ability: JSONValue, _ parameters: JSONValue, _ input: JSONValue, model: VideoModel
    ) throws(SandboxRefusal) {
        if let seed = parameters["seed"], !seed.isNull {
            guard let value = seed.int, (0...Int64(UInt32.max)).contains(value) else {
                throw SandboxRefusal(1000, "seed is no 32-bit number")
            }
        }
        let features = (draft["min_features"]?.array ?? []).compactMap(\.string)
        let isDraftModel = parameters["model_req_key"]?.string?.hasSuffix("_draft") == true
        guard isStrict else { return }
        guard parameters["seed"]?.int != nil else { throw SandboxRefusal(1000, "seed is missing") }
        guard draft["min_features"]?.array != nil else { throw SandboxRefusal(1000, "min_features is missing") }
        guard input["video_mode"]?.int == 2, input["fps"]?.int == 24 else {
            throw SandboxRefusal(1000, "video_mode is not 2 or fps not 24")
        }
        guard ability["video_task_extra"]?.string == body["metrics_extra"]?.string else {
            throw SandboxRefusal(1000, "video_task_extra is not metrics_extra")
        }
        if parameters["model_req_key"]?.string?.hasPrefix("dreamina_seedance_45") == true {
            guard features.contains("AIGC_Video_Seedance25ResultAction") else {
                throw SandboxRefusal(1000, "min_features lacks AIGC_Video_Seedance25ResultAction")
            }
        }
        guard (input["is_draft_mode"]?.bool ?? false) == isDraftModel else {
            throw SandboxRefusal(1000, "is_draft_mode does not fit the model")
        }
    }

    private func seconds(_ value: JSONValue?, model: VideoModel) throws(SandboxRefusal) -> Int64 {
        guard let milliseconds = value?.int, milliseconds > 0, milliseconds % 1_000 == 0 else {
            throw SandboxRefusal(1000, "duration_ms is not that of whole seconds")
        }
        let seconds = milliseconds / 1_000
        let allowed = model.durations.isEmpty ? Array(4...15) : model.durations
        guard allowed.contains(Int(seconds)) || (!isStrict && seconds <= 60) else {
            throw SandboxRefusal(1000, "duration_ms is none of the model's")
        }
        return seconds
    }

    /// Models that have one resolution take it or do without; nobody else's is taken.
    private func resolution(_ value: JSONValue?, model: VideoModel) throws(SandboxRefusal) -> String {
        guard let value, !value.isNull else { return model.resolutions.first ?? "720p" }
        let allowed = model.resolutions.isEmpty ? ["480p", "720p", "1080p"] : model.resolutions
        guard let resolution = value.string, FilmSize.side(resolution) != nil,
            allowed.contains(resolution) || !isStrict
        else { throw SandboxRefusal(1000, "resolution is none of the model's") }
        return resolution
    }

    private func ratio(_ value: JSONValue?, model: VideoModel) throws(SandboxRefusal) -> (across: Double, down: Double)
    {
        guard let text = value?.string, let ratio = VideoRatio(rawValue: text), model.ratios.contains(ratio) else {
            throw SandboxRefusal(1000, "video_aspect_ratio is none of the model's")
        }
        let parts = text.split(separator: ":").compactMap { Double($0) }
        return parts.count == 2 ? (parts[0], parts[1]) : (1, 1)
    }
}
