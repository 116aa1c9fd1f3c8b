/// The regions a session can belong to. The raw value is the name used in tokens, configuration and the store.
package enum SiteRegion: String, Sendable, Hashable, CaseIterable {
    case cn, us, hk, jp, sg

    /// Everything the wire protocol derives from the region (protocol page `regions.md`, section 2).
    package var profile: SiteRegionProfile {
        switch self {
        case .cn: .china
        case .us: .unitedStates
        case .hk: .asia(query: "HK", language: "en", location: "hk", timeZone: "Asia/Hong_Kong")
        case .jp: .asia(query: "JP", language: "ja", location: "jp", timeZone: "Asia/Tokyo")
        case .sg: .asia(query: "SG", language: "en", location: "sg", timeZone: "Asia/Singapore")
        }
    }

    /// False only for mainland China, whose site, application id and catalogue are its own.
    package var isInternational: Bool { self != .cn }
}
