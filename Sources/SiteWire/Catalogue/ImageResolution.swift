/// The resolution buckets of images; the raw value is `resolution_type` on the wire.
package enum ImageResolution: String, Sendable, Hashable, CaseIterable, Comparable {
    case oneK = "1k"
    /// Newest models only. Its pixels are not published, so they come from the live catalogue or not at all.
    case oneAndAHalfK = "1.5k"
    case twoK = "2k"
    case fourK = "4k"

    private var rank: Int {
        switch self {
        case .oneK: 0
        case .oneAndAHalfK: 1
        case .twoK: 2
        case .fourK: 3
        }
    }

    package static func < (left: ImageResolution, right: ImageResolution) -> Bool { left.rank < right.rank }
}
