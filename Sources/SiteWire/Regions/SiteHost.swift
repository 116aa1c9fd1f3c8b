/// The roles of the site's hosts; which host plays a role depends on the region.
package enum SiteHost: String, Sendable, Hashable, CaseIterable {
    /// `/mweb/v1/...` and `/passport/...`.
    case webAPI
    /// `/commerce/...`.
    case commerce
    /// Image upload API.
    case imageX
    /// Video and audio upload API.
    case vod
}
