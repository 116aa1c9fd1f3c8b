import GatewayCore
import WireJSON

/// A decoded body of `POST /v1/chat/completions` (endpoints.md section 15.1): what the conversation asks for, and how it
/// is to be answered. What a front-end sends for language models is ignored.
struct ChatRequest: Sendable {
    /// A picture, video or sound of the conversation.
    struct Material: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case image, video, audio
        }

        var kind: Kind
        /// A URL, a data URL or base64.
        var reference: String
        /// Where it stands: `messages[0].content[1].image_url.url`.
        var param: String
    }

    /// The name as the client wrote it; nil = the default.
    var model: String?
    /// The text of the last message of the user; may be blank.
    var prompt: String
    /// The texts of the system's messages, for recognising what is no request for a picture.
    var instructions: String
    var materials: [Material]
    var wantsStream: Bool
    var includesUsage: Bool
    /// The members that mean the same as in a request for pictures or videos.
    var parameters: JSONObject

    private static let passedOn = [
        "aspectRatio", "aspect_ratio", "async", "callback_url", "duration", "filePath", "filePaths", "file_path",
        "file_paths", "functionMode", "function_mode", "height", "intelligentRatio", "intelligent_ratio", "metadata",
        "model", "multiImage", "multi_image", "n", "negativePrompt", "negative_prompt", "promptHints", "prompt_hints",
        "ratio", "resolution", "sampleStrength", "sample_strength", "seconds", "seed", "size", "user",
        "webhook_secret", "webhook_url", "width",
    ]

    /// - Throws: `missing_required_parameter` and `invalid_type` about `messages`, `invalid_type`.
    init(_ fields: RequestFields, options: ChatOptions) throws(RequestProblem) {
        var fields = fields
        model = try fields.string("model")
        wantsStream = try fields.bool("stream") ?? false
        includesUsage = Self.flag(fields.object["stream_options"]?["include_usage"])
        parameters = JSONObject()
        for name in Self.passedOn where fields.isPresent(name) { parameters[name] = fields.object[name] }
        // What front-ends show are links; a file in the text is for those who ask for it by this word.
        parameters["response_format"] = .string(fields.object["response_format"]?.string ?? "url")
        if let settings = fields.object["image_config"]?.object {
            if parameters["ratio"] == nil, let ratio = settings["aspect_ratio"]?.string {
                parameters["ratio"] = .string(ratio)
            }
            if parameters["resolution"] == nil, let size = settings["image_size"]?.string {
                parameters["resolution"] = .string(size)
            }
        }
        guard fields.isPresent("messages") else { throw .missing("messages") }
        guard let messages = fields.object["messages"]?.array else {
            throw RequestProblem(
                .invalidType, param: "messages",
                values: [.want: PlaceholderText(english: "an array", chinese: "数组"), .got: "-"])
        }
        let turns = messages.enumerated().map { ChatTurn($1, param: "messages[\($0)]") }
        guard let last = turns.last(where: { $0.role == "user" }) ?? turns.last else { throw .missing("messages") }
        prompt = last.text
        instructions = turns.filter { $0.role == "system" || $0.role == "developer" }.map(\.text)
            .joined(separator: "\n")
        switch options.contextImages {
        case .lastMessage: materials = last.materials
        case .all: materials = turns.flatMap(\.materials)
        case .conversation:
            materials = last.materials
            if let answer = turns.last(where: { $0.role == "assistant" }) { materials += answer.picturesInText }
        }
        if options.usesFirstImageOnly {
            let first = materials.firstIndex { $0.kind == .image }
            materials = materials.indices.filter { materials[$0].kind != .image || $0 == first }
                .map { materials[$0] }
        }
    }

    /// The body that asks the endpoints for pictures or videos for the same, and where in the conversation the values of
    /// its fields come from.
    func generationFields(_ kind: MediaKind) -> (object: JSONObject, origins: [String: String]) {
        var object = parameters
        object["prompt"] = .string(prompt)
        var origins = ["prompt": "messages"]
        var counts: [Material.Kind: Int] = [:]
        var references: [JSONValue] = []
        let field = kind == .image ? "images" : "file_paths"
        for material in materials {
            counts[material.kind, default: 0] += 1
            let number = counts[material.kind] ?? 1
            switch material.kind {
            case .image:
                origins["\(field)[\(references.count)]"] = material.param
                references.append(.string(material.reference))
            case .video, .audio:
                // Pictures are made from pictures only.
                guard kind == .video else { continue }
                let name = "\(material.kind == .video ? "video" : "audio")_file_\(number)"
                origins[name] = material.param
                object[name] = .string(material.reference)
            }
        }
        if !references.isEmpty {
            origins[field] = "messages"
            object[field] = .array(references + Self.elements(object[field]))
        }
        return (object, origins)
    }

    private static func elements(_ value: JSONValue?) -> [JSONValue] {
        guard let value, !value.isNull else { return [] }
        return value.array ?? [value]
    }

    private static func flag(_ value: JSONValue?) -> Bool {
        value?.bool ?? (value?.string?.lowercased() == "true")
    }
}

/// One message of a conversation.
private struct ChatTurn {
    var role: String
    var text: String
    var materials: [ChatRequest.Material] = []
    let param: String

    /// Those that don't speak for the user.
    private static let roles: Set<String> = ["system", "developer", "assistant", "tool", "function"]

    init(_ message: JSONValue, param: String) {
        self.param = param
        let role = message["role"]?.string ?? "user"
        // Roles that nobody knows speak for the user.
        self.role = Self.roles.contains(role) ? role : "user"
        switch message["content"] {
        case .string(let content)?: text = content
        case .array(let parts)?:
            var texts: [String] = []
            for (index, part) in parts.enumerated() {
                let place = "\(param).content[\(index)]"
                if let words = Self.words(of: part) {
                    texts.append(words)
                } else if let material = Self.material(of: part, param: place) {
                    materials.append(material)
                }
            }
            text = texts.joined(separator: "\n")
        default: text = ""
        }
    }

    private static func words(of part: JSONValue) -> String? {
        if let text = part.string { return text }
        switch part["type"]?.string {
        case "text", "input_text", "output_text": return part["text"]?.string ?? ""
        default: return nil
        }
    }

    /// Parts of unknown types are nothing.
    private static func material(of part: JSONValue, param: String) -> ChatRequest.Material? {
        guard let type = part["type"]?.string else { return nil }
        switch type {
        case "image_url", "input_image", "image":
            return material(.image, part, among: ["image_url", "url", "image", "data"], param)
        case "video_url", "input_video", "video":
            return material(.video, part, among: ["video_url", "url", "video"], param)
        case "audio_url", "audio":
            return material(.audio, part, among: ["audio_url", "url", "audio"], param)
        default: return nil
        }
    }

    /// The first of the members that holds a text, or an object with a `url`.
    private static func material(
        _ kind: ChatRequest.Material.Kind, _ part: JSONValue, among names: [String], _ param: String
    ) -> ChatRequest.Material? {
        for name in names {
            guard let value = part[name], !value.isNull else { continue }
            if let text = value.string {
                return ChatRequest.Material(kind: kind, reference: text, param: "\(param).\(name)")
            }
            if let text = value["url"]?.string {
                return ChatRequest.Material(kind: kind, reference: text, param: "\(param).\(name).url")
            }
        }
        // An empty reference is refused by whoever reads it.
        return ChatRequest.Material(kind: kind, reference: "", param: param)
    }

    /// The targets of `![...](...)` in the text that are not videos, at most as many as any model takes.
    var picturesInText: [ChatRequest.Material] {
        var found: [ChatRequest.Material] = []
        var rest = text[...]
        while found.count < 10, let mark = rest.firstRange(of: "![") {
            rest = rest[mark.upperBound...]
            guard let middle = rest.firstRange(of: "](") else { break }
            let label = rest[..<middle.lowerBound]
            rest = rest[middle.upperBound...]
            guard let close = rest.firstIndex(of: ")") else { break }
            let target = String(rest[..<close]).trimmingBlanks()
            rest = rest[rest.index(after: close)...]
            if label != "video", !target.isEmpty {
                found.append(ChatRequest.Material(kind: .image, reference: target, param: "\(param).content"))
            }
        }
        return found
    }
}
