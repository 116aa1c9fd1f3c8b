/// Lets so many requests through in a minute, and a minute's worth at once after a pause. Pure: one instant is all it
/// remembers.
package struct RequestRate: Hashable, Sendable {
    /// What became of a request, in the words of the `x-ratelimit-` headers.
    package struct Verdict: Hashable, Sendable {
        /// Requests per minute.
        package var limit: Int
        /// How many more would be let through right now.
        package var remaining: Int
        /// Until all of them would.
        package var reset: Duration
        /// Until the refused request would be let through; nil when it was.
        package var retryAfter: Duration?
    }

    /// When, at this rate, everything let through so far is worked off; in microseconds since 1970. The shortest distance
    /// between two requests may be less than a millisecond.
    private var settledAt: Int64 = 0

    private static let minute: Int64 = 60_000_000

    package init() {}

    /// Whether nothing is left to remember.
    package func isIdle(at now: Timestamp) -> Bool { settledAt <= now.milliseconds * 1000 }

    /// `limit`: requests per minute, from 1 to 1,000,000. A refused request costs nothing.
    package mutating func take(limit: Int, at now: Timestamp) -> Verdict {
        let now = now.milliseconds * 1000
        let step = Self.minute / Int64(max(1, limit))
        let span = step * Int64(max(1, limit))
        // A clock that was set back must not refuse for longer than a minute; a limit that was lowered, neither.
        let begin = min(max(settledAt, now), now + span)
        let next = begin + step
        let isAllowed = next - now <= span
        settledAt = isAllowed ? next : begin
        return Verdict(
            limit: limit, remaining: Int((span - (settledAt - now)) / step),
            reset: .microseconds(settledAt - now), retryAfter: isAllowed ? nil : .microseconds(next - now - span))
    }
}
