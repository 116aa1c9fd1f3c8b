import GatewayCore

/// The numbers by which older gateways of this field name their errors (errors.md section 1.7).
enum LegacyCode {
    static let unlisted: Int64 = -1000

    /// `kind`: what the generation was to make, where there is one.
    static func value(for code: String, kind: MediaKind?) -> Int64 {
        if failures.contains(code) { return kind == .video ? -2008 : -2007 }
        return table[code] ?? unlisted
    }

    /// Ends of a generation; the number tells pictures from videos.
    private static let failures: Set<String> = [
        "empty_result", "history_not_found", "generation_timeout", "wait_timeout",
        "generation_canceled",
    ]

    private static let table: [String: Int64] = {
        var table: [String: Int64] = [:]
        for (number, codes) in groups { for code in codes { table[code] = number } }
        return table
    }()

    private static let groups: [(Int64, [String])] = [
        (-1001, ["invalid_json", "invalid_multipart", "unsupported_content_type", "too_many_parts"]),
        (-1002, ["unknown_url", "method_not_allowed", "unsupported_endpoint"]),
        (
            -2000,
            [
                "missing_required_parameter", "invalid_type", "invalid_value", "value_out_of_range",
                "string_above_max_length", "unsupported_ratio", "unsupported_resolution", "invalid_size",
                "unsupported_parameter", "unsupported_duration", "unsupported_function_mode", "too_few_images",
                "too_many_images", "too_many_materials", "reference_video_too_long", "invalid_image_reference",
                "unsupported_media_format", "local_path_forbidden", "invalid_proxy", "model_unavailable",
                "region_mismatch", "model_not_found", "wrong_model_type", "generation_not_found", "video_not_found",
                "media_not_found", "key_not_found", "account_not_found", "account_exists", "account_busy",
                "account_unreadable",
                "unreadable_import", "idempotency_key_reused",
                "idempotency_key_invalid", "generation_not_finished",
                "generation_not_cancellable", "content_expired", "upstream_rejected_params",
            ]
        ),
        (
            -2001,
            [
                "upstream_permission_denied", "region_not_allowed", "UPLOAD_TIMEOUT", "UPLOAD_FAILED",
                "UPLOAD_TOKEN_FAILED", "upstream_unreachable", "proxy_error", "upstream_http_error",
                "upstream_invalid_response", "upstream_protocol_changed", "risk_control",
                "compliance_confirmation_required", "submit_uncertain", "result_download_failed",
            ]
        ),
        (
            -2002,
            [
                "missing_api_key", "invalid_api_key", "api_key_expired", "api_key_disabled", "invalid_session",
                "sandbox_disabled", "passthrough_disabled", "insufficient_scope", "model_not_allowed", "not_logged_in",
                "ip_not_allowed", "account_blocked",
            ]
        ),
        (-2003, ["url_not_allowed", "DOWNLOAD_FAILED", "DOWNLOAD_TIMEOUT", "DOWNLOAD_NOT_MEDIA", "DECODE_FAILED"]),
        (-2004, ["request_too_large", "image_too_large", "video_too_large", "audio_too_large"]),
        (
            -2005,
            [
                "rate_limit_exceeded", "concurrency_limit_exceeded", "queue_full", "no_available_account",
                "upstream_busy", "upstream_concurrency_limit",
            ]
        ),
        (-2006, ["content_policy_violation", "output_filtered", "input_image_rejected"]),
        (-2007, ["image_generation_failed"]), (-2008, ["video_generation_failed"]),
        (
            -2009,
            [
                "insufficient_credits", "paid_credits_required", "daily_limit_reached", "vip_required",
                "insufficient_quota",
            ]
        ),
    ]
}
