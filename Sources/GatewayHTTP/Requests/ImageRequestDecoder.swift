import GatewayCore

/// A decoded body of `POST /v1/images/generations`: the picture's own fields and those about the exchange.
struct DecodedImageRequest {
    var image: ImageRequest
    var isAsync: Bool
    var wantsStream: Bool
    var metadata: [String: String]
    var webhook: WebhookFields

    private static let referenceFields = [
        "filePath", "file_path", "images", "image", "image_url", "imageUrls", "image_urls", "imageUrl", "file_paths",
        "filePaths", "input_image", "input_images", "mask",
    ]

    /// Reads in the order of the documented table, so that the first wrong type is the one that is told.
    init(_ fields: RequestFields) throws(RequestProblem) {
        var fields = fields
        var image = ImageRequest()
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
        image.promptHints = try fields.bool("prompt_hints", "promptHints")
        isAsync = try fields.bool("async") ?? false
        metadata = try fields.labels("metadata")
        webhook = try WebhookFields(fields)
        // An empty text of a form field is a field left blank.
        if fields.isForm {
            image.responseFormat = image.responseFormat.flatMap { $0.isEmpty ? nil : $0 }
            image.quality = image.quality.flatMap { $0.isEmpty ? nil : $0 }
            image.background = image.background.flatMap { $0.isEmpty ? nil : $0 }
        }
        image.referenceFields = Self.referenceFields.filter { fields.isPresent($0) }
        image.spellings = fields.spellings
        self.image = image
    }
}
