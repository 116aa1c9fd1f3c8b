/// Why a request can't become a generation, before anything was asked of the site (endpoints.md, errors.md 3.1 to 3.3).
///
/// Carries the code, the field to blame and what fills the placeholders of the error text; the HTTP module owns status,
/// type and the texts themselves. No value ever holds a token, a key or a proxy.
package struct RequestProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed set of reasons. The raw value is the public error code.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        // Decoding and validation.
        case invalidJSON = "invalid_json"
        case invalidMultipart = "invalid_multipart"
        case unsupportedContentType = "unsupported_content_type"
        case missingRequiredParameter = "missing_required_parameter"
        case invalidType = "invalid_type"
        case invalidValue = "invalid_value"
        case valueOutOfRange = "value_out_of_range"
        case stringAboveMaxLength = "string_above_max_length"
        case unsupportedRatio = "unsupported_ratio"
        case unsupportedResolution = "unsupported_resolution"
        case invalidSize = "invalid_size"
        case unsupportedParameter = "unsupported_parameter"
        case unsupportedDuration = "unsupported_duration"
        case unsupportedFunctionMode = "unsupported_function_mode"
        case tooFewImages = "too_few_images"
        case tooManyImages = "too_many_images"
        case tooManyMaterials = "too_many_materials"
        case referenceVideoTooLong = "reference_video_too_long"
        case invalidImageReference = "invalid_image_reference"
        case unsupportedMediaFormat = "unsupported_media_format"
        case localPathForbidden = "local_path_forbidden"
        case urlNotAllowed = "url_not_allowed"
        case requestTooLarge = "request_too_large"
        case imageTooLarge = "image_too_large"
        case videoTooLarge = "video_too_large"
        case audioTooLarge = "audio_too_large"
        case tooManyParts = "too_many_parts"
        // Input media (the raw values are upper case because the field fixed that spelling).
        case downloadFailed = "DOWNLOAD_FAILED"
        case downloadTimeout = "DOWNLOAD_TIMEOUT"
        case downloadNotMedia = "DOWNLOAD_NOT_MEDIA"
        case decodeFailed = "DECODE_FAILED"
        // Routing.
        case unknownURL = "unknown_url"
        case methodNotAllowed = "method_not_allowed"
        case unsupportedEndpoint = "unsupported_endpoint"
        // Authentication and permission.
        case missingAPIKey = "missing_api_key"
        case invalidAPIKey = "invalid_api_key"
        case apiKeyExpired = "api_key_expired"
        case apiKeyDisabled = "api_key_disabled"
        case invalidProxy = "invalid_proxy"
        case sandboxDisabled = "sandbox_disabled"
        case passthroughDisabled = "passthrough_disabled"
        case insufficientScope = "insufficient_scope"
        case modelNotAllowed = "model_not_allowed"
        case ipNotAllowed = "ip_not_allowed"
        // Limits of a key.
        case rateLimitExceeded = "rate_limit_exceeded"
        case concurrencyLimitExceeded = "concurrency_limit_exceeded"
        case insufficientQuota = "insufficient_quota"
        // Administration.
        case notLoggedIn = "not_logged_in"
        case keyNotFound = "key_not_found"
        case accountNotFound = "account_not_found"
        case accountExists = "account_exists"
        case accountBusy = "account_busy"
        case accountUnreadable = "account_unreadable"
        case unreadableImport = "unreadable_import"
        // Models and resources.
        case regionMismatch = "region_mismatch"
        case modelNotFound = "model_not_found"
        case wrongModelType = "wrong_model_type"
        case generationNotFound = "generation_not_found"
        case videoNotFound = "video_not_found"
        case mediaNotFound = "media_not_found"
        // State and repetition.
        case idempotencyKeyReused = "idempotency_key_reused"
        case idempotencyKeyInvalid = "idempotency_key_invalid"
        case generationNotFinished = "generation_not_finished"
        case generationNotCancellable = "generation_not_cancellable"
        case contentExpired = "content_expired"
        case waitTimeout = "wait_timeout"
    }

    /// The names that error texts use between braces.
    package enum Placeholder: String, Hashable, Sendable, CaseIterable {
        case param, want, got, list, min, max, model, region, kind, hint, method, path, id, status, scope, why
        case line = "l"
        case column = "c"
        case contentType = "ct"
        case length = "len"
        case index = "i"
        case count = "n"
        case size, images, videos, audios, reason
        case generationID = "generation_id"
        case historyID = "history_id"
        case requestID = "request_id"
        case seconds = "s"
        case site, have, need
        case failCode = "fail_code"
        case short
        case limit, window, used, period, time
    }

    package var kind: Kind
    /// The field to blame, in the client's own spelling.
    package var param: String?
    package var values: [Placeholder: PlaceholderText]
    /// What the input was to be, where an input is to blame and that is known.
    package var material: MaterialKind?
    /// When a repeat can succeed, where that is known.
    package var retryAfter: Duration?

    package init(
        _ kind: Kind, param: String? = nil, values: [Placeholder: PlaceholderText] = [:], retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.param = param
        self.values = values
        self.retryAfter = retryAfter
    }

    /// Safe to log: the code and the field's name.
    package var description: String {
        guard let param else { return kind.rawValue }
        return "\(kind.rawValue) (\(PlaceholderText.echo(param).english))"
    }
}

extension RequestProblem {
    package static func missing(_ param: String) -> RequestProblem {
        RequestProblem(.missingRequiredParameter, param: param)
    }

    package static func outOfRange(
        _ param: String, _ range: ClosedRange<Int>, got: some CustomStringConvertible
    ) -> RequestProblem {
        outOfRange(param, from: "\(range.lowerBound)", to: "\(range.upperBound)", got: got.description)
    }

    package static func outOfRange(
        _ param: String, from minimum: String, to maximum: String, got: String
    ) -> RequestProblem {
        RequestProblem(
            .valueOutOfRange, param: param,
            values: [.min: PlaceholderText(minimum), .max: PlaceholderText(maximum), .got: .echo(got)])
    }

    package static func tooLong(_ param: String, length: Int, maximum: Int) -> RequestProblem {
        RequestProblem(
            .stringAboveMaxLength, param: param, values: [.length: "\(length)", .max: "\(maximum)"])
    }

    package static func invalidValue(_ param: String, got: String, allowed: [String]) -> RequestProblem {
        RequestProblem(.invalidValue, param: param, values: [.got: .echo(got), .list: .list(allowed)])
    }

    package static func unsupported(_ param: String, english: String, chinese: String) -> RequestProblem {
        RequestProblem(
            .unsupportedParameter, param: param,
            values: [.hint: PlaceholderText(english: english, chinese: chinese)])
    }
}
