/// What a price depends on: generations of equal keys cost one account the same, as far as anybody knows
/// (field-notes.md (f)). Stored, so the spelling of a kind of task never changes.
package struct PriceKey: Hashable, Sendable, RawRepresentable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }
}

extension GenerationTask {
    package var priceKey: PriceKey {
        let parts: [String]
        switch self {
        case .textToImage(let task):
            parts = ["image", task.model, task.resolution, Self.count(task.count), task.isSeries ? "series" : "text"]
        case .imageToImage(let task, _):
            // How many references go in makes no difference.
            parts = ["image", task.model, task.resolution, Self.count(task.count), "references"]
        case .postEdit(let task):
            parts = ["edit", task.tool.name, resolution ?? "", Self.count(task.count)]
        case .video(let task):
            parts = ["video", task.model, task.resolution ?? "", "\(task.billedSeconds)s", task.mode.priceName]
        }
        return PriceKey(rawValue: parts.joined(separator: "/"))
    }

    private static func count(_ count: Int?) -> String { count.map { "x\($0)" } ?? "x" }
}

extension VideoTask {
    /// What comes out and the videos that go in, in whole seconds: the site counts both (field-notes.md (f)).
    var billedSeconds: Int {
        guard case .omni(let materials, _) = mode else { return max(0, seconds) }
        let milliseconds = materials.filter { $0.kind == .video }.reduce(0) { $0 + ($1.durationMilliseconds ?? 0) }
        let taken = (milliseconds + 999) / 1000
        return taken + (seconds > 0 ? seconds : taken)
    }
}

extension VideoTask.Mode {
    fileprivate var priceName: String {
        switch self {
        case .text: "text"
        case .frames: "frames"
        case .omni(let materials, _): materials.contains { $0.kind == .video } ? "videos" : "references"
        }
    }
}
