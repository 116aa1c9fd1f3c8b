/// When a failed announcement is sent again.
package enum WebhookSchedule {
    /// Waits after the first failed attempt, the second, and so on. After the last of them nothing follows.
    package static let delays: [Duration] = [
        .seconds(30), .seconds(60), .seconds(5 * 60), .seconds(15 * 60), .seconds(3600), .seconds(3 * 3600),
        .seconds(6 * 3600), .seconds(12 * 3600),
    ]

    /// How attempt number `attempt`, counted from 1, ends the delivery or brings the next attempt.
    /// `answer`: the receiver's HTTP status, or why there is none.
    package static func result(
        of attempt: Int, _ answer: Result<Int, WebhookFault>, at now: Timestamp
    ) -> WebhookResult {
        switch answer {
        case .success(let status) where (200..<300).contains(status): return .delivered(status: status)
        // "Gone": the receiver wants no more of them.
        case .success(410): return .abandoned(status: 410)
        case .failure(.addressNotAllowed): return .abandoned(status: nil)
        case .success(let status): return again(after: attempt, status: status, at: now)
        case .failure: return again(after: attempt, status: nil, at: now)
        }
    }

    private static func again(after attempt: Int, status: Int?, at now: Timestamp) -> WebhookResult {
        guard (1...delays.count).contains(attempt) else { return .abandoned(status: status) }
        return .failed(status: status, next: now + delays[attempt - 1])
    }
}
