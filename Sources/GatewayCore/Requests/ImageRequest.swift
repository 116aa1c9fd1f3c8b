/// The fields of a request for pictures as the client sent them: decoded, of the right type, nothing decided yet
/// (endpoints.md section 9, openai-compat.md section 3.1). nil = absent.
package struct ImageRequest: Hashable, Sendable {
    package var prompt: String?
    package var model: String?
    package var ratio: String?
    package var resolution: String?
    package var intelligentRatio = false
    package var negativePrompt: String?
    package var sampleStrength: Double?
    package var responseFormat: String?
    package var count: Int?
    package var size: String?
    package var width: Int?
    package var height: Int?
    package var quality: String?
    package var background: String?
    package var outputFormat: String?
    package var outputCompression: Int?
    package var partialImages: Int?
    package var user: String?
    package var seed: Int?
    package var multiImage: Bool?
    /// How many pictures a series is to have, where another field than `n` says so.
    package var seriesCount: Int?
    /// False: the prompt is not searched for a ratio.
    package var promptHints: Bool?
    package var references = ImageReferences()
    /// How the client spelt a field, by canonical name, where it differs; used for the `param` of errors.
    package var spellings: [String: String] = [:]

    /// How the request was honoured with changes before it came here; go first in the result's.
    package var notices: [String] = []

    package init() {}

    func spelling(_ name: String) -> String { spellings[name] ?? name }
}

/// What a request for pictures brings along, before any of it is read.
package struct ImageReferences: Hashable, Sendable {
    package var count = 0
    /// The field that carries them, in the client's spelling.
    package var param = "images"
    /// What is told when there is none; nil where none is needed.
    package var absence: RequestProblem?
    /// One of them is of no known form.
    package var problem: RequestProblem?
    /// Without a word about the shape the result takes that of the references.
    package var decideShape = false

    package init() {}
}

/// In what form finished pictures are answered.
package enum ImageResponseFormat: String, Hashable, Sendable, CaseIterable {
    case url
    case base64 = "b64_json"
}

/// A request for pictures with every default, alias and hint decided.
package struct ResolvedImage: Hashable, Sendable {
    package var task: TextToImage
    package var model: Model
    /// The name as the client wrote it, or the default's.
    package var requestedModel: String
    package var notices: [String]
    /// Where the task may run: the regions of the request that take this model with exactly this size.
    package var regions: Set<Region>
    package var responseFormat: ImageResponseFormat
    /// A format the client asked for; nil = as the site delivers.
    package var outputFormat: PictureFormat?
    /// 0...100.
    package var outputCompression: Int?
    /// At most this many pictures are answered; nil = all that arrive.
    package var answeredCount: Int?
    /// See ``ImageRequestResolver/fitted(_:to:)``.
    package var followsFirstReference = false
}
