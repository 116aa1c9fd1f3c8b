/// Why a generation (or a request on its way to one) failed, in terms that clients act on. `code` values are the
/// stable codes of the API's error table; the HTTP module owns status, type and texts.
package struct GenerationFault: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The closed set of reasons. The raw value is the public error code.
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        // The account.
        case invalidSession = "invalid_session"
        case insufficientCredits = "insufficient_credits"
        case paidCreditsRequired = "paid_credits_required"
        case dailyLimitReached = "daily_limit_reached"
        case vipRequired = "vip_required"
        case accountBlocked = "account_blocked"
        case riskControl = "risk_control"
        case complianceConfirmationRequired = "compliance_confirmation_required"
        case upstreamPermissionDenied = "upstream_permission_denied"
        case regionNotAllowed = "region_not_allowed"
        case modelUnavailable = "model_unavailable"
        case noAvailableAccount = "no_available_account"
        // Throttling.
        case upstreamBusy = "upstream_busy"
        case upstreamConcurrencyLimit = "upstream_concurrency_limit"
        case queueFull = "queue_full"
        // Moderation.
        case contentPolicyViolation = "content_policy_violation"
        case outputFiltered = "output_filtered"
        case inputImageRejected = "input_image_rejected"
        // The exchange with the site.
        case upstreamUnreachable = "upstream_unreachable"
        case proxyError = "proxy_error"
        case upstreamHTTPError = "upstream_http_error"
        case upstreamInvalidResponse = "upstream_invalid_response"
        case upstreamRejectedParams = "upstream_rejected_params"
        case upstreamProtocolChanged = "upstream_protocol_changed"
        case submitUncertain = "submit_uncertain"
        // Inputs (the raw values are upper case because the field fixed that spelling).
        case uploadTimeout = "UPLOAD_TIMEOUT"
        case uploadFailed = "UPLOAD_FAILED"
        case uploadTokenFailed = "UPLOAD_TOKEN_FAILED"
        // The generation itself.
        case imageGenerationFailed = "image_generation_failed"
        case videoGenerationFailed = "video_generation_failed"
        case emptyResult = "empty_result"
        case historyNotFound = "history_not_found"
        case generationTimeout = "generation_timeout"
        case generationCanceled = "generation_canceled"
        case resultDownloadFailed = "result_download_failed"
        case interrupted
        /// This gateway's own database can't be written to; nothing was begun.
        case storageUnavailable = "storage_unavailable"
        case internalError = "internal_error"
        case shuttingDown = "shutting_down"
    }

    package var kind: Kind
    /// The site's own numbers and ids, for the `upstream` member of an error. Never its texts.
    package var ret: String?
    package var failCode: String?
    package var logID: String?
    /// The HTTP status of the site, with ``Kind/upstreamHTTPError``.
    package var httpStatus: Int?
    /// What a repeat can expect; see ``RetryAdvice``.
    package var retryAfter: Duration?
    /// With ``Kind/insufficientCredits``: the resolution that the account's credits do not seem to cover, although
    /// there are enough of them.
    package var uncoveredResolution: String?
    /// How many accounts were tried when there was more than one reason.
    package var accountsTried: Int?
    /// Which input is to blame, by its place in ``GenerationTask/inputs``.
    package var input: Int?

    package init(
        _ kind: Kind, ret: String? = nil, failCode: String? = nil, logID: String? = nil, httpStatus: Int? = nil,
        retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.ret = ret
        self.failCode = failCode
        self.logID = logID
        self.httpStatus = httpStatus
        self.retryAfter = retryAfter
    }

    /// Safe to log: the code and the site's numbers.
    package var description: String {
        var text = kind.rawValue
        if let ret { text += " ret=\(ret)" }
        if let failCode { text += " fail_code=\(failCode)" }
        if let httpStatus { text += " status=\(httpStatus)" }
        return text
    }

    private enum CodingKeys: String, CodingKey {
        case kind, ret, failCode, logID, httpStatus, uncoveredResolution, accountsTried, input
    }
}
