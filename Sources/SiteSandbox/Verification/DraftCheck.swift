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
        let inputs = isBlend ? try references(component, ability, model: model, prompt: prompt) : []
        let size = try size(parameters, model: model, isBlend: isBlend)
        let count = try count(abilities["gen_option"], model: model, prompt: prompt)
        var order = SandboxOrder(
            region: region, work: isBlend ? .blend(references: inputs.count) : .textToImage,
            modelKey: model.upstreamKeys[region] ?? "",
            modelName: model.displayName ?? model.id,
            prompt: prompt, width: size.width, height: size.height, resolution: size.resolution, count: count,
            seed: parameters["seed"]?.int ?? 0, draftVersion: "", submitID: "")
        order.inputs = inputs
        return order
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

    /// The pictures of a blend, in either of its two forms: one ability with all of them, or one ability for each.
    private func references(
        _ component: JSONValue, _ ability: JSONValue, model: ImageModel, prompt: String
    ) throws(SandboxRefusal) -> [SandboxInput] {
        if let type = component["gen_type"]?.int, type != 12 { throw SandboxRefusal(1000, "gen_type is not 12") }
        guard let list = ability["ability_list"]?.array, !list.isEmpty else {
            throw SandboxRefusal(1000, "ability_list is missing")
        }
        var inputs: [SandboxInput] = []
        for entry in list {
            guard entry["name"]?.string == "byte_edit", let uris = entry["image_uri_list"]?.array, !uris.isEmpty else {
                throw SandboxRefusal(1000, "an ability without picture")
            }
            for uri in uris {
                guard let text = uri.string, !text.isEmpty, text.utf8.count <= 256 else {
                    throw SandboxRefusal(1000, "an ability without picture")
                }
                inputs.append(.picture(uri: text))
            }
            if isStrict { try checkImages(entry, uris: uris) }
            guard inputs.count <= model.maximumReferences else {
                throw SandboxRefusal(1000, "more references than allowed")
            }
        }
        if isStrict { try checkPlaceholders(ability, abilities: list.count, prompt: prompt) }
        guard !prompt.drop(while: { $0 == "#" }).allSatisfy(\.isWhitespace) else {
            throw SandboxRefusal(1000, "prompt is nothing but marks")
        }
        return inputs
    }

    /// Every picture is told twice, by its URI and as an object.
    private func checkImages(_ entry: JSONValue, uris: [JSONValue]) throws(SandboxRefusal) {
        guard let images = entry["image_list"]?.array, images.count == uris.count else {
            throw SandboxRefusal(1000, "image_list does not fit image_uri_list")
        }
        for (image, uri) in zip(images, uris) {
            guard try Self.uri(of: image) == uri.string else {
                throw SandboxRefusal(1000, "image_list does not fit image_uri_list")
            }
        }
        guard let strength = entry["strength"]?.double, (0...1).contains(strength) else {
            throw SandboxRefusal(1000, "strength of a reference is not from 0 to 1")
        }
    }

    /// A placeholder binds a `##` of the prompt to an ability. With one ability the prompt may do without.
    private func checkPlaceholders(
        _ ability: JSONValue, abilities: Int, prompt: String
    ) throws(SandboxRefusal) {
        let indexes = (ability["prompt_placeholder_info_list"]?.array ?? []).map { $0["ability_index"]?.int }
        guard indexes == (0..<Int64(abilities)).map({ $0 }) else {
            throw SandboxRefusal(1000, "placeholders do not fit the abilities")
        }
        let marks = prompt.prefix { $0 == "#" }.count / 2
        guard abilities == 1 || marks >= abilities else {
            throw SandboxRefusal(1000, "prompt has not one ## for every reference")
        }
    }

    /// The URI of an image object, which stands in it twice.
    static func uri(of image: JSONValue) throws(SandboxRefusal) -> String {
        guard let uri = image["image_uri"]?.string, !uri.isEmpty, uri.utf8.count <= 256, image["uri"]?.string == uri
        else { throw SandboxRefusal(1000, "image without image_uri, or with another uri") }
        guard image["type"]?.string == "image", image["source_from"]?.string == "upload" else {
            throw SandboxRefusal(1000, "image is not of type image from upload")
        }
        return uri
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
