import GatewayCore
import HTTPTypes

/// How long a request waits for its generation, and what it gets when that was not long enough
/// (endpoints.md sections 12.1 to 12.3).
struct WaitPolicy: Hashable {
    enum Expiry: Hashable {
        /// 202 with the generation; `applied` is the value of `preference-applied`.
        case accepted(applied: String?)
        /// 504: our own limit.
        case generationTimeout
        /// 504: the client is about to give up.
        case waitTimeout
    }

    var wait: Duration
    var expiry: Expiry
    /// Blanks before a late JSON answer.
    var keepsAlive = false

    /// `limit` and `timeoutAnswer` are the server's own; the rest is what the request asks for.
    init(
        headers: HTTPFields, isAsync: Bool, keepsAlive: Bool, limit: Duration,
        timeoutAnswer: HTTPConfiguration.TimeoutAnswer
    ) {
        self.keepsAlive = keepsAlive
        wait = limit
        expiry = timeoutAnswer == .accepted ? .accepted(applied: nil) : .generationTimeout
        let preferences = Self.preferences(headers[.prefer])
        if let seconds = preferences.wait, Duration.seconds(seconds) < wait {
            wait = .seconds(seconds)
            expiry = .accepted(applied: "wait=\(seconds)")
        } else if isAsync || preferences.isAsync {
            wait = .zero
            expiry = .accepted(applied: preferences.isAsync ? "respond-async" : nil)
        }
        for name in [HTTPField.Name.stainlessReadTimeout, .stainlessTimeout] {
            guard let patience = headers[name].flatMap({ Double($0) }), patience >= 15, patience <= 86_400 else {
                continue
            }
            let own = Duration.milliseconds(Int64((patience - 5) * 1000))
            if own < wait {
                wait = own
                expiry = .waitTimeout
            }
        }
    }

    /// RFC 7240: `respond-async` and `wait=N` in any order and case.
    private static func preferences(_ text: String?) -> (isAsync: Bool, wait: Int64?) {
        var result: (isAsync: Bool, wait: Int64?) = (false, nil)
        for part in (text ?? "").split(whereSeparator: { $0 == "," || $0 == ";" }).prefix(16) {
            let preference = String(part).trimmingBlanks().lowercased()
            if preference == "respond-async" { result.isAsync = true }
            if preference.hasPrefix("wait"), let equals = preference.firstIndex(of: "=") {
                let number = String(preference[preference.index(after: equals)...]).trimmingBlanks()
                if let seconds = Int64(number), (0...86_400).contains(seconds) { result.wait = seconds }
            }
        }
        return result
    }
}
