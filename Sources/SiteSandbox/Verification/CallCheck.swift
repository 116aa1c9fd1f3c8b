import SiteWire

/// Who is calling, as far as the site can tell.
struct SandboxCaller: Sendable, Hashable {
    var sessionID: String
    var region: SiteRegion
    var script: SandboxScript

    init(sessionID: String, region: SiteRegion) {
        self.sessionID = sessionID
        self.region = region
        script = SandboxScript(sessionID: sessionID)
    }

    /// Names the account: one session has one account per region.
    var accountKey: String { "\(region.rawValue):\(sessionID)" }
}

/// What every call must have, whatever it is for: the session's cookie, the region's application id, a signature that fits
/// (protocol pages `transport.md`, sections 2 to 5 and 13, and `regions.md`).
struct CallCheck {
    let isStrict: Bool
    /// Milliseconds since 1970.
    let now: Int64

    /// How far the clock of the caller may be off, in seconds.
    static let clockTolerance: Int64 = 300

    func admit(_ call: SiteCall) throws(SandboxRefusal) -> SandboxCaller {
        if !call.body.isEmpty {
            guard call.headers["content-type"]?.lowercased().hasPrefix("application/json") == true else {
                throw SandboxRefusal(1000, "content type is not JSON")
            }
        }
        guard let session = call.cookie("sessionid"), !session.isEmpty, session.utf8.count <= 256 else {
            throw SandboxRefusal(1015, "no sessionid cookie")
        }
        let region = try region(of: call)
        let caller = SandboxCaller(sessionID: session, region: region)
        if let ret = caller.script.universalRefusal { throw SandboxRefusal(ret) }
        if isStrict {
            try checkSignature(of: call)
            if call.endpoint == .credits { try checkCreditForm(of: call, region: region) }
        }
        return caller
    }

    /// The region by the query, or for the calls without one by the headers; its application id must fit.
    private func region(of call: SiteCall) throws(SandboxRefusal) -> SiteRegion {
        func matches(_ left: String?, _ right: String) -> Bool {
            isStrict ? left == right : left?.lowercased() == right.lowercased()
        }
        let named: SiteRegion
        if let code = call.query["region"] {
            guard let region = SiteRegion.allCases.first(where: { matches(code, $0.profile.queryRegion) }) else {
                throw SandboxRefusal(1000, "unknown region in the query")
            }
            named = region
        } else if let location = call.headers["loc"] {
            guard let region = SiteRegion.allCases.first(where: { matches(location, $0.profile.location) }) else {
                throw SandboxRefusal(1000, "unknown region in the Loc header")
            }
            named = region
        } else {
            guard !isStrict else { throw SandboxRefusal(1000, "no region") }
            let isInternational = call.headers["appid"] == String(SiteRegion.us.profile.applicationID)
            named = isInternational ? .us : .cn
        }
        let expected = String(named.profile.applicationID)
        if let aid = call.query["aid"], aid != expected { throw SandboxRefusal(1000, "aid of another region") }
        if let appid = call.headers["appid"], appid != expected {
            throw SandboxRefusal(1000, "Appid of another region")
        }
        guard isStrict else { return named }
        guard call.headers["appid"] != nil else { throw SandboxRefusal(1000, "no Appid header") }
        guard matches(call.headers["loc"], named.profile.location),
            matches(call.headers["lan"], named.profile.language)
        else { throw SandboxRefusal(1000, "Lan or Loc of another region") }
        if call.endpoint.family == .web {
            guard call.query["aid"] != nil, call.query["region"] != nil, call.query["device_platform"] == "web",
                call.query["da_version"] != nil
            else { throw SandboxRefusal(1000, "query lacks its usual members") }
            guard (call.query["webId"] != nil) == named.profile.sendsWebID else {
                throw SandboxRefusal(1000, "webId where the region has none, or none where it has")
            }
        }
        return named
    }

    /// The signature must fit the very headers it came with, and the clock must be about right.
    private func checkSignature(of call: SiteCall) throws(SandboxRefusal) {
        guard call.headers["sign-ver"] == "1", call.headers["pf"] == SiteSign.platform,
            (call.headers["tdid"] ?? "").isEmpty, let version = call.headers["appvr"], !version.isEmpty,
            let time = call.headers["device-time"].flatMap(Int64.init)
        else { throw SandboxRefusal(1014, "signature headers missing") }
        guard abs(time - now / 1_000) <= Self.clockTolerance else { throw SandboxRefusal(1014, "clock is wrong") }
        let expected = SiteSign.value(path: call.path, appVersion: version, unixSeconds: time)
        guard call.headers["sign"] == expected else { throw SandboxRefusal(1014, "signature does not fit") }
    }

    /// The balance is only told to a request without a query that comes from the right page.
    private func checkCreditForm(of call: SiteCall, region: SiteRegion) throws(SandboxRefusal) {
        let page = region.isInternational ? "/" : "/ai-tool/image/generate"
        guard call.query.isEmpty, call.headers["referer"] == region.profile.site + page else {
            throw SandboxRefusal(1014, "user_credit with a query or from another page")
        }
    }
}
