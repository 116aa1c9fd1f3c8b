import SiteWire

/// A file that is sent up, from the announcement on. Its bytes are not kept.
struct SandboxUpload: Sendable {
    /// Counts from 1; the URI and the video id are made from it.
    let number: Int
    let accountKey: String
    let sessionID: String
    let region: SiteRegion
    /// Whether it goes to the picture service; otherwise it is a video or a sound.
    let isImage: Bool
    let storeURI: String
    /// The size announced, in bytes.
    let size: Int
    /// What the raw upload has to carry as `Authorization`.
    let authorization: String
    let sessionKey: String
    /// Milliseconds since 1970.
    let createdAt: Int64
    /// Raw uploads begun.
    var attempts = 0
    /// What has arrived; nil before.
    var facts: UploadFacts?
    /// Whether it can be used in drafts.
    var isCommitted = false

    /// The largest file that may be announced, in bytes.
    static let sizeLimit = 256 << 20
}
