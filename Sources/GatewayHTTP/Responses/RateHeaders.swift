import GatewayCore
import HTTPTypes

/// The `x-ratelimit-` headers, in OpenAI's form (openai-compat.md section 3).
enum RateHeaders {
    static func fields(of verdict: RequestRate.Verdict) -> HTTPFields {
        [
            .rateLimitRequests: String(verdict.limit), .rateRemainingRequests: String(verdict.remaining),
            .rateResetRequests: text(of: verdict.reset),
        ]
    }

    /// Of the budget that has the least left; of two the one that lasts longer.
    static func fields(of standings: [CreditStanding], at now: Timestamp) -> HTTPFields {
        let tightest = standings.min { left, right in
            let (one, other) = (left.remaining ?? .max, right.remaining ?? .max)
            return one == other ? left.resetsAt > right.resetsAt : one < other
        }
        guard let tightest, let limit = tightest.limit, let remaining = tightest.remaining else { return [:] }
        return [
            .rateLimitCredits: String(limit), .rateRemainingCredits: String(remaining),
            .rateResetCredits: text(of: tightest.resetsAt - now),
        ]
    }

    /// `850ms`, `1s`, `6m0s`, `2h0m5s`: whole milliseconds below a second, whole seconds above, rounded up.
    static func text(of wait: Duration) -> String {
        let milliseconds = wait.wholeMilliseconds
        if milliseconds < 1000 { return milliseconds <= 0 ? "0s" : "\(milliseconds)ms" }
        let seconds = (milliseconds + 999) / 1000
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3600 { return "\(seconds / 60)m\(seconds % 60)s" }
        return "\(seconds / 3600)h\(seconds / 60 % 60)m\(seconds % 60)s"
    }
}
