import HTTPTypes

/// Field names beyond those of HTTPTypes, made once.
extension HTTPField.Name {
    static let expect100 = named("expect")
    static let idempotencyKey = named("idempotency-key")
    static let idempotencyReplayed = named("idempotency-replayed")
    static let lastEventID = named("last-event-id")
    static let openAIPollAfter = named("openai-poll-after-ms")
    static let openAIProcessing = named("openai-processing-ms")
    static let openAIVersion = named("openai-version")
    static let prefer = named("prefer")
    static let preferenceApplied = named("preference-applied")
    static let retryAfterMilliseconds = named("retry-after-ms")
    static let rateLimitCredits = named("x-ratelimit-limit-credits")
    static let rateRemainingCredits = named("x-ratelimit-remaining-credits")
    static let rateResetCredits = named("x-ratelimit-reset-credits")
    static let rateLimitRequests = named("x-ratelimit-limit-requests")
    static let rateRemainingRequests = named("x-ratelimit-remaining-requests")
    static let rateResetRequests = named("x-ratelimit-reset-requests")
    static let shouldRetry = named("x-should-retry")
    static let stainlessPollInterval = named("x-stainless-custom-poll-interval")
    static let stainlessReadTimeout = named("x-stainless-read-timeout")
    static let stainlessRetryCount = named("x-stainless-retry-count")
    static let stainlessTimeout = named("x-stainless-timeout")
    static let xAPIKey = named("x-api-key")
    static let xAccelBuffering = named("x-accel-buffering")
    static let xClientRequestID = named("x-client-request-id")
    static let xForwardedFor = named("x-forwarded-for")
    static let xForwardedHost = named("x-forwarded-host")
    static let xForwardedProto = named("x-forwarded-proto")
    static let xGenerationID = named("x-generation-id")
    static let xJimengAccount = named("x-jimeng-account")
    static let xJimengModel = named("x-jimeng-model")
    static let xJimengNotice = named("x-jimeng-notice")
    static let xJimengRegion = named("x-jimeng-region")
    static let xRequestID = named("x-request-id")

    private static func named(_ text: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name("\(text)") else { preconditionFailure("\(text) is no field name") }
        return name
    }
}
