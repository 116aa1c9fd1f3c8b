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

    /// Texts beyond this count by their own hash, so that data in a field is not copied once more.
    private static let longestText = 64 << 10

    /// The same for the same method, path, files and fields in any order and spelling of white space.
    static func fingerprint(
        method: String, path: String, fields: RequestFields, files: [ReceivedFile] = [], vault: some SecretVault
    ) -> String {
        var bytes = Array("\(method) \(path)\n".utf8)
        JSONValue.object(fields.object).shortened(beyond: longestText) { vault.digest(Array($0.utf8)) }
            .canonical(into: &bytes)
        for file in files {
            let entry: JSONValue = [.string(file.param), .string(file.material.sha256)]
            bytes.append(UInt8(ascii: "\n"))
            entry.canonical(into: &bytes)
        }
        return vault.digest(bytes)
    }
}

extension JSONValue {
    /// The same with long texts replaced.
    fileprivate func shortened(beyond limit: Int, _ replace: (String) -> String) -> JSONValue {
        switch self {
        case .string(let text): text.utf8.count > limit ? .string(replace(text)) : self
        case .array(let elements): .array(elements.map { $0.shortened(beyond: limit, replace) })
        case .object(let members):
            .object(JSONObject(members.map { ($0.0, $0.1.shortened(beyond: limit, replace)) }))
        case .null, .bool, .integer, .number: self
        }
    }
}

extension Timestamp {
    fileprivate static func - (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(milliseconds: left.milliseconds - right.wholeMilliseconds)
    }
}
