/// A video model as the listing shows it.
package struct VideoModel: Sendable, Hashable {
    /// What a reference request may bring; nil where nobody knows a limit.
    package struct Limits: Sendable, Hashable {
        package var total: Int?
        package var images: Int?
        package var videos: Int?
        package var audios: Int?
        /// Summed length of all input videos in seconds.
        package var videoSeconds: Double?
        package var audioSeconds: Double?
        /// Longest prompt in characters.
        package var promptCharacters: Int?
    }

    /// The canonical name.
    package var id: String
    package var aliases: [String]
    package var displayName: String?
    package var status: ModelStatus
    /// The site's key per region; a region without one lacks the model.
    package var upstreamKeys: [SiteRegion: String]
    /// Resolution names, the default first; empty where the site takes none.
    package var resolutions: [String]
    /// Whole seconds, ascending; empty where only the live catalogue knows.
    package var durations: [Int]
    package var defaultDuration: Int
    /// Durations accepted from clients and made as `defaultDuration` seconds.
    package var toleratedDurations: [Int] = []
    package var ratios: [VideoRatio] = VideoRatio.common
    /// Entitlements a request is charged to, by resolution, or under `default`; several names may stand for one.
    package var benefitTypes: [String: [String]] = [:]
    /// Takes the place of the others when a video is among the materials.
    package var benefitTypeWithVideo: String?
    package var supportsFirstFrame = true
    package var supportsLastFrame = true
    /// Takes pictures, videos and audio referenced from the prompt.
    package var supportsOmniReference = false
    package var limits = Limits()
    /// Measured run time in seconds, where somebody measured it.
    package var typicalSeconds: Int?
    /// Regions whose site answers that the model is gone.
    package var offlineRegions: Set<SiteRegion> = []
    /// Nobody has recently seen it work.
    package var isUnverified = false

    package var regions: [SiteRegion] { SiteRegion.allCases.filter { upstreamKeys[$0] != nil } }
}
