/// The version strings of the site's front end that requests carry. Old ones get refused after a while, so every one
/// is configuration; the defaults are those of autumn 2026.
package struct SiteVersions: Sendable, Hashable {
    /// Header `Appvr`, also part of the signature.
    package var app: String
    /// Query `da_version` and the draft's `version`.
    package var draftAgent: String
    /// Query `web_version`.
    package var web: String
    /// Header `App-Sdk-Version`.
    package var appSDK: String
    /// Major version of the browser named in `User-Agent` and `Sec-Ch-Ua`.
    package var chrome: String
    /// Replaces the application id of mainland China when set.
    package var chinaApplicationID: Int?

    package init(
        app: String = "8.4.0", draftAgent: String = "3.3.28", web: String = "7.5.0", appSDK: String = "48.0.0",
        chrome: String = "142", chinaApplicationID: Int? = nil
    ) {
        self.app = app
        self.draftAgent = draftAgent
        self.web = web
        self.appSDK = appSDK
        self.chrome = chrome
        self.chinaApplicationID = chinaApplicationID
    }

    /// The application id to send for `region`.
    package func applicationID(in region: SiteRegion) -> Int {
        if region == .cn, let chinaApplicationID { return chinaApplicationID }
        return region.profile.applicationID
    }
}
