import SiteWire
import WireJSON

extension SandboxOrder {
    /// As the journal writes it; the inputs are settled and not told again.
    var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("region", .string(region.rawValue)), ("work", work.json), ("model", .string(modelKey)),
            ("model_name", .string(modelName)), ("prompt", .string(prompt)), ("width", .integer(Int64(width))),
            ("height", .integer(Int64(height))), ("resolution", .string(resolution)),
            ("count", .integer(Int64(count))), ("seed", .integer(seed)), ("version", .string(draftVersion)),
            ("submit_id", .string(submitID)), ("sketch", .integer(Int64(firstSketch))),
        ]
        if let ending { members.append(("ending", .string(ending.rawValue))) }
        return .object(JSONObject(members))
    }

    init?(_ json: JSONValue) {
        guard let region = json["region"]?.string.flatMap(SiteRegion.init), let work = json["work"].flatMap(Work.init),
            let model = json["model"]?.string, let name = json["model_name"]?.string,
            let prompt = json["prompt"]?.string, let width = json["width"]?.int, let height = json["height"]?.int,
            (1...8_192).contains(width), (1...8_192).contains(height), let resolution = json["resolution"]?.string,
            let count = json["count"]?.int, (1...64).contains(count), let seed = json["seed"]?.int,
            let version = json["version"]?.string, let submitID = json["submit_id"]?.string,
            let sketch = json["sketch"]?.int, (0...255).contains(sketch)
        else { return nil }
        self.init(
            region: region, work: work, modelKey: model, modelName: name, prompt: prompt, width: Int(width),
            height: Int(height), resolution: resolution, count: Int(count), seed: seed, draftVersion: version,
            submitID: submitID)
        firstSketch = Int(sketch)
        ending = json["ending"]?.string.flatMap(JobEnding.init)
    }
}

extension SandboxOrder.Work {
    var json: JSONValue {
        switch self {
        case .textToImage: return ["kind": "text"]
        case .blend(let references): return ["kind": "blend", "references": .integer(Int64(references))]
        case .video(let film):
            return [
                "kind": "video", "source": .string(film.source.rawValue), "milliseconds": .integer(film.milliseconds),
                "input_milliseconds": .integer(film.inputMilliseconds), "inputs": .integer(Int64(film.inputs)),
            ]
        case .postEdit(let edit):
            let margins = edit.margins
            return [
                "kind": "edit", "tool": .string(edit.tool.rawValue), "resolution": .string(edit.resolution),
                "margins": .array(
                    [margins.top, margins.bottom, margins.left, margins.right].map { .number($0) }),
            ]
        }
    }

    init?(_ json: JSONValue) {
        switch json["kind"]?.string {
        case "text": self = .textToImage
        case "blend":
            guard let references = json["references"]?.int else { return nil }
            self = .blend(references: Int(references))
        case "video":
            guard let source = json["source"]?.string.flatMap(FilmOrder.Source.init),
                let milliseconds = json["milliseconds"]?.int, (1...120_000).contains(milliseconds),
                let input = json["input_milliseconds"]?.int, let inputs = json["inputs"]?.int
            else { return nil }
            self = .video(
                FilmOrder(
                    source: source, milliseconds: milliseconds, inputMilliseconds: input, inputs: Int(inputs)))
        case "edit":
            guard let tool = json["tool"]?.string.flatMap(PostEdit.Tool.init),
                let resolution = json["resolution"]?.string, let sides = json["margins"]?.array?.compactMap(\.double),
                sides.count == 4
            else { return nil }
            let margins = PostEdit.Margins(top: sides[0], bottom: sides[1], left: sides[2], right: sides[3])
            self = .postEdit(PostEdit(tool: tool, margins: margins, resolution: resolution))
        default: return nil
        }
    }
}
