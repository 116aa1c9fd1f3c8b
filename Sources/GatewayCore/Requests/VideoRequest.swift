/// The fields of a request for a video as the client sent them: decoded, of the right type, nothing decided yet
/// (endpoints.md section 11, openai-compat.md section 7.1). nil = absent.
package struct VideoRequest: Hashable, Sendable {
    /// What is assumed where a request says nothing depends on where it came in (section 7).
    package enum Endpoint: Hashable, Sendable {
        case generations
        /// OpenAI's video resource: lengths are mapped instead of refused, and `size` names a resolution too.
        case openAI
        case chat
    }

    package var endpoint: Endpoint
    package var prompt: String?
    package var model: String?
    package var ratio: String?
    package var resolution: String?
    /// As text, so that `5s` can be refused in the words of a length.
    package var duration: String?
    package var size: String?
    package var width: Int?
    package var height: Int?
    package var functionMode: String?
    package var responseFormat: String?
    package var count: Int?
    package var seed: Int?
    package var negativePrompt: String?
    package var user: String?
    /// False: the prompt is searched for nothing.
    package var promptHints: Bool?
    /// The materials, before any of them is read.
    package var sources: [VideoSource] = []
    /// One of the materials is of no known form.
    package var sourceProblem: RequestProblem?
    /// How the client spelt a field, by canonical name, where it differs; used for the `param` of errors.
    package var spellings: [String: String] = [:]
    /// How the request was honoured with changes before it came here; go first in the result's.
    package var notices: [String] = []

    package init(endpoint: Endpoint) {
        self.endpoint = endpoint
    }

    func spelling(_ name: String) -> String { spellings[name] ?? name }
}

/// One picture, video or sound of a request, by where in it it stands.
package struct VideoSource: Hashable, Sendable {
    /// The field without index and brackets; decides the role.
    package var field: String
    /// As errors name it: `file_paths[1]`.
    package var param: String
    /// As the client calls the file.
    package var fileName: String?
    /// Whether its bytes came with the request.
    package var isUpload: Bool

    package init(field: String, param: String, fileName: String? = nil, isUpload: Bool) {
        self.field = field
        self.param = param
        self.fileName = fileName
        self.isUpload = isUpload
    }
}

/// A request for a video with every default, alias and hint decided, as far as that is possible before its materials
/// are read.
package struct ResolvedVideo: Hashable, Sendable {
    package var model: Model
    /// The name as the client wrote it, or the default's.
    package var requestedModel: String
    package var notices: [String]
    /// Where it may run.
    package var regions: Set<Region>
    package var responseFormat: ImageResponseFormat
    /// Which of the request's sources have to be read, by index, in the order in which ``VideoRequestResolver/task(of:materials:)``
    /// wants them.
    package var selection: [Int]
    /// What may be among them.
    package var kinds: Set<MaterialKind>

    var prompt: String
    /// `16:9` ..., or `adaptive`.
    var ratio: String
    var isRatioExplicit: Bool
    var resolution: String?
    var seconds: Int
    /// In the client's spelling, for errors.
    var durationField: String
    var seed: UInt32
    var mode: VideoSelection.Mode
    var sources: [VideoSource]
}
