import SiteWire
import WireJSON

/// Reads the component of a draft: what is drawn, by which model, how large and how often.
struct DraftCheck {
    let isStrict: Bool
    let region: SiteRegion
    /// Whether the prompt itself says how many pictures are wanted.
    var isSeries = false

    /// The most pictures of a series.
    private static let seriesLimit = 15

    /// Leaves `submitID`, `draftVersion` and `continues` to the caller.
    func read(_ component: JSONValue) throws(SandboxRefusal) -> SandboxOrder {
        guard component["type"]?.string == "image_base_component" else {
            throw SandboxRefusal(1002, "component is no image")
        }
        guard let abilities = component["abilities"], let kind = component["generate_type"]?.string,
            kind == "generate" || kind == "blend", let ability = abilities[kind],
            let parameters = ability["core_param"], parameters.object != nil
        else { throw SandboxRefusal(1002, "abilities do not fit generate_type") }
        // Its place is beside the ability. Inside, the site denies permission.
        guard ability["gen_option"] == nil, parameters["gen_option"] == nil else {
            throw SandboxRefusal(3018, "gen_option is misplaced")
        }
        let isBlend = kind == "blend"
        let model = try model(parameters["model"]?.string)
        guard let prompt = parameters["prompt"]?.string, !prompt.allSatisfy(\.isWhitespace),
            prompt.count <= SubmissionCheck.promptLimit
        else { throw SandboxRefusal(1000, "prompt is missing or too long") }
        try checkStyle(parameters, model: model, isBlend: isBlend)
        if isBlend { try checkReferences(ability, model: model) }
        let size = try size(parameters, model: model, isBlend: isBlend)
        let count = try count(abilities["gen_option"], model: model, prompt: prompt)
        return SandboxOrder(
            region: region, modelKey: model.upstreamKeys[region] ?? "", modelName: model.displayName ?? model.id,
            prompt: prompt, width: size.width, height: size.height, resolution: size.resolution, count: count,
            seed: parameters["seed"]?.int ?? 0, draftVersion: "", isBlend: isBlend, submitID: "")
    }

    /// The catalogue's model. Keys it lacks and keys that are no longer served are gone; those of the third generation
    /// are listed, but no ordinary account may use them.
    private func model(_ key: String?) throws(SandboxRefusal) -> ImageModel {
        guard let key, !key.isEmpty else { throw SandboxRefusal(1000, "model is missing") }
        guard let model = SiteCatalogue.imageModel(upstreamKey: key, in: region) else { throw SandboxRefusal(2061) }
        switch model.status {
        case .current: return model
        case .older: throw SandboxRefusal(1006)
        case .legacy: throw SandboxRefusal(2061)
        }
    }

    private func checkStyle(
        _ parameters: JSONValue, model: ImageModel, isBlend: Bool
    ) throws(SandboxRefusal) {
        if let strength = parameters["sample_strength"], !strength.isNull {
            guard let value = strength.double, (0...1).contains(value) else {
                throw SandboxRefusal(1000, "sample_strength outside of 0 to 1")
            }
        }
        if let seed = parameters["seed"], !seed.isNull {
            guard let value = seed.int, (0...Int64(UInt32.max)).contains(value) else {
                throw SandboxRefusal(1000, "seed is no 32-bit number")
            }
        }
        guard isStrict else { return }
        guard parameters["sample_strength"]?.double != nil else {
            throw SandboxRefusal(1000, "sample_strength is missing")
        }
        guard isBlend || parameters["negative_prompt"]?.string != nil else {
            throw SandboxRefusal(1000, "negative_prompt is missing")
        }
        guard isBlend || parameters["seed"]?.int != nil else { throw SandboxRefusal(1000, "seed is missing") }
    }

    private func checkReferences(_ ability: JSONValue, model: ImageModel) throws(SandboxRefusal) {
        guard let list = ability["ability_list"]?.array, !list.isEmpty else {
            throw SandboxRefusal(1000, "ability_list is missing")
        }
        var references = 0
        for entry in list {
            guard entry["name"]?.string == "byte_edit", let uris = entry["image_uri_list"]?.array, !uris.isEmpty,
                uris.allSatisfy({ $0.string?.isEmpty == false })
            else { throw SandboxRefusal(1000, "an ability without picture") }
            references += uris.count
        }
        guard references <= model.maximumReferences else { throw SandboxRefusal(1000, "more references than allowed") }
    }

    private typealias Size = (width: Int, height: Int, resolution: String)

    private func size(_ parameters: JSONValue, model: ImageModel, isBlend: Bool) throws(SandboxRefusal) -> Size {
        guard let info = parameters["large_image_info"], let width = info["width"]?.int,
            let height = info["height"]?.int, (1...8_192).contains(width), (1...8_192).contains(height)
        else { throw SandboxRefusal(1000, "large_image_info has no size") }
        let isIntelligent = parameters["intelligent_ratio"]?.bool ?? false
        let resolution = info["resolution_type"]?.string
        var size = Size(Int(width), Int(height), resolution ?? "1k")
        guard isStrict else { return size }
        guard let resolution, let bucket = ImageResolution(rawValue: resolution),
            model.resolutions.contains(bucket) || model.hasForcedSize
        else { throw SandboxRefusal(1000, "resolution_type is none of the model's") }
        let given = ImageSize(size.width, size.height)
        if isIntelligent, !isBlend {
            guard model.supportsIntelligentRatio else { throw SandboxRefusal(1000, "model has no intelligent ratio") }
            guard parameters["image_ratio"] == nil else {
                throw SandboxRefusal(1000, "image_ratio beside intelligent_ratio")
            }
            guard ImageRatio.allCases.contains(where: { fits(given, $0, bucket, model) }) else {
                throw SandboxRefusal(1000, "size is not in the table of its resolution")
            }
            if let chosen = chosenRatio(parameters["prompt"]?.string ?? ""),
                let dimensions = model.dimensions(ratio: chosen, resolution: bucket, region: region)
            {
                size.width = dimensions.size.width
                size.height = dimensions.size.height
            }
            return size
        }
        guard let code = parameters["image_ratio"]?.int, let ratio = ImageRatio(code: Int(clamping: code)) else {
            throw SandboxRefusal(1000, "image_ratio is not 1 to 8")
        }
        guard fits(given, ratio, bucket, model) else {
            throw SandboxRefusal(1000, "size is not that of its ratio and resolution")
        }
        return size
    }

    /// Whether these pixels stand in the model's table for this ratio and resolution; former 4k sizes are tolerated.
    private func fits(_ size: ImageSize, _ ratio: ImageRatio, _ resolution: ImageResolution, _ model: ImageModel)
        -> Bool
    {
        if model.hasForcedSize {
            return model.dimensions(ratio: ratio, resolution: resolution, region: region)
                == ImageDimensions(size: size, resolution: resolution, ratio: ratio)
        }
        switch resolution {
        case .oneAndAHalfK: return OneAndAHalfK.size(for: ratio) == size
        case .fourK:
            return size == ImageSizeTable.fourK.size(for: ratio) || size == ImageSizeTable.fourKFormer.size(for: ratio)
        default: return model.table(for: resolution)?.size(for: ratio) == size
        }
    }

    /// What the simulated site's eye for a fitting ratio comes to: a word in the prompt; nil keeps the size that was sent.
    private func chosenRatio(_ prompt: String) -> ImageRatio? {
        let prompt = prompt.lowercased()
        if ["横", "宽屏", "landscape", "wide"].contains(where: prompt.contains) { return .landscape16x9 }
        if ["竖", "手机", "portrait", "phone"].contains(where: prompt.contains) { return .portrait9x16 }
        return nil
    }

    private func count(_ option: JSONValue?, model: ImageModel, prompt: String) throws(SandboxRefusal) -> Int {
        guard let asked = option?["gen_count"], !asked.isNull else {
            return isSeries ? Self.wantedCount(prompt) : model.defaultCount
        }
        guard let count = asked.int else { throw SandboxRefusal(1000, "gen_count is no number") }
        switch model.counts {
        case .upTo(let maximum, _):
            guard (1...Int64(maximum)).contains(count) else {
                throw SandboxRefusal(1000, "gen_count is none of the model's")
            }
            return Int(count)
        case .forced(let forced): return forced
        case .decidedBySite:
            guard !isStrict else { throw SandboxRefusal(1000, "gen_count for a model that decides itself") }
            return model.defaultCount
        }
    }

    /// The number in front of the first 张, as the model would read it; 4 when there is none.
    private static func wantedCount(_ prompt: String) -> Int {
        guard let mark = prompt.firstIndex(of: "张") else { return 4 }
        // Digits of any width, but no numerals such as 三.
        let digits = prompt[..<mark].reversed().prefix {
            $0.unicodeScalars.first?.properties.numericType == .decimal
        }.reversed()
        guard !digits.isEmpty, digits.count <= 4 else { return 4 }
        let number = digits.reduce(0) { $0 * 10 + ($1.wholeNumberValue ?? 0) }
        return min(seriesLimit, max(1, number))
    }
}
