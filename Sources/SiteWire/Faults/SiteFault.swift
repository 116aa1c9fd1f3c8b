/// The site said no, or said something nobody understands. Classified by number, translation key and the drift of the
/// text together (`errors.md`, section 4); carries no text of the site's, so everything here may be logged and shown.
package struct SiteFault: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case invalidSession
        /// An old number for a dead session; believe it only if a session check agrees.
        case unconfirmedSession
        case insufficientCredits
        case dailyLimitReached
        case accountBlocked
        case riskControl
        case concurrencyLimit
        case busy
        case contentPolicyViolation
        case inputImageRejected
        case outputFiltered
        case rejectedParameters
        case permissionDenied
        /// The account would need a membership for this model or option.
        case membershipRequired
        case complianceConfirmationRequired
        case regionNotAllowed
        /// Versions or signature no longer fit; with advice `.refreshSignature` one more attempt is worth it.
        case protocolChanged
        case modelUnavailable
        case imageGenerationFailed
        case videoGenerationFailed
        /// A read that failed in passing.
        case transientRead
        /// The day's credits had been claimed before; not an error.
        case nothingReceived
        case httpStatus(Int)
        /// No JSON, members missing, or a number without a meaning.
        case invalidResponse
    }

    package var kind: Kind
    package var context: SiteCallContext
    /// The reply's `ret` when it was a number.
    package var ret: String?
    /// The refusal's `fail_code` when it was a number other than 0.
    package var failCode: String?
    /// The refusal's translation key (letters, digits, `_`, `-`, `.`, at most 128), language independent.
    package var starlingKey: String?
    /// The site's id of the reply, for asking its support.
    package var logID: String?
    package var hints: SiteHints

    package init(
        kind: Kind, context: SiteCallContext, ret: String? = nil, failCode: String? = nil, starlingKey: String? = nil,
        logID: String? = nil, hints: SiteHints = []
    ) {
        self.kind = kind
        self.context = context
        self.ret = SafeText.number(ret)
        self.failCode = SafeText.number(failCode).flatMap { $0 == "0" ? nil : $0 }
        self.starlingKey = SafeText.identifier(starlingKey)
        self.logID = SafeText.identifier(logID)
        self.hints = hints
    }

    package var retry: RetryAdvice {
        switch kind {
        case .busy: .backOff
        case .concurrencyLimit: .requeue
        case .transientRead: .readAgain
        case .protocolChanged: ret == "1014" ? .refreshSignature : .never
        case .invalidSession, .insufficientCredits, .dailyLimitReached, .accountBlocked, .riskControl,
            .permissionDenied, .membershipRequired, .complianceConfirmationRequired:
            .otherAccount
        case .httpStatus(let status): status >= 500 && context != .submit ? .readAgain : .never
        case .invalidResponse: context == .read ? .readAgain : .never
        case .unconfirmedSession, .contentPolicyViolation, .inputImageRejected, .outputFiltered, .rejectedParameters,
            .regionNotAllowed, .modelUnavailable, .imageGenerationFailed, .videoGenerationFailed, .nothingReceived:
            .never
        }
    }

    /// Refusals of content count towards risk control when several submissions in a row meet them.
    package var countsTowardsCooldown: Bool {
        guard context == .submit, let number = ret.flatMap({ Int($0) }) else { return false }
        return [2_038, 2_039, 2_041, 2_042, 2_043].contains(number)
    }
}

extension SiteFault.Kind {
    /// A name from a closed set, fit for metrics and logs.
    package var label: String {
        switch self {
        case .invalidSession: "invalid_session"
        case .unconfirmedSession: "unconfirmed_session"
        case .insufficientCredits: "insufficient_credits"
        case .dailyLimitReached: "daily_limit_reached"
        case .accountBlocked: "account_blocked"
        case .riskControl: "risk_control"
        case .concurrencyLimit: "upstream_concurrency_limit"
        case .busy: "upstream_busy"
        case .contentPolicyViolation: "content_policy_violation"
        case .inputImageRejected: "input_image_rejected"
        case .outputFiltered: "output_filtered"
        case .rejectedParameters: "upstream_rejected_params"
        case .permissionDenied: "upstream_permission_denied"
        case .membershipRequired: "vip_required"
        case .complianceConfirmationRequired: "compliance_confirmation_required"
        case .regionNotAllowed: "region_not_allowed"
        case .protocolChanged: "upstream_protocol_changed"
        case .modelUnavailable: "model_unavailable"
        case .imageGenerationFailed: "image_generation_failed"
        case .videoGenerationFailed: "video_generation_failed"
        case .transientRead: "upstream_transient"
        case .nothingReceived: "nothing_received"
        case .httpStatus: "upstream_http_error"
        case .invalidResponse: "upstream_invalid_response"
        }
    }
}

extension SiteFault: CustomStringConvertible {
    package var description: String {
        var details: [String] = []
        if case .httpStatus(let status) = kind { details.append("status \(status)") }
        if let ret { details.append("ret \(ret)") }
        if let failCode { details.append("fail code \(failCode)") }
        let suffix = details.isEmpty ? "" : " (\(details.joined(separator: ", ")))"
        return "\(kind.label) at \(context.rawValue)\(suffix)"
    }
}
