import SiteWire
import WireJSON

/// Temporary keys for the storage services, as `get_upload_token` hands them out. They are worth nothing outside of the
/// sandbox.
struct UploadKeys: Sendable {
    let accountKey: String
    let sessionID: String
    let region: SiteRegion
    let accessKeyID: String
    let secret: String
    let sessionToken: String
    /// Unix seconds.
    let expiresAt: Int64

    /// The keys with this number; the same number gives the same keys.
    init(_ number: Int, for caller: SandboxCaller, links: MediaLinks, expiresAt: Int64) {
        accountKey = caller.accountKey
        sessionID = caller.sessionID
        region = caller.region
        // All characters that base64 has are in it somewhere, as in real ones.
        let digits = links.secret("keys \(number)")
        accessKeyID = "AKTP" + digits.prefix(40)
        secret = "sb/" + links.secret("secret \(number)").prefix(36) + "+9/=="
        sessionToken = "STS2" + (0..<5).map { links.secret("token \(number) \($0)") }.joined()
        self.expiresAt = expiresAt
    }

    /// The data of `get_upload_token`.
    func json(isImage: Bool, at unixSeconds: Int64) -> JSONValue {
        let profile = region.profile
        let host = isImage ? profile.imageX : profile.vod
        return [
            "access_key_id": .string(accessKeyID), "secret_access_key": .string(secret),
            "session_token": .string(sessionToken), "current_time": .string(UTCTime.text(unixSeconds)),
            "expired_time": .string(UTCTime.text(expiresAt)),
            "space_name": .string(isImage ? StorageAction.imageSpace(in: region) : StorageAction.clipSpace),
            "upload_domain": .string(String(host.dropFirst("https://".count))),
            "region": .string(region == .cn ? "cn" : region == .us ? "us" : "sg"),
        ]
    }
}
