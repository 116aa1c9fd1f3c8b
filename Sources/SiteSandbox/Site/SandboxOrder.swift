import SiteWire

/// What a submission asks for, after verification.
struct SandboxOrder: Sendable, Hashable {
    /// What is to be made.
    enum Work: Sendable, Hashable {
        case textToImage
        /// As many pictures go in.
        case blend(references: Int)
        case postEdit(PostEdit)
        case video(FilmOrder)
    }

    var region: SiteRegion
    var work: Work
    var modelKey: String
    var modelName: String
    var prompt: String
    /// Pixels of the result.
    var width: Int
    var height: Int
    /// `resolution_type`, which decides the price; empty where there is none.
    var resolution: String
    /// Results that will be made.
    var count: Int
    var seed: Int64
    var draftVersion: String
    /// `submit_id`.
    var submitID: String
    /// `history_id` of a stalled job that shall go on; nil for a new job.
    var continues: String?
    /// What the draft refers to, in its order; emptied once it is settled.
    var inputs: [SandboxInput] = []
    /// Which landscape is drawn first: results of after-editing look like what they were made from.
    var firstSketch = 0
    /// How it ends whatever the account's script says; nil leaves it to the script.
    var ending: JobEnding?

    /// `generate_type` of the record.
    var generateType: Int64 {
        switch work {
        case .textToImage: 1
        case .blend: 12
        case .postEdit(let edit): edit.tool.code
        case .video: 10
        }
    }

    /// Whether the site may make another number of results than was asked for.
    var hasFreeCount: Bool {
        switch work {
        case .textToImage, .blend: true
        case .postEdit, .video: false
        }
    }

    var isVideo: Bool {
        if case .video = work { true } else { false }
    }

    /// What the ledger calls it.
    var title: String {
        switch work {
        case .textToImage, .blend: "Image generation"
        case .postEdit: "Image editing"
        case .video: "Video generation"
        }
    }

    /// Credits for the whole submission: by resolution and count, never by pixels.
    var price: Int {
        switch work {
        case .textToImage, .blend:
            return Self.pictureCredits(resolution: resolution) * count
        case .postEdit(let edit):
            return edit.tool.price * count
        case .video(let film):
            return film.price(resolution: resolution)
        }
    }

    /// Credits for one picture.
    static func pictureCredits(resolution: String) -> Int {
        switch resolution {
        case "1k": 1
        case "1.5k": 2
        case "2k": 3
        default: 4
        }
    }

    /// The prompt without the marks that stand for pictures.
    var drawnPrompt: String {
        guard case .blend = work else { return prompt }
        let text = prompt.drop { $0 == "#" }
        return text.isEmpty ? prompt : String(text)
    }

    /// The line under a drawing.
    func note(index: Int) -> String {
        let size = "\(width)×\(height)"
        switch work {
        case .textToImage: return "sandbox · \(index + 1)/\(count) · \(size)"
        case .blend(let references): return "sandbox · blend of \(references) · \(index + 1)/\(count) · \(size)"
        case .video(let film):
            let inputs = film.inputs > 0 ? " from \(film.inputs)" : ""
            return "sandbox · video\(inputs) · \(film.milliseconds / 1_000) s · \(size)"
        case .postEdit(let edit): return "sandbox · \(edit.tool.rawValue) · \(index + 1)/\(count) · \(size)"
        }
    }
}
