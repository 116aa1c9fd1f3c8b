import WireJSON

/// One finished picture or video that can be fetched.
package struct SiteItem: Sendable, Hashable {
    package var media: SiteMedia
    /// The site's id of the item, for later edits and for the high-quality video URL.
    package var id: String?
    /// Signed URL; fetch it unchanged, without cookies, before it expires.
    package var url: String
    /// The durable name behind the URL: image URI, or video id.
    package var uri: String?
    package var width: Int?
    package var height: Int?
    /// The encoding as the site names it, such as `webp` or `mp4`.
    package var format: String?
    package var coverURL: String?
    /// Videos only.
    package var durationMilliseconds: Int?
    package var hasAudio: Bool?
    /// The URL is only a smaller rendition, because the item named no other.
    package var isPreview: Bool

    /// When the URL stops working, in Unix seconds, if it says so.
    package var expiry: Int64? {
        if let mark = url.firstRange(of: "x-expires=") {
            return Int64(url[mark.upperBound...].prefix { $0.isASCII && $0.isNumber })
        }
        // Videos: `https://host/<32 hexadecimal digits>/<the end, in 8 of them>/video/...`
        let parts = url.split(separator: "/", maxSplits: 6, omittingEmptySubsequences: false)
        guard parts.count == 7, parts[3].utf8.count == 32, parts[4].utf8.count == 8, parts[5] == "video" else {
            return nil
        }
        return Int64(parts[4], radix: 16)
    }

    /// Nil for an item without a usable URL, which is how failed pictures look.
    init?(_ value: JSONValue, isVideo: Bool) {
        guard value.object != nil else { return nil }
        let common = value["common_attr"]
        let hasVideo = value["video"]?.object != nil || common?["transcoded_video"]?.object != nil
        let id = (common?["id"] ?? value["item_id"] ?? value["id"] ?? value["local_item_id"])?.looseText
        if isVideo || hasVideo {
            guard let video = Self.video(value, id: id) else { return nil }
            self = video
        } else {
            guard let image = Self.image(value, id: id) else { return nil }
            self = image
        }
    }

    private init(media: SiteMedia, id: String?, url: String, isPreview: Bool) {
        self.media = media
        self.id = id
        self.url = url
        self.isPreview = isPreview
    }

    private static func image(_ value: JSONValue, id: String?) -> SiteItem? {
        let image = value["image"]
        let common = value["common_attr"]
        for large in image?["large_images"]?.array ?? [] {
            guard let url = large["image_url"]?.webURL else { continue }
            var item = SiteItem(media: .image, id: id, url: url, isPreview: false)
            item.uri = large["image_uri"]?.looseText
            item.width = large["width"]?.pixels
            item.height = large["height"]?.pixels
            item.format = (large["format"] ?? image?["format"])?.looseText
            item.coverURL = common?["cover_url"]?.webURL
            return item
        }
        guard let url = common?["cover_url"]?.webURL ?? common?["item_urls"]?[0]?.webURL else { return nil }
        var item = SiteItem(media: .image, id: id, url: url, isPreview: true)
        item.uri = common?["cover_uri"]?.looseText
        item.format = image?["format"]?.looseText
        item.coverURL = url
        return item
    }

    private static func video(_ value: JSONValue, id: String?) -> SiteItem? {
        let common = value["common_attr"]
        let video = value["video"]
        let renditions = [common?["transcoded_video"], video?["transcoded_video"]].compactMap { $0?.object }
        let origins = renditions.compactMap { $0["origin"] }
        let best =
            origins.first { $0["video_url"]?.webURL != nil }
            ?? renditions.flatMap { $0.map(\.value) }.filter { $0["video_url"]?.webURL != nil }
            .max { ($0["width"]?.pixels ?? 0) < ($1["width"]?.pixels ?? 0) }
        let direct = ["play_url", "download_url", "url", "video_url"].lazy.compactMap { video?[$0]?.webURL }.first
        let fromOrigin = origins.lazy.compactMap { $0["video_url"]?.webURL }.first
        guard let url = fromOrigin ?? direct ?? best?["video_url"]?.webURL else { return nil }
        var item = SiteItem(media: .video, id: id, url: url, isPreview: false)
        item.uri = (video?["video_id"] ?? best?["vid"])?.looseText
        item.width = best?["width"]?.pixels
        item.height = best?["height"]?.pixels
        item.format = best?["format"]?.looseText
        item.coverURL = (video?["cover_url"] ?? common?["cover_url"])?.webURL
        item.durationMilliseconds = (video?["duration_ms"] ?? best?["duration"])?.looseInt
        item.hasAudio = video?["has_audio"]?.bool
        return item
    }
}
