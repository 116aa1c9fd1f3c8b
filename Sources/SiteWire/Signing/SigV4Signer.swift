import Crypto

/// AWS signatures, version 4, as the upload services take them (protocol page `upload.md`, section 2): only the
/// `x-amz-*` headers are signed unless the caller names more, and the path is always `/`.
package struct SigV4Signer: Sendable, Hashable {
    package var keys: SigV4Keys
    /// A full region name such as `cn-north-1`.
    package var region: String
    /// `imagex` or `vod`.
    package var service: String

    package init(keys: SigV4Keys, region: String, service: String) {
        self.keys = keys
        self.region = region
        self.service = service
    }

    /// Lower-case hex SHA-256 of a body.
    package static func payloadHash(of body: [UInt8]) -> String { HexText.of(SHA256.hash(data: body)) }

    /// The headers to send: `x-amz-date`, `x-amz-security-token`, `x-amz-content-sha256` when there is a body, and
    /// `authorization`. `payloadHash` is that of the body, nil for none. `query` is taken as sent, before
    /// percent-encoding, in any order. `signing` names further headers, which the caller has to send with these values.
    package func headers(
        method: SiteRequest.Method, query: [SiteField], payloadHash: String?,
        signing: [SiteField] = [], at unixSeconds: Int64
    ) -> [SiteField] {
        let time = SigV4Time(unixSeconds: unixSeconds)
        var added = [SiteField("x-amz-date", time.stamp), SiteField("x-amz-security-token", keys.sessionToken)]
        if let payloadHash { added.append(SiteField("x-amz-content-sha256", payloadHash)) }
        let signed = (added + signing)
            .map { SiteField($0.name.lowercased(), Self.trimmed($0.value)) }
            .sorted { $0.name < $1.name }
        let names = signed.map(\.name).joined(separator: ";")
        let canonical = [
            method.rawValue, "/", Self.canonicalQuery(query),
            signed.map { "\($0.name):\($0.value)\n" }.joined(), names,
            payloadHash ?? Self.payloadHash(of: []),
        ].joined(separator: "\n")
        let scope = "\(time.day)/\(region)/\(service)/aws4_request"
        let text = "AWS4-HMAC-SHA256\n\(time.stamp)\n\(scope)\n\(Self.payloadHash(of: Array(canonical.utf8)))"
        let signature = HexText.of(Self.code(text, key: signingKey(day: time.day)))
        added.append(
            SiteField(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=\(keys.accessKeyID)/\(scope), SignedHeaders=\(names), "
                    + "Signature=\(signature)"))
        return added
    }

    private func signingKey(day: String) -> SymmetricKey {
        let start = SymmetricKey(data: Array("AWS4\(keys.secretAccessKey)".utf8))
        return [day, region, service, "aws4_request"].reduce(start) { key, part in
            SymmetricKey(data: Self.code(part, key: key))
        }
    }

    private static func code(_ text: String, key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    }

    private static func canonicalQuery(_ query: [SiteField]) -> String {
        query.map { (PercentEncoding.form($0.name), PercentEncoding.form($0.value)) }
            .sorted { $0 < $1 }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }

    /// Without blanks at the ends, and with single ones inside.
    private static func trimmed(_ value: String) -> String {
        value.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
    }
}
