/// A model name as clients write it: a base and hints behind colons, such as `jimeng-4.5:16:9:4k`
/// (endpoints.md section 5.1).
struct ModelReference: Hashable, Sendable {
    var base: String
    var ratio: AspectRatio?
    var size: PixelSize?
    var resolution: String?
    var duration: Int?

    private static let prefixes = ["jimeng/", "dreamina/", "openai/"]
    private static let resolutions: Set<String> = ["1k", "1.5k", "2k", "4k", "480p", "720p", "1080p"]

    /// The name without a vendor prefix such as `openai/`.
    static func withoutPrefix(_ name: String) -> String {
        let lowered = name.lowercased()
        for prefix in prefixes where lowered.hasPrefix(prefix) { return String(name.dropFirst(prefix.count)) }
        return name
    }

    /// Nil when a hint is none of the known ones.
    init?(parsing name: String) {
        var parts = Self.withoutPrefix(name).split(separator: ":", omittingEmptySubsequences: false)[...]
        guard let first = parts.popFirst(), !first.isEmpty, parts.count <= 12 else { return nil }
        base = String(first)
        while let part = parts.popFirst() {
            let hint = part.lowercased()
            if hint == "image" || hint == "video" { continue }
            if Self.resolutions.contains(hint) {
                resolution = hint
            } else if let size = SizeParameter.pixels(in: hint) {
                self.size = size
            } else if hint.hasSuffix("s"), let seconds = Int(hint.dropLast()), (1...600).contains(seconds) {
                duration = seconds
            } else if let height = parts.first, let ratio = AspectRatio(rawValue: "\(hint):\(height)") {
                self.ratio = ratio
                parts.removeFirst()
            } else {
                return nil
            }
        }
    }
}
