import WireJSON

/// What the upload token call grants: temporary keys, and where to upload to. One grant serves many files of the same
/// kind while it is valid.
package struct UploadCredentials: Sendable, Hashable {
    /// A grant is worth asking for anew after this long, whatever it says about its validity (about an hour).
    static let longestReuse: Int64 = 1_500

    package var keys: SigV4Keys
    /// Tenant of the image store, where the answer names it.
    package var serviceID: String?
    /// Tenant of the image store or of the video store.
    package var spaceName: String?
    /// As the answer has it: `cn`, `sg`, or a full region name.
    package var regionName: String?
    /// How long the grant may be used again, in seconds from its arrival.
    package var reusableSeconds: Int64

    package init(
        keys: SigV4Keys, serviceID: String? = nil, spaceName: String? = nil, regionName: String? = nil,
        reusableSeconds: Int64 = 1_500
    ) {
        self.keys = keys
        self.serviceID = serviceID
        self.spaceName = spaceName
        self.regionName = regionName
        self.reusableSeconds = reusableSeconds
    }

    /// Reads the answer to the upload token call. Without keys the session is most likely dead, which a session check
    /// has to confirm.
    package init(_ envelope: SiteEnvelope) throws(SiteFault) {
        let data = envelope.payload
        func secret(_ name: String) -> String? {
            guard let text = data[name]?.looseText, text.utf8.count <= 16_384 else { return nil }
            return text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? text : nil
        }
        guard let accessKeyID = secret("access_key_id"), let secretAccessKey = secret("secret_access_key"),
            let sessionToken = secret("session_token")
        else {
            throw SiteFault(kind: .unconfirmedSession, context: .upload, ret: envelope.ret, logID: envelope.logID)
        }
        keys = SigV4Keys(accessKeyID: accessKeyID, secretAccessKey: secretAccessKey, sessionToken: sessionToken)
        serviceID = SafeText.identifier(data["service_id"]?.looseText)
        spaceName = SafeText.identifier(data["space_name"]?.looseText)
        regionName = SafeText.identifier(data["region"]?.looseText)
        reusableSeconds = Self.longestReuse
        if let now = SiteTime.unixSeconds(data["current_time"]), let end = SiteTime.unixSeconds(data["expired_time"]) {
            reusableSeconds = min(max(end - now - 60, 0), Self.longestReuse)
        }
    }

    /// The region name to sign with: the grant's own when it is a full one, else that of the site's region.
    package func signingRegion(in region: SiteRegion) -> String {
        if let regionName, regionName.utf8.count > 3, regionName.contains("-") { return regionName }
        return region.profile.signingRegion
    }

    /// `ServiceId` of the image store.
    package func imageService(in region: SiteRegion) -> String {
        let profile = region.profile
        return serviceID ?? (profile.ignoresSpaceName ? nil : spaceName) ?? profile.imageService
    }

    /// `SpaceName` of the video store.
    package var mediaSpace: String { spaceName ?? "dreamina" }
}
