import GatewayCore
import SiteWire

extension GenerationFault {
    /// What a refusal of the site means to the gateway (errors.md section 4).
    init(_ fault: SiteFault) {
        self.init(
            Kind(fault.kind, context: fault.context), ret: fault.ret, failCode: fault.failCode, logID: fault.logID)
        if case .httpStatus(let status) = fault.kind { httpStatus = status }
        if fault.kind == .busy || fault.kind == .concurrencyLimit { retryAfter = .seconds(5) }
    }
}

extension GenerationFault.Kind {
    init(_ kind: SiteFault.Kind, context: SiteCallContext) {
        self =
            switch kind {
            case .invalidSession: .invalidSession
            case .unconfirmedSession: .upstreamInvalidResponse
            case .insufficientCredits: .insufficientCredits
            case .dailyLimitReached: .dailyLimitReached
            case .accountBlocked: .accountBlocked
            case .riskControl: .riskControl
            case .concurrencyLimit: .upstreamConcurrencyLimit
            case .busy: .upstreamBusy
            case .contentPolicyViolation: .contentPolicyViolation
            case .inputImageRejected: .inputImageRejected
            case .outputFiltered: .outputFiltered
            case .rejectedParameters: .upstreamRejectedParams
            case .permissionDenied: .upstreamPermissionDenied
            case .membershipRequired: .vipRequired
            case .complianceConfirmationRequired: .complianceConfirmationRequired
            case .regionNotAllowed: .regionNotAllowed
            case .protocolChanged: .upstreamProtocolChanged
            case .modelUnavailable: .modelUnavailable
            case .imageGenerationFailed: .imageGenerationFailed
            case .videoGenerationFailed: .videoGenerationFailed
            case .transientRead, .nothingReceived, .invalidResponse: .upstreamInvalidResponse
            case .httpStatus: .upstreamHTTPError
            }
    }
}
