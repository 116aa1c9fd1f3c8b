/// One row of the error table (errors.md section 3).
struct ErrorEntry {
    /// The closed set of `error.type` (errors.md section 2).
    enum Kind: String, CaseIterable {
        case invalidRequest = "invalid_request_error"
        case authentication = "authentication_error"
        case permission = "permission_error"
        case notFound = "not_found_error"
        case conflict = "conflict_error"
        case rateLimit = "rate_limit_error"
        case insufficientQuota = "insufficient_quota"
        case contentPolicy = "content_policy_error"
        case imageUpload = "image_upload_error"
        case mediaUpload = "media_upload_error"
        case generation = "generation_error"
        case timeout = "timeout_error"
        case upstream = "upstream_error"
        case server = "server_error"
    }

    var kind: Kind
    var status: Int
    /// Whether the same request may be sent again without a risk of paying twice.
    var isRetryable = false
    /// With placeholders between braces.
    var english: String
    var chinese: String

    init(_ kind: Kind, _ status: Int, retryable: Bool = false, _ english: String, _ chinese: String) {
        self.kind = kind
        self.status = status
        self.isRetryable = retryable
        self.english = english
        self.chinese = chinese
    }
}
