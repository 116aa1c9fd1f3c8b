import GatewayCore
import WireJSON

/// The endpoints that make pictures from a prompt and other pictures.
enum ImageEndpoint: String, Hashable, Sendable, CaseIterable {
    case generations, compositions, edits

    var path: String { "/v1/images/\(rawValue)" }
}

/// What becomes of the mask of an edit (openai-compat.md section 6).
package enum MaskPolicy: String, Hashable, Sendable, CaseIterable {
    case refuse
    /// One more reference, with a sentence added to the prompt.
    case reference
    case ignore
}

/// A decoded body of one of the ``ImageEndpoint``: the picture's own fields, its references, and what concerns the
/// exchange.
struct DecodedImageRequest {
    var image: ImageRequest
    /// In the order in which the pictures go to the site.
    var inputs: [MediaInput] = []
    var isAsync: Bool
    var wantsStream: Bool
    var metadata: [String: String]
    var webhook: WebhookFields

    /// Fields of every spelling that this field's programs use; all that are there count, in this order.
    private static let referenceFields = [
        "images", "image", "image_url", "image_urls", "imageUrl", "imageUrls", "file_path", "filePath", "file_paths",
        "filePaths", "input_image", "input_images",
    ]
    private static let mask = "mask"
    private static let maskSentence = PlaceholderText(
        english: " Change only the area that is transparent in the last picture.", chinese: " 只修改最后一张图片中透明的区域。")

    /// Reads in the order of the documented table, so that the first wrong type is the one that is told.
    init(_ body: ReceivedBody, endpoint: ImageEndpoint = .generations, mask: MaskPolicy = .refuse)
        throws(RequestProblem)
    {
        var fields = body.fields
        var image = ImageRequest()
        image.notices = fields.notices
        image.prompt = try fields.string("prompt")
        image.model = try fields.string("model")
        image.ratio = try fields.string("ratio", "aspect_ratio", "aspectRatio")
        image.resolution = try fields.string("resolution")
        image.intelligentRatio = try fields.bool("intelligent_ratio", "intelligentRatio") ?? false
        image.negativePrompt = try fields.string("negative_prompt", "negativePrompt")
        image.sampleStrength = try fields.number("sample_strength", "sampleStrength")
        image.responseFormat = try fields.string("response_format", "responseFormat")
        image.count = try fields.integer("n")
        image.size = try fields.string("size")
        image.width = try fields.integer("width")
        image.height = try fields.integer("height")
        image.quality = try fields.string("quality")
        image.background = try fields.string("background")
        image.outputFormat = try fields.string("output_format", "outputFormat")
        image.outputCompression = try fields.integer("output_compression", "outputCompression")
        image.user = try fields.string("user")
        wantsStream = try fields.bool("stream") ?? false
        image.partialImages = try fields.integer("partial_images", "partialImages")
        image.seed = try fields.integer("seed")
        image.multiImage = try fields.bool("multi_image", "multiImage")
        try Self.readSequence(&fields, &image)
        image.promptHints = try fields.bool("prompt_hints", "promptHints")
        isAsync = try fields.bool("async") ?? false
        metadata = try fields.labels("metadata")
        webhook = try WebhookFields(fields)
        if endpoint == .edits { try Self.readFidelity(&fields, &image) }
        // An empty text of a form field is a field left blank.
        if fields.isForm {
            image.responseFormat = image.responseFormat.flatMap { $0.isEmpty ? nil : $0 }
            image.quality = image.quality.flatMap { $0.isEmpty ? nil : $0 }
            image.background = image.background.flatMap { $0.isEmpty ? nil : $0 }
        }
        image.spellings = fields.spellings
        self.image = image
        readReferences(body, endpoint, mask)
    }

    /// Volcengine Ark's way to ask for a series (openai-compat.md section 11).
    private static func readSequence(
        _ fields: inout RequestFields, _ image: inout ImageRequest
    ) throws(RequestProblem) {
        let name = "sequential_image_generation"
        guard let text = try fields.string(name), !text.isEmpty, image.multiImage == nil else { return }
        switch text.lowercased() {
        case "auto": image.multiImage = true
        case "disabled": image.multiImage = false
        default: throw .invalidValue(name, got: text, allowed: ["auto", "disabled"])
        }
        guard let options = fields.object["\(name)_options"], !options.isNull else { return }
        var members = RequestFields(options.object ?? JSONObject(), isForm: fields.isForm)
        guard let count = try members.integer("max_images") else { return }
        guard (1...15).contains(count) else { throw .outOfRange("\(name)_options.max_images", 1...15, got: count) }
        image.seriesCount = count
    }

    /// How closely the result keeps to its source, unless a strength says so already.
    private static func readFidelity(
        _ fields: inout RequestFields, _ image: inout ImageRequest
    ) throws(RequestProblem) {
        guard let text = try fields.string("input_fidelity", "inputFidelity"), !text.isEmpty else { return }
        let strengths = ["high": 0.7, "low": 0.3]
        guard let strength = strengths[text.lowercased()] else {
            throw .invalidValue("input_fidelity", got: text, allowed: ["high", "low"])
        }
        image.sampleStrength = image.sampleStrength ?? strength
    }

    // MARK: References

    private enum Source {
        case file(ReceivedFile)
        case value(MediaCandidate)
    }

    private mutating func readReferences(_ body: ReceivedBody, _ endpoint: ImageEndpoint, _ mask: MaskPolicy) {
        var sources = Self.sources(of: body, endpoint, notices: &image.notices)
        image.references.decideShape = endpoint == .edits
        switch endpoint {
        case .generations: break
        case .compositions:
            image.references.absence = RequestProblem(.tooFewImages, param: "images")
        case .edits:
            image.references.absence = .missing("image")
        }
        if let maskSource = Self.maskSource(of: body) {
            switch mask {
            case .ignore: image.notices.append(Notice.parameterIgnored(Self.mask))
            case .refuse:
                image.references.problem = .unsupported(
                    Self.mask, english: "The site edits whole pictures; say in the prompt what is to change.",
                    chinese: "官方仅支持整图编辑，请在提示词中说明要修改的内容。")
            case .reference:
                sources.append(maskSource)
                if let prompt = image.prompt {
                    let isHan = prompt.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
                    image.prompt = prompt + (isHan ? Self.maskSentence.chinese : Self.maskSentence.english)
                }
            }
        }
        image.references.count = sources.count
        for (index, source) in sources.enumerated() {
            switch source {
            case .file(let file): inputs.append(MediaInput(file))
            case .value(let candidate):
                do {
                    inputs.append(try MediaInput(candidate, index: index + 1))
                } catch {
                    image.references.problem = image.references.problem ?? error
                }
            }
        }
        switch sources.first {
        case .file(let file)?: image.references.param = file.field
        case .value(let candidate)?: image.references.param = candidate.field
        case nil: break
        }
    }

    private static func sources(
        of body: ReceivedBody, _ endpoint: ImageEndpoint, notices: inout [String]
    ) -> [Source] {
        let files = body.files.filter { $0.field != mask }
        if endpoint != .generations {
            // Files and links of these names keep the order of the form.
            let named = body.parts.flatMap { part -> [Source] in
                switch part {
                case .file(let file): return file.field == "images" || file.field == "image" ? [.file(file)] : []
                case .text(let name, let text):
                    let field = FieldName(name).base
                    guard field == "images" || field == "image", !text.trimmingBlanks().isEmpty else { return [] }
                    return RequestFields.media(.string(text), field: field, param: name, isForm: true)
                        .map { .value($0) }
                }
            }
            if !named.isEmpty {
                let ignored = files.count { $0.field != "images" && $0.field != "image" }
                if ignored > 0 { notices.append(Notice.filesIgnored(ignored)) }
                return named
            }
        }
        return files.map { .file($0) } + referenceFields.flatMap { body.fields.media($0) }.map { .value($0) }
    }

    private static func maskSource(of body: ReceivedBody) -> Source? {
        if let file = body.files.first(where: { $0.field == mask }) { return .file(file) }
        return body.fields.media(mask).first.map { .value($0) }
    }
}
