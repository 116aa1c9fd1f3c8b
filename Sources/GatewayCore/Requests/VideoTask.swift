/// A video (generate-video.md, generate-newest.md sections 5 to 8).
package struct VideoTask: Hashable, Sendable, Codable {
    package enum Mode: Hashable, Sendable, Codable {
        case text
        /// The picture it begins with, and the one it ends with.
        case frames(first: InputMaterial, last: InputMaterial?)
        /// Materials referenced from the prompt; the pieces replace the prompt on the wire.
        case omni(materials: [InputMaterial], pieces: [PromptPiece])
    }

    /// Canonical model id.
    package var model: String
    package var prompt: String
    /// `16:9` ..., or `adaptive` where the site follows the material.
    package var ratio: String
    /// `720p` ...; nil where the model takes none.
    package var resolution: String?
    /// Whole seconds; -1 follows the input video.
    package var seconds: Int
    package var seed: UInt32
    package var mode: Mode

    package init(
        model: String, prompt: String, ratio: String, resolution: String?, seconds: Int, seed: UInt32, mode: Mode
    ) {
        self.model = model
        self.prompt = prompt
        self.ratio = ratio
        self.resolution = resolution
        self.seconds = seconds
        self.seed = seed
        self.mode = mode
    }
}

/// A piece of a prompt that refers to materials.
package enum PromptPiece: Hashable, Sendable, Codable {
    case text(String)
    /// Index into the materials, from 0.
    case material(Int)
}
