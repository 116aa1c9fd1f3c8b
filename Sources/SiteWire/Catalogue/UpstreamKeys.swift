/// Shorthands for the regions a key is offered in.
enum UpstreamKeys {
    static func everywhere(_ key: String) -> [SiteRegion: String] { keys(key, SiteRegion.allCases) }
    static func china(_ key: String) -> [SiteRegion: String] { [.cn: key] }
    static func international(_ key: String) -> [SiteRegion: String] { keys(key, [.us, .hk, .jp, .sg]) }
    static func asia(_ key: String) -> [SiteRegion: String] { keys(key, [.hk, .jp, .sg]) }
    static func chinaAndAsia(_ key: String) -> [SiteRegion: String] { keys(key, [.cn, .hk, .jp, .sg]) }

    private static func keys(_ key: String, _ regions: [SiteRegion]) -> [SiteRegion: String] {
        var result: [SiteRegion: String] = [:]
        for region in regions { result[region] = key }
        return result
    }
}
