/// Which of a request's materials count and as what, as far as their names tell (endpoints.md section 11.1).
struct VideoSelection: Hashable {
    enum Mode: Hashable {
        case text
        case frames
        /// Frames, unless the materials turn out to be more than two pictures or something else than pictures.
        case framesOrOmni
        case omni
    }

    static let functionModes = ["first_last_frames", "omni_reference"]

    var mode: Mode
    /// Indexes into the sources.
    var indexes: [Int] = []
    var notices: [String] = []

    /// `functionMode`: one of ``functionModes``, or nil.
    /// Throws: `unsupported_function_mode`, `too_few_images`, `too_many_images`, `too_many_materials`,
    ///   `unsupported_parameter`.
    init(_ request: VideoRequest, functionMode: String?, model: Model) throws(RequestProblem) {
        let sources = request.sources
        if functionMode == "omni_reference" {
            guard model.supportsOmniReference else {
                throw RequestProblem(
                    .unsupportedFunctionMode, param: request.spelling("functionMode"),
                    values: [.got: "omni_reference", .model: PlaceholderText(model.id)])
            }
            guard !sources.isEmpty else { throw RequestProblem(.tooFewImages, param: "image_file_1") }
            try self.init(omni: sources, model: model)
            return
        }
        let hasOtherKinds = sources.contains { $0.field.hasPrefix("video_file") || $0.field.hasPrefix("audio_file") }
        if functionMode == nil, model.supportsOmniReference, hasOtherKinds || model.maximumFrames == 0, !sources.isEmpty
        {
            try self.init(omni: sources, model: model)
            return
        }
        try self.init(frames: sources, mayTurnOmni: functionMode == nil && model.supportsOmniReference, model: model)
    }

    private init(omni sources: [VideoSource], model: Model) throws(RequestProblem) {
        mode = .omni
        indexes = Array(sources.indices)
        guard sources.count <= model.omniLimits.total else {
            throw .tooManyMaterials(model.omniLimits, param: sources[model.omniLimits.total].param)
        }
    }

    private init(frames sources: [VideoSource], mayTurnOmni: Bool, model: Model) throws(RequestProblem) {
        guard !sources.isEmpty else {
            mode = .text
            return
        }
        let uploads = sources.indices.filter { sources[$0].isUpload }
        if uploads.isEmpty {
            indexes = Self.sortedReferences(sources)
        } else {
            indexes = Self.sortedUploads(uploads, sources)
            if uploads.count < sources.count { notices.append(Notice.uploadedFilesPreferred) }
        }
        guard mayTurnOmni else {
            mode = .frames
            guard model.maximumFrames > 0 else {
                throw .unsupported(
                    sources[0].param, english: "\(model.id) makes videos from text only.",
                    chinese: "\(model.id) 仅支持文生视频。")
            }
            guard indexes.count <= model.maximumFrames else {
                throw RequestProblem(
                    .tooManyImages, param: sources[indexes[model.maximumFrames]].param,
                    values: [.max: "\(model.maximumFrames)", .count: "\(indexes.count)"])
            }
            return
        }
        mode = .framesOrOmni
        guard indexes.count <= model.omniLimits.total else {
            throw .tooManyMaterials(model.omniLimits, param: sources[model.omniLimits.total].param)
        }
    }

    /// By the numbers at the ends of the field names when all have different ones, else as they came.
    private static func sortedUploads(_ uploads: [Int], _ sources: [VideoSource]) -> [Int] {
        let numbers = uploads.compactMap { number(of: sources[$0].field) }
        guard numbers.count == uploads.count, Set(numbers).count == numbers.count else { return uploads }
        return uploads.sorted { (number(of: sources[$0].field) ?? 0) < (number(of: sources[$1].field) ?? 0) }
    }

    /// `file_paths` before the other fields, and numbered fields by number.
    private static func sortedReferences(_ sources: [VideoSource]) -> [Int] {
        func rank(_ index: Int) -> (Int, Int, Int) {
            let field = sources[index].field
            if field == "file_paths" || field == "filePaths" { return (0, 0, index) }
            guard field.hasPrefix("image_file") else { return (1, 0, index) }
            return (2, number(of: field) ?? 0, index)
        }
        return sources.indices.sorted { rank($0) < rank($1) }
    }

    /// The integer at the end of a field name.
    static func number(of field: String) -> Int? {
        let digits = field.utf8.reversed().prefix { (48...57).contains($0) }.reversed()
        guard (1...6).contains(digits.count) else { return nil }
        return Int(String(decoding: Array(digits), as: UTF8.self))
    }

    private static let firstFields: Set<String> = ["first_frame", "first_frame_image"]
    private static let lastFields: Set<String> = ["last_frame", "last_frame_image", "end_frame_image", "end_frame"]

    /// Which of one or two sources begins the video and which ends it, by index.
    static func frames(of sources: [VideoSource]) -> (first: Int, last: Int?, notices: [String]) {
        var rest = Array(sources.indices)
        func take(_ fields: Set<String>) -> Int? {
            guard let place = rest.firstIndex(where: { fields.contains(sources[$0].field) }) else { return nil }
            return rest.remove(at: place)
        }
        var first = take(firstFields)
        var last = take(lastFields)
        if first == nil, !rest.isEmpty { first = rest.removeFirst() }
        if last == nil, !rest.isEmpty { last = rest.removeFirst() }
        guard let first else { return (last ?? 0, nil, [Notice.parameterIgnored("last_frame")]) }
        return (first, last, [])
    }
}

extension RequestProblem {
    static func tooManyMaterials(_ limits: Model.OmniLimits, param: String) -> RequestProblem {
        RequestProblem(
            .tooManyMaterials, param: param,
            values: [
                .max: "\(limits.total)", .images: "\(limits.images)", .videos: "\(limits.videos)",
                .audios: "\(limits.audios)",
            ])
    }
}
