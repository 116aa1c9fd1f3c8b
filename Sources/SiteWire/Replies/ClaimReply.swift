import WireJSON

/// What the daily claim brought.
package struct ClaimReply: Sendable, Hashable {
    /// 0 when nothing was received, for whatever ordinary reason.
    package var received: Int
    /// The balance afterwards, when the answer names it.
    package var total: Int?
    /// Days in a row, when the answer names them.
    package var streakDays: Int?

    package init(_ envelope: SiteEnvelope) {
        received = max(0, envelope.payload["receive_quota"]?.looseInt ?? 0)
        streakDays = ["streak_days", "continuous_days", "consecutive_days"].lazy
            .compactMap { envelope.payload[$0]?.looseInt }.first { (1...100_000).contains($0) }
        total = envelope.payload["cur_total_credits"]?.looseInt.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// Nothing received, because it had been before. Nil for every other refusal.
    package init?(refusedBy fault: SiteFault) {
        guard fault.kind == .nothingReceived else { return nil }
        received = 0
    }
}
