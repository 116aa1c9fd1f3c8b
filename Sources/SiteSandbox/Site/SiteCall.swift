/// A request as the sandbox reads it: the parts of HTTP that the site looks at, still unjudged.
struct SiteCall: Sendable {
    var endpoint: SandboxEndpoint
    /// The path as sent.
    var path: String
    var query: [String: String] = [:]
    /// Names in lower case.
    var headers: [String: String] = [:]
    /// `host:port` the client used, for links back to here.
    var authority: String
    var body: [UInt8] = []

    /// The value of one cookie.
    func cookie(_ name: String) -> String? {
        for pair in (headers["cookie"] ?? "").split(separator: ";") {
            let pair = pair.drop { $0 == " " }
            guard let equals = pair.firstIndex(of: "="), pair[..<equals] == name else { continue }
            return String(pair[pair.index(after: equals)...])
        }
        return nil
    }
}
