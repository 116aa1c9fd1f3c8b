/// What is to be generated, fully decided: no default, alias or hint is left to resolve. Stored with the job, so a new
/// member must be optional or have a default when decoded.
package indirect enum GenerationTask: Hashable, Sendable, Codable {
    case textToImage(TextToImage)
    /// The pictures go in as references, in this order.
    case imageToImage(TextToImage, inputs: [InputMaterial])
    case postEdit(PostEditTask)
    case video(VideoTask)

    package var kind: MediaKind {
        switch self {
        case .textToImage, .imageToImage, .postEdit: .image
        case .video: .video
        }
    }

    /// Empty for after-editing.
    package var prompt: String {
        switch self {
        case .textToImage(let task), .imageToImage(let task, _): task.prompt
        case .postEdit: ""
        case .video(let task): task.prompt
        }
    }

    /// Canonical model id; the tool's name for after-editing.
    package var model: String {
        switch self {
        case .textToImage(let task), .imageToImage(let task, _): task.model
        case .postEdit(let task): task.tool.name
        case .video(let task): task.model
        }
    }

    /// `2k`, `720p` ...; nil where the model or the tool has none.
    package var resolution: String? {
        switch self {
        case .textToImage(let task), .imageToImage(let task, _): task.resolution
        case .postEdit(let task): if case .smartUpscale(let resolution, _, _) = task.tool { resolution } else { nil }
        case .video(let task): task.resolution
        }
    }

    /// `16:9` ...; nil when the site chooses it or the source decides.
    package var ratio: String? {
        switch self {
        case .textToImage(let task), .imageToImage(let task, _): task.ratio?.rawValue
        case .postEdit: nil
        case .video(let task): task.ratio
        }
    }

    /// The size in pixels that was asked for, as far as it is known before the result.
    package var size: PixelSize? {
        switch self {
        case .textToImage(let task), .imageToImage(let task, _): task.size
        case .postEdit, .video: nil
        }
    }

    /// What run times are learnt by: the same model takes longer with references, and a longer video longer still.
    package var runTimeKey: RunTimeKey {
        switch self {
        case .textToImage(let task): RunTimeKey(model: task.model, resolution: task.resolution)
        case .imageToImage(let task, _): RunTimeKey(model: task.model, resolution: "\(task.resolution)+references")
        case .postEdit: RunTimeKey(model: model, resolution: resolution ?? "")
        case .video(let task): RunTimeKey(model: task.model, resolution: "\(task.resolution ?? "")/\(task.seconds)s")
        }
    }

    /// How many results were asked of the site; nil = the site's own number.
    package var expectedCount: Int? {
        switch self {
        case .textToImage(let task): task.count
        case .imageToImage(let task, _): task.count
        case .postEdit(let task): task.count
        case .video: 1
        }
    }

    /// The files that have to be at the site before the submission, each once, in the order of the request.
    package var inputs: [InputMaterial] {
        switch self {
        case .textToImage:
            return []
        case .imageToImage(_, let inputs):
            return inputs
        case .postEdit(let task):
            if case .upload(let input) = task.source { return [input] }
            return []
        case .video(let task):
            switch task.mode {
            case .text: return []
            case .frames(let first, let last): return [first] + (last.map { [$0] } ?? [])
            case .omni(let materials, _): return materials
            }
        }
    }
}

extension GenerationTask {
    /// What the field of an input is called by those who document it; the client may have used another spelling.
    package func param(ofInput index: Int) -> String? {
        let inputs = inputs
        guard inputs.indices.contains(index) else { return nil }
        switch self {
        case .textToImage: return nil
        case .imageToImage: return "images[\(index)]"
        case .postEdit: return "image"
        case .video(let task):
            guard case .omni = task.mode else { return "file_paths[\(index)]" }
            let kind = inputs[index].kind
            return "\(kind.rawValue)_file_\(inputs[...index].count { $0.kind == kind })"
        }
    }
}

extension PostEditTask.Tool {
    /// `upscale`, `smart-upscale`, `outpaint`.
    package var name: String {
        switch self {
        case .upscale: "upscale"
        case .smartUpscale: "smart-upscale"
        case .outpaint: "outpaint"
        }
    }
}

/// Pictures from a prompt (generate-image.md section 2).
package struct TextToImage: Hashable, Sendable, Codable {
    /// Canonical model id.
    package var model: String
    package var prompt: String
    package var negativePrompt: String
    /// The ratio whose number goes out; nil when the site chooses it (`intelligentRatio`).
    package var ratio: AspectRatio?
    package var intelligentRatio: Bool
    /// The bucket name sent as `resolution_type`.
    package var resolution: String
    package var size: PixelSize
    /// `gen_option.gen_count`; nil = not sent.
    package var count: Int?
    /// 0...1.
    package var sampleStrength: Double
    /// 0...4294967295.
    package var seed: UInt32
    /// Whether the series form (several related pictures from one prompt) is used.
    package var isSeries: Bool

    package init(
        model: String, prompt: String, negativePrompt: String = "", ratio: AspectRatio?, intelligentRatio: Bool = false,
        resolution: String, size: PixelSize, count: Int? = nil, sampleStrength: Double = 0.5, seed: UInt32,
        isSeries: Bool = false
    ) {
        self.model = model
        self.prompt = prompt
        self.negativePrompt = negativePrompt
        self.ratio = ratio
        self.intelligentRatio = intelligentRatio
        self.resolution = resolution
        self.size = size
        self.count = count
        self.sampleStrength = sampleStrength
        self.seed = seed
        self.isSeries = isSeries
    }
}
