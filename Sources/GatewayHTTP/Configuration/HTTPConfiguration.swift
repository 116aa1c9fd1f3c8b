package import GatewayCore

/// How the API behaves; plain values, checked by whoever reads the configuration.
package struct HTTPConfiguration: Sendable {
    /// Where the links of answers lead (endpoints.md section 14).
    package enum MediaLinkMode: String, Sendable, CaseIterable {
        /// The gateway's own link when a public base URL is set, else the site's.
        case auto
        /// Always the site's.
        case upstream
        /// Always the gateway's once the file is kept; without a base URL under the host of the request.
        case local
    }

    /// What a request gets whose generation outlasts the wait limit (section 12.1).
    package enum TimeoutAnswer: String, Sendable, CaseIterable {
        /// 504 with the generation's id.
        case error
        /// 202 with the generation.
        case accepted
    }

    /// How errors look to clients of older gateways (errors.md section 1.7).
    package enum LegacyErrors: String, Sendable, CaseIterable {
        case off
        /// `code`, `message` and `data` beside `error`; the status stays.
        case fields
        /// The same, and status 200 where those gateways answered so.
        case http200
    }

    /// The status of exhausted credits (errors.md 3.3).
    package enum CreditsStatus: Int, Sendable, CaseIterable {
        case tooManyRequests = 429
        case paymentRequired = 402
    }

    package var version = "0.0.0"
    /// How long a request for pictures waits for its generation.
    package var imageWaitLimit = Duration.seconds(900)
    /// How long a request for a video waits for its generation.
    package var videoWaitLimit = Duration.seconds(1200)
    package var timeoutAnswer = TimeoutAnswer.error
    /// Most bytes of a JSON or form body.
    package var bodyLimit = 100 * 1024 * 1024
    /// Most bytes of a multipart body, its files included.
    package var multipartLimit = 256 << 20
    /// Most bytes of one input.
    package var inputLimits = InputLimits()
    /// Most bytes of all inputs of a request together, however they come.
    package var inputTotalLimit: Int64 = 1 << 30
    package var maskPolicy = MaskPolicy.refuse
    /// Most bytes of one picture that is read for `b64_json` or for conversion.
    package var pictureLimit = 64 * 1024 * 1024
    /// Origins that browsers may call from; empty = any.
    package var corsOrigins: [String] = []
    /// Whether the model list needs no key.
    package var modelsArePublic = true
    /// Whether `GET /metrics` needs no key.
    package var metricsArePublic = false
    package var tokens = TokenPolicy()
    /// Whether a request without a token may use the accounts of the pool.
    package var isOpen = false
    /// Language of error texts when nothing else tells.
    package var locale = Language.english
    /// Whether a body that is not quite JSON is repaired (section 3.2).
    package var repairsJSON = true
    /// Members beside `error` for clients of older gateways (errors.md section 1.7).
    package var legacyErrors = LegacyErrors.off
    package var chat = ChatOptions()
    package var creditsStatus = CreditsStatus.tooManyRequests
    /// Whether errors name the site's own numbers.
    package var exposesUpstream = true
    package var mediaLinks = MediaLinkMode.auto
    /// `https://pictures.example.org`, without a path's trailing slash.
    package var publicBaseURL: String?
    /// Whether everybody is believed who sends `x-forwarded-for`, `x-forwarded-proto` and `x-forwarded-host`.
    package var trustsForwardedHeaders = false
    /// Proxies in front that are believed about these.
    package var trustedProxies: [IPNetwork] = []
    /// How long results are kept; nil = for ever. Only told to clients.
    package var mediaMaximumAge: Duration?
    package var images = ImageRequestResolver.Options()
    /// Send blanks before a late JSON answer without being asked (section 12.3).
    package var keepsJSONAlive = false
    /// Send `102 Processing` now and then while a JSON answer is waited for (section 12.3).
    package var sendsProcessing = false
    /// One log line per request.
    package var logsRequests = true
    /// An idle connection, or one whose request does not arrive, is closed after this.
    package var idleTimeout = Duration.seconds(75)

    package init() {}

    /// Where only pictures are taken.
    var pictureInputs: InputLimits {
        var limits = inputLimits
        limits.video = 0
        limits.audio = 0
        return limits
    }
}
