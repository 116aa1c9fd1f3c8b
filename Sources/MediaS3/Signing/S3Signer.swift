import Crypto
import GatewayCore

/// AWS signatures, version 4, as S3 takes them: in headers, over the path as it is sent, with the checksum of the body.
///
/// The site's upload services take another shape of the same signature (a fixed path, a session token always), and what
/// the site wants is not to be bent to what buckets want; so the two signers share no code.
struct S3Signer: Sendable {
    let keys: S3Keys
    let region: String

    /// The checksum of no body.
    static let emptyBody = hexadecimal(SHA256.hash(data: [UInt8]()))

    /// Adds `x-amz-date`, `x-amz-content-sha256`, `x-amz-security-token` and `authorization` to the request's headers, all
    /// of which are signed.
    /// `host`: the value of the `host` header.
    func headers(of request: S3Request, host: String, path: String, at now: Timestamp) -> [S3Field] {
        let stamp = Self.stamp(now)
        let day = stamp.prefix(8)
        var headers =
            request.headers + [
                S3Field("host", host), S3Field("x-amz-content-sha256", request.bodySHA256),
                S3Field("x-amz-date", stamp),
            ]
        if let token = keys.sessionToken { headers.append(S3Field("x-amz-security-token", token.reveal())) }
        let signed = headers.map { S3Field($0.name.lowercased(), Self.trimmed($0.value)) }.sorted { $0.name < $1.name }
        let names = signed.map(\.name).joined(separator: ";")
        let canonical = [
            request.method.rawValue, path, request.canonicalQuery,
            signed.map { "\($0.name):\($0.value)\n" }.joined(), names, request.bodySHA256,
        ].joined(separator: "\n")
        let scope = "\(day)/\(region)/s3/aws4_request"
        let text =
            "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n" + Self.hexadecimal(SHA256.hash(data: Array(canonical.utf8)))
        let key = [String(day), region, "s3", "aws4_request"].reduce(
            SymmetricKey(data: Array("AWS4\(keys.secretAccessKey.reveal())".utf8))
        ) { SymmetricKey(data: Self.code($1, $0)) }
        headers.append(
            S3Field(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=\(keys.accessKeyID)/\(scope),SignedHeaders=\(names),"
                    + "Signature=\(Self.hexadecimal(Self.code(text, key)))"))
        return headers
    }

    private static func code(_ text: String, _ key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    }

    /// Lower-case hexadecimal digits.
    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// `20130524T000000Z`.
    static func stamp(_ instant: Timestamp) -> String {
        S3Time.text(of: instant).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// Without blanks at the ends, and with single ones inside.
    private static func trimmed(_ value: String) -> String {
        value.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
    }
}

/// Instants as S3's documents write them.
enum S3Time {
    /// `2013-05-24T00:00:00`, in UTC. Texts of this form sort like their instants.
    static func text(of instant: Timestamp) -> String {
        let day = CalendarDay(instant, offset: .zero)
        let second = instant.seconds - day.start(offset: .zero).seconds
        return "\(day)T"
            + [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
            .joined(separator: ":")
    }
}
