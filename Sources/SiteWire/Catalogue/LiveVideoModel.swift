/// A video model as the account's own catalogue has it. What the catalogue does not say is nil or empty, which is not
/// the same as no.
package struct LiveVideoModel: Sendable, Hashable {
    /// Most materials of each kind in a reference request; nil where none is named.
    package struct MaterialLimits: Sendable, Hashable {
        package var images: Int?
        package var videos: Int?
        package var audios: Int?

        package init(images: Int? = nil, videos: Int? = nil, audios: Int? = nil) {
            self.images = images
            self.videos = videos
            self.audios = audios
        }
    }

    /// The site's key of the model; case matters.
    package var modelKey: String
    package var name: String?
    package var tip: String?
    /// Resolution names such as `720p`, in the catalogue's order.
    package var resolutions: [String]
    package var defaultResolution: String?
    /// Whole seconds, ascending.
    package var durations: [Int]
    package var defaultDuration: Int?
    /// `16:9` ..., in the catalogue's order.
    package var ratios: [String]
    package var framesPerSecond: [Int]
    /// Kinds of input, in the site's words.
    package var inputs: [String]
    /// Entitlement by resolution name.
    package var benefitTypes: [String: String]
    package var defaultBenefitType: String?
    /// Takes pictures, videos and sounds referenced from the prompt.
    package var takesReferences: Bool
    package var materialLimits: MaterialLimits
    /// The entry makes cheap first versions.
    package var isDraftMode: Bool
    /// 0 means usable, as far as is known.
    package var status: Int?

    /// The entitlement a video is charged to; nil when the catalogue names none, which leaves it to the built-in tables.
    package func benefitType(resolution: String?) -> String? {
        resolution.flatMap { benefitTypes[$0.lowercased()] } ?? defaultBenefitType
    }
}
