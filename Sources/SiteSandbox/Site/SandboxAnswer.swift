import WireJSON

/// What the sandbox does with a request.
enum SandboxAnswer: Sendable {
    /// HTTP 200 with this body.
    case json(JSONValue)
    /// A web page in place of an answer.
    case page(status: Int, String)
    /// The connection is closed without a byte.
    case drop
    /// The connection is closed in the middle of this body.
    case cut(JSONValue)
    /// This body comes a byte a second and never ends.
    case drip(JSONValue)
    /// More than anybody should read.
    case flood
}

/// A call the site says no to.
struct SandboxRefusal: Error, Sendable, Hashable {
    var ret: Int
    /// What a correct client would not have done; nil for refusals that are not the client's fault.
    var violation: String?
    /// `errmsg` where it is not the usual one of the code.
    var words: String?
    /// Whether `data` carries the three empty members instead of null.
    var hasEmptyFields = false

    init(_ ret: Int, _ violation: String? = nil) {
        self.ret = ret
        self.violation = violation
    }

    /// `errmsg`.
    var message: String {
        if let words { return words }
        return switch ret {
        case 1, 1057, 2020: "rate limit"
        case 1000: "invalid parameter"
        case 1001: "invalid params"
        case 1002: "common error"
        case 1006: "积分不足"
        case 1010: "concurrency limit"
        case 1014: "sign error"
        case 1015: "login error"
        case 1018: "account punish limit ai generate"
        case 1019: "shark not pass"
        case 2003: "risk not pass"
        case 2008: "get history failed"
        case 2038: "text security block"
        case 2061: "model not available"
        case 3000: "region not allow"
        case 1310: "ExceedConcurrencyLimit"
        case 3020: "fetch file failed"
        case 3018: "permission denied"
        case 4003: "no permission"
        case 4010: "compliance confirmation required"
        case 121_101: "daily generate limit"
        case 34_010_105: "already received"
        default: "error"
        }
    }

    /// `fail_starling_key` where the site has one for the code.
    var starlingKey: String {
        switch ret {
        case 1006: "web_dre_m10n_generate_popup_credit_ininsufficient_title"
        case 2038: "web_text_violates_community_guidelines_toast"
        default: ""
        }
    }
}
