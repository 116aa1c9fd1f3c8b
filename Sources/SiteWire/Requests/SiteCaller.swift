/// Builds the requests of one account: region, credential and front-end versions are fixed, the time comes with each
/// call (protocol page `transport.md`, sections 2 to 5).
package struct SiteCaller: Sendable {
    package var region: SiteRegion
    package var session: SiteSession
    package var versions: SiteVersions

    package init(region: SiteRegion, session: SiteSession, versions: SiteVersions = SiteVersions()) {
        self.region = region
        self.session = session
        self.versions = versions
    }

    /// A signed request. `referer` nil means the origin of the host; `extraQuery` replaces defaults of the same name and
    /// is otherwise appended; with `sendsQuery` false there is no query at all.
    func request(
        _ host: SiteHost, _ path: String, body: [UInt8]?, referer: String? = nil, extraQuery: [SiteField] = [],
        sendsQuery: Bool = true, at unixSeconds: Int64
    ) -> SiteRequest {
        var query = sendsQuery ? defaultQuery : []
        for field in extraQuery {
            if let index = query.firstIndex(where: { $0.name == field.name }) {
                query[index] = field
            } else {
                query.append(field)
            }
        }
        let origin = region.profile.baseURL(of: host)
        return SiteRequest(
            method: .post, host: host, region: region, path: path, query: query,
            headers: headers(
                path: path, origin: origin, referer: referer ?? origin, hasBody: body != nil, at: unixSeconds),
            body: body)
    }

    private var defaultQuery: [SiteField] {
        let profile = region.profile
        var query = [
            SiteField("aid", String(versions.applicationID(in: region))),
            SiteField("device_platform", "web"),
            SiteField("region", profile.queryRegion),
        ]
        if profile.sendsWebID { query.append(SiteField("webId", session.webID)) }
        query.append(SiteField("da_version", versions.draftAgent))
        query.append(SiteField("os", "windows"))
        query.append(SiteField("web_component_open_flag", "1"))
        query.append(SiteField("web_version", versions.web))
        query.append(SiteField("aigc_features", "app_lip_sync"))
        return query
    }

    private func headers(
        path: String, origin: String, referer: String, hasBody: Bool, at unixSeconds: Int64
    ) -> [SiteField] {
        let profile = region.profile
        let chrome = versions.chrome
        var headers = [
            SiteField("Accept", "application/json, text/plain, */*"),
            SiteField("Accept-Encoding", "gzip, deflate"),
            SiteField("Accept-Language", "zh-CN,zh;q=0.9"),
            SiteField("App-Sdk-Version", versions.appSDK),
            SiteField("Appid", String(versions.applicationID(in: region))),
            SiteField("Appvr", versions.app),
            SiteField("Cache-Control", "no-cache"),
        ]
        if hasBody { headers.append(SiteField("Content-Type", "application/json")) }
        headers += [
            SiteField("Cookie", session.cookie),
            SiteField("Device-Time", String(unixSeconds)),
            SiteField("Lan", profile.language),
            SiteField("Loc", profile.location),
            SiteField("Origin", origin),
            SiteField("Pf", SiteSign.platform),
            SiteField("Pragma", "no-cache"),
            SiteField("Priority", "u=1, i"),
            SiteField("Referer", referer),
            SiteField(
                "Sec-Ch-Ua",
                "\"Google Chrome\";v=\"\(chrome)\", \"Chromium\";v=\"\(chrome)\", \"Not_A Brand\";v=\"99\""),
            SiteField("Sec-Ch-Ua-Mobile", "?0"),
            SiteField("Sec-Ch-Ua-Platform", "\"Windows\""),
            SiteField("Sec-Fetch-Dest", "empty"),
            SiteField("Sec-Fetch-Mode", "cors"),
            SiteField("Sec-Fetch-Site", "same-origin"),
            SiteField("Sign", SiteSign.value(path: path, appVersion: versions.app, unixSeconds: unixSeconds)),
            SiteField("Sign-Ver", "1"),
            SiteField("Tdid", ""),
            SiteField(
                "User-Agent",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                    + "Chrome/\(chrome).0.0.0 Safari/537.36"),
        ]
        return headers
    }
}
