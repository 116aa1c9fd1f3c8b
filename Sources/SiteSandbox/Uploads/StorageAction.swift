import SiteWire

/// The four signed calls of the storage services (protocol page `upload.md`, sections 3, 5 and 7).
enum StorageAction: String, Sendable, CaseIterable {
    case applyImage = "ApplyImageUpload"
    case commitImage = "CommitImageUpload"
    case applyClip = "ApplyUploadInner"
    case commitClip = "CommitUploadInner"

    /// The name of the service in signatures.
    var service: String { isImage ? "imagex" : "vod" }
    var version: String { isImage ? "2018-08-01" : "2020-11-19" }
    var method: String { self == .applyImage || self == .applyClip ? "GET" : "POST" }

    var isImage: Bool { self == .applyImage || self == .commitImage }

    /// The query parameter that names the space, and what it has to say.
    func space(in region: SiteRegion) -> (name: String, value: String) {
        isImage ? ("ServiceId", Self.imageSpace(in: region)) : ("SpaceName", Self.clipSpace)
    }

    static let clipSpace = "dreamina"

    static func imageSpace(in region: SiteRegion) -> String { region.isInternational ? "wopfjsm1ax" : "tb4s082cfz" }
}
