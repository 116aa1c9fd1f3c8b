/// One produced image or video as the site names it. The link is signed and dies; ``uri`` lets a fresh one be asked
/// for (polling.md section 9).
package struct RemoteOutput: Hashable, Sendable, Codable {
    /// The signed link. Never altered: its signature covers path and query.
    package var url: String
    /// `image_uri` or `vid`, when the site told it.
    package var uri: String?
    package var width: Int?
    package var height: Int?
    /// `webp`, `png`, `jpeg`, `mp4` ... as the site says; the file's own bytes decide once it is stored.
    package var format: String?
    /// The site's id of the item, for after-editing.
    package var itemID: String?
    package var durationMilliseconds: Int?
    /// A signed link to a small picture of it; dies sooner than ``url``.
    package var coverURL: String?
    /// When ``url`` dies, where the link tells.
    package var expiresAt: Timestamp?

    package init(
        url: String, uri: String? = nil, width: Int? = nil, height: Int? = nil, format: String? = nil,
        itemID: String? = nil, durationMilliseconds: Int? = nil, coverURL: String? = nil, expiresAt: Timestamp? = nil
    ) {
        self.url = url
        self.uri = uri
        self.width = width
        self.height = height
        self.format = format
        self.itemID = itemID
        self.durationMilliseconds = durationMilliseconds
        self.coverURL = coverURL
        self.expiresAt = expiresAt
    }
}
