import WireJSON

/// Fresh signed URLs by durable picture name.
package struct ImageURIReply: Sendable, Hashable {
    package struct Picture: Sendable, Hashable {
        package var url: String
        package var width: Int?
        package var height: Int?
        package var format: String?
    }

    package var pictures: [String: Picture]

    /// Reads `uri2image` from the content or, as some answers have it, from beside it; keeps only what was asked.
    package init(_ envelope: SiteEnvelope, asked: [String]) {
        let map = envelope.payload["uri2image"] ?? envelope.body["uri2image"] ?? .null
        pictures = [:]
        for uri in asked {
            guard let entry = map[uri], let url = entry["image_url"]?.webURL else { continue }
            pictures[uri] = Picture(
                url: url, width: entry["width"]?.pixels, height: entry["height"]?.pixels,
                format: entry["format"]?.looseText)
        }
    }
}
