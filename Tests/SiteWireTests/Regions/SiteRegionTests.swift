import SiteWire
import Testing

@Suite struct SiteRegionTests {
    struct Row: Sendable {
        var region: SiteRegion
        var aid: Int
        var query: String
        var language: String
        var location: String
        var webAPI: String
        var commerce: String
        var imageX: String
    }

    @Test(
        "every region has its own hosts and identifiers",
        arguments: [
            Row(
                region: .cn, aid: 513_695, query: "cn", language: "zh-Hans", location: "cn",
                webAPI: "https://jimeng.jianying.com", commerce: "https://jimeng.jianying.com",
                imageX: "https://imagex.bytedanceapi.com"),
            Row(
                region: .us, aid: 513_641, query: "US", language: "en", location: "us",
                webAPI: "https://dreamina-api.us.capcut.com", commerce: "https://commerce.us.capcut.com",
                imageX: "https://imagex16-normal-us-ttp.capcutapi.us"),
            Row(
                region: .hk, aid: 513_641, query: "HK", language: "en", location: "hk",
                webAPI: "https://mweb-api-sg.capcut.com", commerce: "https://commerce-api-sg.capcut.com",
                imageX: "https://imagex-normal-sg.capcutapi.com"),
            Row(
                region: .jp, aid: 513_641, query: "JP", language: "ja", location: "jp",
                webAPI: "https://mweb-api-sg.capcut.com", commerce: "https://commerce-api-sg.capcut.com",
                imageX: "https://imagex-normal-sg.capcutapi.com"),
            Row(
                region: .sg, aid: 513_641, query: "SG", language: "en", location: "sg",
                webAPI: "https://mweb-api-sg.capcut.com", commerce: "https://commerce-api-sg.capcut.com",
                imageX: "https://imagex-normal-sg.capcutapi.com"),
        ])
    func profile(row: Row) {
        let profile = row.region.profile
        #expect(profile.applicationID == row.aid)
        #expect(profile.queryRegion == row.query)
        #expect(profile.language == row.language)
        #expect(profile.location == row.location)
        #expect(profile.baseURL(of: .webAPI) == row.webAPI)
        #expect(profile.baseURL(of: .commerce) == row.commerce)
        #expect(profile.baseURL(of: .imageX) == row.imageX)
        #expect(profile.baseURL(of: .vod) == "https://vod.bytedanceapi.com")
        #expect(profile.sendsWebID == (row.region == .cn))
    }

    @Test("signing regions follow the cluster, with a second name for Singapore")
    func signingRegions() {
        #expect(SiteRegion.cn.profile.signingRegion == "cn-north-1")
        #expect(SiteRegion.us.profile.signingRegion == "us-east-1")
        #expect(SiteRegion.sg.profile.signingRegion == "ap-singapore-1")
        #expect(SiteRegion.jp.profile.alternativeSigningRegion == "ap-southeast-1")
        #expect(SiteRegion.cn.profile.alternativeSigningRegion == nil)
    }

    @Test("an application id set for mainland China applies there only")
    func applicationIDOverride() {
        let versions = SiteVersions(chinaApplicationID: 1_234)
        #expect(versions.applicationID(in: .cn) == 1_234)
        #expect(versions.applicationID(in: .us) == 513_641)
    }

    @Test(
        "a base URL replaces scheme, host and prefix and keeps path and query",
        arguments: [
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000/a/b?x=1&y=%2F"),
            ("http://127.0.0.1:9000/", "http://127.0.0.1:9000/a/b?x=1&y=%2F"),
            ("HTTPS://mirror.example/jimeng/cn/", "https://mirror.example/jimeng/cn/a/b?x=1&y=%2F"),
            ("http://[::1]:80/p", "http://[::1]:80/p/a/b?x=1&y=%2F"),
        ])
    func replacesHost(base: String, expected: String) throws {
        let base = try #require(SiteBaseURL(base))
        #expect(base.replacingHost(of: "https://host.example:8443/a/b?x=1&y=%2F") == expected)
    }

    @Test("a base URL also fits URLs without a path, and none that is not absolute")
    func replacesHostAtTheEdges() throws {
        let base = try #require(SiteBaseURL("http://localhost:1"))
        #expect(base.replacingHost(of: "https://vod.example?Action=X") == "http://localhost:1/?Action=X")
        #expect(base.replacingHost(of: "https://vod.example") == "http://localhost:1/")
        #expect(base.replacingHost(of: "/a") == nil)
        #expect(base.replacingHost(of: "https:///a") == nil)
    }

    @Test(
        "what is no plain http base is refused",
        arguments: [
            "", "localhost:9000", "ftp://host", "http://", "http:///x", "http://:80", "http://u:p@host",
            "http://host/?q", "http://host/#f", "http://ho st", "http://host\r\nX: y", "http://höst",
        ])
    func refusesBases(text: String) {
        #expect(SiteBaseURL(text) == nil)
    }
}
