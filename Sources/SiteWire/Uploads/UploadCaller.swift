import WireJSON

/// Builds the calls of an upload with one grant (protocol page `upload.md`, sections 2 to 5 and 7). No cookie goes to
/// these hosts.
package struct UploadCaller: Sendable, Hashable {
    package var region: SiteRegion
    package var credentials: UploadCredentials
    /// The region name signatures are made for.
    package var signingRegion: String

    /// `signingRegion` nil takes the one the grant and the region call for.
    package init(region: SiteRegion, credentials: UploadCredentials, signingRegion: String? = nil) {
        self.region = region
        self.credentials = credentials
        self.signingRegion = signingRegion ?? credentials.signingRegion(in: region)
    }

    /// The random text of an apply call: ten lower-case letters and digits from 64 random bits.
    package static func nonce(random: UInt64) -> String {
        let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
        var rest = random
        var text: [UInt8] = []
        for _ in 0..<10 {
            text.append(digits[Int(rest % 36)])
            rest /= 36
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Asks where to put a file of `byteCount` bytes.
    package func apply(_ kind: UploadKind, byteCount: Int64, nonce: String, at unixSeconds: Int64) -> SiteRequest {
        var query: [SiteField]
        switch kind {
        case .image:
            query = [
                SiteField("Action", "ApplyImageUpload"), SiteField("Version", "2018-08-01"),
                SiteField("ServiceId", credentials.imageService(in: region)),
                SiteField("FileSize", String(byteCount)), SiteField("s", nonce),
            ]
            if region.isInternational { query.append(SiteField("device_platform", "web")) }
        case .media:
            query = [
                SiteField("Action", "ApplyUploadInner"), SiteField("Version", "2020-11-19"),
                SiteField("SpaceName", credentials.mediaSpace), SiteField("FileType", "video"),
                SiteField("IsInner", "1"), SiteField("FileSize", String(byteCount)), SiteField("s", nonce),
            ]
        }
        return signed(kind, query: query, body: nil, at: unixSeconds)
    }

    /// Sends the bytes. `crc32` is that of all of them; `store` chooses among the address's hosts and wraps around, for
    /// a further attempt.
    package func store(_ address: UploadAddress, crc32: UInt32, store: Int = 0) -> RawUploadRequest {
        var headers = [
            SiteField("Accept", "*/*"),
            SiteField("Accept-Language", Self.acceptLanguage),
            SiteField("Authorization", address.authorization),
            SiteField("Content-CRC32", HexText.of(crc32)),
        ]
        if address.kind == .image {
            headers.append(SiteField("Content-Disposition", "attachment; filename=\"undefined\""))
        }
        headers += [
            SiteField("Content-Type", "application/octet-stream"),
            SiteField("Origin", origin),
            SiteField("Referer", referer),
            SiteField("Sec-Fetch-Dest", "empty"),
            SiteField("Sec-Fetch-Mode", "cors"),
            SiteField("Sec-Fetch-Site", "cross-site"),
            SiteField("User-Agent", Self.userAgent),
        ]
        let taken = Set(headers.map { $0.name.lowercased() })
        headers += address.headers.filter { !taken.contains($0.name.lowercased()) }
        let host = address.hosts.isEmpty ? "" : address.hosts[abs(store % address.hosts.count)]
        return RawUploadRequest(host: host, path: "/upload/v1/\(address.storeURI)", headers: headers)
    }

    /// Tells the service that the bytes of `address` are there.
    package func commit(_ address: UploadAddress, at unixSeconds: Int64) -> SiteRequest {
        var body: JSONObject = ["SessionKey": .string(address.sessionKey)]
        let query: [SiteField]
        switch address.kind {
        case .image:
            query = [
                SiteField("Action", "CommitImageUpload"), SiteField("Version", "2018-08-01"),
                SiteField("ServiceId", credentials.imageService(in: region)),
            ]
        case .media:
            body["Functions"] = []
            query = [
                SiteField("Action", "CommitUploadInner"), SiteField("Version", "2020-11-19"),
                SiteField("SpaceName", credentials.mediaSpace),
            ]
        }
        return signed(address.kind, query: query, body: JSONValue.object(body).serialized(), at: unixSeconds)
    }

    // MARK: Pieces

    private static let acceptLanguage = "zh-CN,zh;q=0.9"
    private static let userAgent =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        + "Chrome/132.0.0.0 Safari/537.36"

    private var origin: String { region.profile.webAPI }
    private var referer: String { "\(origin)/ai-tool/generate" }

    private func signed(
        _ kind: UploadKind, query: [SiteField], body: [UInt8]?, at unixSeconds: Int64
    ) -> SiteRequest {
        let signer = SigV4Signer(keys: credentials.keys, region: signingRegion, service: kind.service)
        let method: SiteRequest.Method = body == nil ? .get : .post
        let signature = signer.headers(
            method: method, query: query, payloadHash: body.map { SigV4Signer.payloadHash(of: $0) }, at: unixSeconds)
        var headers = [SiteField("accept", "*/*"), SiteField("accept-language", Self.acceptLanguage)]
        if body != nil { headers.append(SiteField("content-type", "application/json")) }
        headers += [
            SiteField("origin", origin),
            SiteField("referer", referer),
            SiteField("sec-ch-ua", "\"Not A(Brand\";v=\"8\", \"Chromium\";v=\"132\", \"Google Chrome\";v=\"132\""),
            SiteField("sec-ch-ua-mobile", "?0"),
            SiteField("sec-ch-ua-platform", "\"Windows\""),
            SiteField("sec-fetch-dest", "empty"),
            SiteField("sec-fetch-mode", "cors"),
            SiteField("sec-fetch-site", "cross-site"),
            SiteField("user-agent", Self.userAgent),
        ]
        return SiteRequest(
            method: method, host: kind.host, region: region, path: "/", query: query, headers: headers + signature,
            body: body)
    }
}
