import WireJSON

/// The download URL of a finished video, in higher quality than the one the history has. Anything missing means: use the
/// history's.
package struct LocalItemReply: Sendable, Hashable {
    /// Signed URL; fetch it unchanged, without cookies.
    package var url: String?

    /// Reads the answer about one item: its named members, else whatever URL in the answer looks like one of the site's
    /// video hosts.
    package init(_ envelope: SiteEnvelope, itemID: String) {
        let data = envelope.payload
        let items = ["item_list", "local_item_list"].flatMap { (data[$0]?.array ?? []).prefix(64) }
        let item = items.first { Self.id(of: $0) == itemID } ?? items.first
        url = item.flatMap(Self.videoURL) ?? VideoLinkSearch.best(in: envelope.body)
    }

    private static func id(of item: JSONValue) -> String? {
        (item["item_id"] ?? item["id"] ?? item["local_item_id"] ?? item["common_attr"]?["id"])?.looseText
    }

    private static func videoURL(_ item: JSONValue) -> String? {
        let video = item["video"]
        return item["common_attr"]?["transcoded_video"]?["origin"]?["video_url"]?.webURL
            ?? video?["transcoded_video"]?["origin"]?["video_url"]?.webURL ?? video?["download_url"]?.webURL
            ?? video?["play_url"]?.webURL ?? video?["url"]?.webURL
    }
}
