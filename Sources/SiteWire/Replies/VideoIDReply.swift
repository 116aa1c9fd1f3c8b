import WireJSON

/// Fresh signed URLs by video id. The shape of this answer is not documented, so the ids are looked for wherever they
/// stand: as a name of a member, or inside an object as its id.
package struct VideoIDReply: Sendable, Hashable {
    package var urls: [String: String]

    /// Keeps only what was asked.
    package init(_ envelope: SiteEnvelope, asked: [String]) {
        urls = [:]
        let wanted = Set(asked)
        var found: [String: String] = [:]
        JSONWalk.visit(envelope.body) { name, value in
            guard value.object != nil, found.count < wanted.count else { return }
            let id = ["vid", "video_id"].lazy.compactMap { value[$0]?.looseText }.first { wanted.contains($0) }
            guard let vid = id ?? name.flatMap({ wanted.contains($0) ? $0 : nil }), found[vid] == nil,
                let url = Self.url(of: value)
            else { return }
            found[vid] = url
        }
        urls = found
    }

    private static func url(of value: JSONValue) -> String? {
        let places = [value, value["video"], value["video_info"]].compactMap(\.self)
        for place in places {
            if let url = place["transcoded_video"]?["origin"]?["video_url"]?.webURL { return url }
            for name in ["video_url", "download_url", "play_url", "main_url", "url"] {
                if let url = place[name]?.webURL { return url }
            }
        }
        return nil
    }
}
