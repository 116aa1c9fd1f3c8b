import GatewayCore

/// The fields that name where the end of a generation is announced (endpoints.md section 13.3). Every request that makes
/// a generation may carry them.
struct WebhookFields: Hashable, Sendable {
    private static let mostBytes = 2048

    private let url: Secret?
    private let secret: Secret?

    /// Whether such an address may be reached is found out when something is sent to it.
    /// - Throws: `invalid_type`; `string_above_max_length`; `invalid_value`, which does not repeat the value: it may
    ///   hold a key.
    init(_ fields: RequestFields) throws(RequestProblem) {
        var fields = fields
        let url = try fields.string("webhook_url", "webhookUrl", "callback_url", "callbackUrl")
            .map { $0.trimmingBlanks() }
            .flatMap { $0.isEmpty ? nil : $0 }
        let secret = try fields.string("webhook_secret", "webhookSecret").flatMap { $0.isEmpty ? nil : $0 }
        if let url { try Self.check(url, param: fields.spellings["webhook_url"] ?? "webhook_url") }
        if let secret, WebhookSecret(Secret(secret)) == nil {
            let bytes = WebhookSecret.length
            throw Self.invalid(
                fields.spellings["webhook_secret"] ?? "webhook_secret",
                english: "whsec_ followed by the base64 of \(bytes.lowerBound) to \(bytes.upperBound) bytes",
                chinese: "whsec_ 加 \(bytes.lowerBound) 至 \(bytes.upperBound) 字节的 Base64")
        }
        self.url = url.map { Secret($0) }
        self.secret = secret.map { Secret($0) }
    }

    /// `origin`: `http://host:port` as the client sees this server. Nil when the request names no URL.
    func target(origin: String) -> WebhookTarget? {
        url.map { WebhookTarget(url: $0, secret: secret, origin: origin) }
    }

    private static func check(_ url: String, param: String) throws(RequestProblem) {
        guard url.utf8.count <= mostBytes else {
            throw .tooLong(param, length: url.unicodeScalars.count, maximum: mostBytes)
        }
        let lowered = url.lowercased()
        let scheme = ["http://", "https://"].first(where: lowered.hasPrefix)
        let authority = scheme.map { lowered.dropFirst($0.count).prefix { !"/?#\\".contains($0) } } ?? ""
        let isPlain = url.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
        guard isPlain, !authority.isEmpty, !authority.hasPrefix(":"), !authority.contains("@") else {
            throw invalid(
                param, english: "an http:// or https:// URL without user name and password",
                chinese: "不含用户名和密码的 http:// 或 https:// 网址")
        }
    }

    private static func invalid(_ param: String, english: String, chinese: String) -> RequestProblem {
        RequestProblem(
            .invalidValue, param: param,
            values: [
                .got: PlaceholderText(english: "(not shown)", chinese: "（不显示）"),
                .list: PlaceholderText(english: english, chinese: chinese),
            ])
    }
}
