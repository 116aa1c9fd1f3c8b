/// What a generation makes.
package enum SiteMedia: String, Sendable, Hashable, CaseIterable {
    case image, video
}
