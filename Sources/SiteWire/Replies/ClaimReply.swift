import WireJSON

/// What the daily claim brought.
package struct ClaimReply: Sendable, Hashable {
    /// 0 when nothing was received, for whatever ordinary reason.
    package var received: Int
    /// The balance afterwards, when the answer names it.
    package var total: Int?

    package init(_ envelope: SiteEnvelope) {
        received = max(0, envelope.payload["receive_quota"]?.looseInt ?? 0)
        total = envelope.payload["cur_total_credits"]?.looseInt.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// Nothing received. A refused claim is ordinary unless its fault concerns the session or the account.
    package init?(refusedBy fault: SiteFault) {
        switch fault.kind {
        case .invalidSession, .unconfirmedSession, .accountBlocked, .riskControl, .regionNotAllowed, .httpStatus,
            .invalidResponse:
            return nil
        default:
            received = 0
            total = nil
        }
    }
}
