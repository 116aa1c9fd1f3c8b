import GatewayCore
import HTTPTypes
import WireJSON

/// How a repeated request finds the generation it already has (endpoints.md section 12.4).
struct RepeatKey {
    static let keyLifetime = Duration.seconds(24 * 3600)
    static let retryWindow = Duration.seconds(10 * 60)

    var idempotencyKey: String?
    var join: JoinRule

    /// - Throws: `idempotency_key_invalid`.
    init(headers: HTTPFields, now: Timestamp) throws(RequestProblem) {
        if let key = headers[.idempotencyKey] {
            guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw RequestProblem(.idempotencyKeyInvalid)
            }
            idempotencyKey = key
            join = .idempotencyKey(since: now - Self.keyLifetime)
        } else if let count = headers[.stainlessRetryCount].flatMap({ Int($0) }), count >= 1 {
            join = .fingerprint(since: now - Self.retryWindow)
        } else {
            join = .never
        }
    }

    /// The same for the same method, path and fields in any order and spelling of white space.
    static func fingerprint(
        method: String, path: String, fields: RequestFields, vault: some SecretVault
    ) -> String {
        var bytes = Array("\(method) \(path)\n".utf8)
        JSONValue.object(fields.object).canonical(into: &bytes)
        return vault.digest(bytes)
    }
}

extension Timestamp {
    fileprivate static func - (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(milliseconds: left.milliseconds - right.wholeMilliseconds)
    }
}
