/// One row of the region table: hosts, identifiers and header values. A further region is a further row.
package struct SiteRegionProfile: Sendable, Hashable {
    /// Application id of the site: query `aid`, header `Appid`, `http_common_info.aid` of a draft.
    package var applicationID: Int
    /// Query parameter `region`.
    package var queryRegion: String
    /// Header `Lan`.
    package var language: String
    /// Header `Loc`.
    package var location: String
    /// Whether the query carries `webId`.
    package var sendsWebID: Bool
    /// Scheme and host of the web API, without a slash at the end; likewise the three below.
    package var webAPI: String
    package var commerce: String
    package var imageX: String
    package var vod: String
    /// Default region name for AWS signatures; the upload token's own region wins when it is a full name.
    package var signingRegion: String
    /// Scheme and host of the site people visit, which some calls name in `Referer`.
    package var site: String
    /// IANA name of the time zone whose days the daily credits are counted in.
    package var timeZone: String
    /// The image store's tenant when the upload token names none.
    package var imageService: String
    /// Whether `service_id` of the upload token is the only one of its members that names the image store's tenant;
    /// elsewhere `space_name` does too.
    package var ignoresSpaceName: Bool
    /// Whether uploaded pictures can be checked by `algo_proxy` before a generation.
    package var checksPictures: Bool

    package func baseURL(of host: SiteHost) -> String {
        switch host {
        case .webAPI: webAPI
        case .commerce: commerce
        case .imageX: imageX
        case .vod: vod
        }
    }
}

extension SiteRegionProfile {
    static let china = SiteRegionProfile(
        applicationID: 513_695, queryRegion: "cn", language: "zh-Hans", location: "cn", sendsWebID: true,
        webAPI: "https://jimeng.jianying.com", commerce: "https://jimeng.jianying.com",
        imageX: "https://imagex.bytedanceapi.com", vod: "https://vod.bytedanceapi.com", signingRegion: "cn-north-1",
        site: "https://jimeng.jianying.com", timeZone: "Asia/Shanghai", imageService: "tb4s082cfz",
        ignoresSpaceName: true, checksPictures: true)

    static let unitedStates = SiteRegionProfile(
        applicationID: 513_641, queryRegion: "US", language: "en", location: "us", sendsWebID: false,
        webAPI: "https://dreamina-api.us.capcut.com", commerce: "https://commerce.us.capcut.com",
        imageX: "https://imagex16-normal-us-ttp.capcutapi.us", vod: "https://vod.bytedanceapi.com",
        signingRegion: "us-east-1", site: "https://dreamina.capcut.com", timeZone: "America/Los_Angeles",
        imageService: "wopfjsm1ax", ignoresSpaceName: false, checksPictures: false)

    /// The rows served by the Singapore cluster; the signing region is the one newer clients use.
    static func asia(query: String, language: String, location: String, timeZone: String) -> SiteRegionProfile {
        SiteRegionProfile(
            applicationID: 513_641, queryRegion: query, language: language, location: location, sendsWebID: false,
            webAPI: "https://mweb-api-sg.capcut.com", commerce: "https://commerce-api-sg.capcut.com",
            imageX: "https://imagex-normal-sg.capcutapi.com", vod: "https://vod.bytedanceapi.com",
            signingRegion: "ap-singapore-1", site: "https://dreamina.capcut.com", timeZone: timeZone,
            imageService: "wopfjsm1ax",
            ignoresSpaceName: false, checksPictures: false)
    }

    /// What to sign with once more when `signingRegion` got a signature error: older clients of the Singapore cluster
    /// use another name for it.
    package var alternativeSigningRegion: String? {
        signingRegion == "ap-singapore-1" ? "ap-southeast-1" : nil
    }
}
