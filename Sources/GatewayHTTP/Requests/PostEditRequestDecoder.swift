import GatewayCore
import WireJSON

/// A decoded body of `POST /v1/images/upscale` or `/v1/images/outpaint`.
struct DecodedPostEditRequest {
    enum Source {
        /// A result of the caller's.
        case result(GenerationID, text: String, index: Int)
        case picture(MediaInput)
    }

    var edit: PostEditRequest
    var source: Source
    var outputFormat: PictureFormat?
    var user: String?
    var isAsync: Bool
    var metadata: [String: String]
    var webhook: WebhookFields

    private static let pictureFields = ["image", "images", "image_url", "file_path", "filePath"]

    /// - Throws: ``RequestProblem``: `invalid_type`, `missing_required_parameter` when there is no source, the problems of
    ///   ``MediaReference``.
    init(_ body: ReceivedBody, _ kind: PostEditRequest.Kind) throws(RequestProblem) {
        var fields = body.fields
        var edit = PostEditRequest(kind)
        let id = try fields.string("generation_id", "generationId", "id").map { $0.trimmingBlanks() } ?? ""
        let index = try fields.integer("index") ?? 0
        edit.mode = try fields.string("mode")
        edit.resolution = try fields.string("resolution")
        edit.originalStrength = try fields.number("original_strength", "original_image_strength", "originalStrength")
        edit.detailStrength = try fields.number("detail_strength", "detailStrength")
        edit.top = try fields.number("top")
        edit.bottom = try fields.number("bottom")
        edit.left = try fields.number("left")
        edit.right = try fields.number("right")
        edit.ratio = try fields.string("ratio", "aspect_ratio", "aspectRatio")
        edit.count = try fields.integer("n")
        edit.responseFormat = try fields.string("response_format", "responseFormat")
        let format = try fields.string("output_format", "outputFormat")?.lowercased() ?? ""
        if !format.isEmpty {
            outputFormat = format == "jpg" ? .jpeg : PictureFormat(rawValue: format)
            if outputFormat == nil {
                throw .invalidValue("output_format", got: format, allowed: ["png", "jpeg", "webp"])
            }
        }
        user = try fields.string("user")
        isAsync = try fields.bool("async") ?? false
        metadata = try fields.labels("metadata")
        webhook = try WebhookFields(fields)
        edit.spellings = fields.spellings
        self.edit = edit
        if id.isEmpty {
            source = try Self.picture(in: body)
        } else {
            guard let generation = GenerationID(anyForm: id) else {
                throw RequestProblem(.generationNotFound, param: "generation_id", values: [.id: .echo(id)])
            }
            source = .result(generation, text: id, index: index)
        }
    }

    private static func picture(in body: ReceivedBody) throws(RequestProblem) -> Source {
        let candidates = pictureFields.flatMap { body.fields.media($0) }
        let count = body.files.count + candidates.count
        guard count <= 1 else {
            throw RequestProblem(
                .tooManyImages, param: body.files.dropFirst().first?.param ?? candidates.last?.param,
                values: [.max: "1", .count: "\(count)"])
        }
        if let file = body.files.first { return .picture(MediaInput(file)) }
        guard let candidate = candidates.first else { throw .missing("image") }
        return .picture(try MediaInput(candidate, index: 1))
    }
}
