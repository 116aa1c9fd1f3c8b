/// What is to be generated, fully decided: no default, alias or hint is left to resolve. Stored with the job, so a new
/// member must be optional or have a default when decoded.
package enum GenerationTask: Hashable, Sendable, Codable {
    case textToImage(TextToImage)

    package var kind: MediaKind {
        switch self {
        case .textToImage: .image
        }
    }

    package var prompt: String {
        switch self {
        case .textToImage(let task): task.prompt
        }
    }

    /// Canonical model id.
    package var model: String {
        switch self {
        case .textToImage(let task): task.model
        }
    }

    package var resolution: String {
        switch self {
        case .textToImage(let task): task.resolution
        }
    }

    /// How many images were asked of the site; nil = the site's own number.
    package var expectedCount: Int? {
        switch self {
        case .textToImage(let task): task.count
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
