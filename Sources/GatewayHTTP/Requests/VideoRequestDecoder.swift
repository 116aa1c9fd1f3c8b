import GatewayCore
import WireJSON

/// A decoded body of a request for a video: its own fields, its materials, and what concerns the exchange.
struct DecodedVideoRequest {
    var video: VideoRequest
    /// One for each of the request's sources, in their order.
    var inputs: [MediaInput] = []
    var isAsync: Bool
    var metadata: [String: String]
    var webhook: WebhookFields

    /// Fields that name materials by link or data, beside the numbered ones.
    private static let referenceFields = [
        "first_frame", "first_frame_image", "last_frame", "last_frame_image", "end_frame_image", "end_frame", "image",
        "images", "image_url", "image_urls", "imageUrl", "imageUrls", "input_reference", "input_references", "files",
    ]
    private static let numberedFields = ["image_file", "video_file", "audio_file"]

    /// Reads in the order of the documented table, so that the first wrong type is the one that is told.
    init(_ body: ReceivedBody, endpoint: VideoRequest.Endpoint) throws(RequestProblem) {
        var fields = body.fields
        var video = VideoRequest(endpoint: endpoint)
        video.notices = fields.notices
        video.prompt = try fields.string("prompt")
        video.model = try fields.string("model")
        video.ratio = try fields.string("ratio", "aspect_ratio", "aspectRatio")
        video.resolution = try fields.string("resolution")
        video.duration = try fields.string("duration", "seconds")
        video.functionMode = try fields.string("functionMode", "function_mode")
        video.responseFormat = try fields.string("response_format", "responseFormat")
        video.size = try fields.string("size")
        video.width = try fields.integer("width")
        video.height = try fields.integer("height")
        video.seed = try fields.integer("seed")
        video.negativePrompt = try fields.string("negative_prompt", "negativePrompt")
        video.count = try fields.integer("n")
        video.user = try fields.string("user")
        video.promptHints = try fields.bool("prompt_hints", "promptHints")
        isAsync = try fields.bool("async") ?? false
        metadata = try fields.labels("metadata")
        webhook = try WebhookFields(fields)
        video.spellings = fields.spellings
        self.video = video
        readSources(body)
    }

    private mutating func readSources(_ body: ReceivedBody) {
        for file in body.files {
            inputs.append(MediaInput(file))
            video.sources.append(
                VideoSource(field: file.field, param: file.param, fileName: file.fileName, isUpload: true))
        }
        for candidate in Self.candidates(in: body.fields) {
            do {
                inputs.append(try MediaInput(candidate, index: inputs.count + 1))
                video.sources.append(
                    VideoSource(field: candidate.field, param: candidate.param, isUpload: false))
            } catch {
                video.sourceProblem = video.sourceProblem ?? error
            }
        }
    }

    /// `file_paths` in one of its spellings, then the other fields, then the numbered ones by name.
    private static func candidates(in fields: RequestFields) -> [MediaCandidate] {
        let paths = ["file_paths", "filePaths", "file_path", "filePath"].first { fields.isPresent($0) }
        let numbered = fields.object.keys.filter { name in
            numberedFields.contains { field in
                guard name.hasPrefix(field) else { return false }
                let rest = name.dropFirst(field.count)
                return rest.isEmpty || rest.first == "_" && Int(rest.dropFirst()) != nil
            }
        }
        return ((paths.map { [$0] } ?? []) + referenceFields + numbered.sorted()).flatMap { fields.media($0) }
    }
}
