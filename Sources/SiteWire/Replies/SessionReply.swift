import WireJSON

/// Whether a session is alive.
package enum SessionReply: Sendable, Hashable {
    case alive
    case dead
    /// The answer settles nothing: keep the session.
    case unknown

    /// Reads an answer to the passport call, which has no `ret`.
    package static func passport(status: Int, body: [UInt8]) -> SessionReply {
        guard status < 400, let value = try? JSONValue.parse(body) else { return .unknown }
        let envelope = SiteEnvelope(value)
        if envelope.ret == "1015" { return .dead }
        let data = value["data"] ?? .null
        switch value["message"]?.string {
        case "success": return isSomebody(data) ? .alive : .unknown
        case "error":
            return data["name"]?.looseText == "session_expired" || data["error_code"]?.looseInt == 1 ? .dead : .unknown
        default: return .unknown
        }
    }

    /// Reads an answer to the balance call: a balance proves life, 1015 proves death.
    package static func credit(_ outcome: Result<CreditReply, SiteFault>) -> SessionReply {
        switch outcome {
        case .success(let reply): reply.balance == nil ? .unknown : .alive
        case .failure(let fault): fault.kind == .invalidSession && fault.ret != nil ? .dead : .unknown
        }
    }

    /// Reads an answer to the user info call, of which only `ret` matters.
    package static func userInfo(_ outcome: Result<SiteEnvelope, SiteFault>) -> SessionReply {
        switch outcome {
        case .success(let envelope): envelope.ret == "0" ? .alive : .unknown
        case .failure(let fault): fault.kind == .invalidSession && fault.ret != nil ? .dead : .unknown
        }
    }

    private static func isSomebody(_ data: JSONValue) -> Bool {
        if let id = data["user_id"]?.looseInt, id != 0 { return true }
        if let id = data["user_id_str"]?.looseText, id != "0" { return true }
        if data["app_id"]?.looseInt ?? 0 != 0 || data["avatar_url"]?.looseText != nil { return true }
        return data["app_user_info"]?.object != nil || data["connects"]?.array?.isEmpty == false
    }
}
