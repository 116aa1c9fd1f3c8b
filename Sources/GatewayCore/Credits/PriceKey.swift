/// What a price depends on: generations of equal keys cost one account the same, as far as anybody knows
/// (field-notes.md (f)). Stored, so the spelling of a kind of task never changes.
package struct PriceKey: Hashable, Sendable, RawRepresentable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// `image`, `edit` or `video`: within one, prices of a unit may be compared.
    var family: String { String(rawValue.prefix { $0 != "/" }) }

    /// Pictures or seconds; nil when their number was the site's choice.
    var units: Int? {
        let parts = rawValue.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 4 else { return nil }
        let number: Substring
        switch parts[0] {
        case "video": number = parts[parts.count - 2].dropLast()
        case "image": number = parts[parts.count - 2].dropFirst()
        default: number = parts[parts.count - 1].dropFirst()
        }
        return Int(number).flatMap { $0 > 0 ? $0 : nil }
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

    /// Pictures or seconds, at least 1.
    func units(defaultCount: (String) -> Int?) -> Int {
        if case .video(let task) = self { return max(1, task.billedSeconds) }
        return max(1, expectedCount ?? defaultCount(model) ?? Self.usualBatch)
    }

    /// What the site makes at once when nothing else is known.
    private static let usualBatch = 4

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
