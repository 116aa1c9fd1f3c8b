import Crypto
import SiteWire

/// The AWS signature (version 4) of a storage call, read from its headers and computed anew from what arrived: the query,
/// the headers that `SignedHeaders` names, and the body (protocol page `upload.md`, section 2).
struct StorageSignature: Sendable {
    let accessKeyID: String
    let day: String
    let region: String
    let service: String
    let signedHeaders: [String]
    let signature: String
    /// `x-amz-date`.
    let stamp: String

    private static let algorithm = "AWS4-HMAC-SHA256"

    /// Reads the headers; refuses a call that lacks them or whose time is off by more than `tolerance` seconds.
    init(_ call: StorageCall, unixSeconds: Int64, tolerance: Int64 = CallCheck.clockTolerance) throws(StorageRefusal) {
        guard let text = call.headers["authorization"], text.hasPrefix(Self.algorithm + " ") else {
            throw StorageRefusal(.missingSignature, "storage call without signature")
        }
        var fields: [Substring: Substring] = [:]
        for part in text.dropFirst(Self.algorithm.count + 1).split(separator: ", ") {
            let halves = part.split(separator: "=", maxSplits: 1)
            if halves.count == 2 { fields[halves[0]] = halves[1] }
        }
        let scope = (fields["Credential"] ?? "").split(separator: "/", omittingEmptySubsequences: false)
        guard scope.count == 5, scope[4] == "aws4_request", let names = fields["SignedHeaders"],
            let value = fields["Signature"], !names.isEmpty
        else { throw StorageRefusal(.missingSignature, "Authorization of a storage call cannot be read") }
        guard let stamp = call.headers["x-amz-date"], let time = UTCTime.seconds(stamp: stamp),
            abs(time - unixSeconds) <= tolerance, stamp.hasPrefix(scope[1] + "T")
        else { throw StorageRefusal(.invalidTimestamp, "time of a storage call is wrong") }
        accessKeyID = String(scope[0])
        day = String(scope[1])
        region = String(scope[2])
        service = String(scope[3])
        signedHeaders = names.split(separator: ";").map(String.init)
        signature = String(value)
        self.stamp = stamp
    }

    /// Whether the signature is what these keys give for the call. `hosts` are the names a signed `host` may have had:
    /// a client that reaches this address in place of the real ones may sign either.
    func matches(_ call: StorageCall, secret: String, hosts: [String]) -> Bool {
        // What must never be left unsigned.
        guard signedHeaders == signedHeaders.sorted(), signedHeaders.contains("x-amz-date"),
            signedHeaders.contains("x-amz-security-token")
        else { return false }
        let payload = Self.hexadecimal(SHA256.hash(data: call.body))
        if let claimed = call.headers["x-amz-content-sha256"], claimed != payload { return false }
        if call.method == "POST" {
            guard signedHeaders.contains("x-amz-content-sha256") else { return false }
        }
        let candidates = signedHeaders.contains("host") ? hosts : [""]
        return candidates.contains { host in
            guard let request = canonicalRequest(call, payload: payload, host: host) else { return false }
            return value(for: request, secret: secret) == signature
        }
    }

    private func canonicalRequest(_ call: StorageCall, payload: String, host: String) -> String? {
        let query = call.parameters.map { (PercentText.encode($0.name), PercentText.encode($0.value)) }
            .sorted { left, right in
                left.0 == right.0
                    ? left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
                    : left.0.utf8.lexicographicallyPrecedes(right.0.utf8)
            }
            .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        var lines = [call.method, "/", query]
        for name in signedHeaders {
            guard let value = name == "host" ? host : call.headers[name] else { return nil }
            lines.append(name + ":" + value.split(separator: " ").joined(separator: " "))
        }
        lines += ["", signedHeaders.joined(separator: ";"), payload]
        return lines.joined(separator: "\n")
    }

    private func value(for request: String, secret: String) -> String {
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let hash = Self.hexadecimal(SHA256.hash(data: Array(request.utf8)))
        let text = [Self.algorithm, stamp, scope, hash].joined(separator: "\n")
        var key = SymmetricKey(data: Array(("AWS4" + secret).utf8))
        for part in [day, region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return Self.hexadecimal(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
