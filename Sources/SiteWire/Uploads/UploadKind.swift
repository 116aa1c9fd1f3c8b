/// What is uploaded: the two kinds go to different services.
package enum UploadKind: String, Sendable, Hashable, CaseIterable {
    /// To the image store (ImageX).
    case image
    /// Videos and sounds, to the video store (VOD).
    case media

    /// `scene` of the token call.
    var scene: Int64 {
        switch self {
        case .image: 2
        case .media: 1
        }
    }

    var host: SiteHost {
        switch self {
        case .image: .imageX
        case .media: .vod
        }
    }

    /// Name of the service in signatures.
    var service: String {
        switch self {
        case .image: "imagex"
        case .media: "vod"
        }
    }
}
