import WireJSON

/// The decisions of an audit before a generation. A refusal comes inside a successful answer.
package struct AuditReply: Sendable, Hashable {
    package enum Decision: Sendable, Hashable {
        case passed, rejected, unknown
    }

    /// In the order the materials were named; may be shorter than their list.
    package var decisions: [Decision]
    private var hints: SiteHints
    private var logID: String?

    package init(_ envelope: SiteEnvelope) {
        let data = envelope.payload
        let results = (data["result_list"]?.array ?? data["material_result_list"]?.array ?? []).prefix(64)
        decisions = results.map { result in
            switch result["audit_decision"]?.looseInt {
            case 1: .passed
            case 2: .rejected
            default: .unknown
            }
        }
        let texts = results.flatMap { [$0["reason_detail"]?.looseText, $0["long_reason_detail"]?.looseText] }
        hints = SiteHints(texts: texts.compactMap(\.self))
        logID = envelope.logID
    }

    /// Index of the first material that was refused.
    package var firstRejected: Int? { decisions.firstIndex(of: .rejected) }

    /// The refusal, when there is one.
    package var fault: SiteFault? {
        guard firstRejected != nil else { return nil }
        return SiteFault(kind: .inputImageRejected, context: .upload, logID: logID, hints: hints)
    }
}
