import ArgumentParser

/// Exit statuses that scripts can tell apart. Usage errors are 64, as elsewhere.
enum ExitStatus: Int32, CaseIterable {
    case success = 0
    case failure = 1
    case authentication = 3
    case credits = 4
    case moderation = 5
    case upstream = 6
    case timeout = 7
    case usage = 64

    var code: ExitCode { ExitCode(rawValue) }

    /// By the `type` and `code` of the API's error.
    init(errorType: String, code: String) {
        switch errorType {
        case "authentication_error", "permission_error": self = .authentication
        case "insufficient_quota", "rate_limit_error": self = .credits
        case "content_policy_error": self = .moderation
        case "timeout_error": self = .timeout
        case "upstream_error", "generation_error", "image_upload_error", "media_upload_error": self = .upstream
        case "invalid_request_error", "not_found_error": self = .usage
        default: self = .failure
        }
    }

    static let help = """
        Exit status: 0 done, 1 failed, 3 token or permission, 4 credits or limits, 5 refused by content review, \
        6 trouble at the site, 7 too slow (the generation goes on), 64 wrong usage.
        """
}
