import HTTPTypes

/// Lets browsers call from other origins (endpoints.md section 1).
struct CrossOrigin: Sendable {
    /// Empty = any.
    let origins: Set<String>

    private static let anyOrigin = HTTPField(name: .accessControlAllowOrigin, value: "*")
    private static let exposed =
        "x-request-id, retry-after, retry-after-ms, x-should-retry, x-ratelimit-limit-requests, "
        + "x-ratelimit-remaining-requests, x-ratelimit-reset-requests, x-ratelimit-limit-credits, "
        + "x-ratelimit-remaining-credits, x-ratelimit-reset-credits, x-generation-id, x-jimeng-model, x-jimeng-notice, "
        + "location, openai-poll-after-ms, openai-processing-ms"
    private static let allowed =
        "authorization, content-type, idempotency-key, prefer, x-request-id, x-api-key, x-jimeng-region, "
        + "x-jimeng-account, openai-organization, openai-project, openai-beta"

    init(origins: [String]) {
        self.origins = Set(origins)
    }

    /// For every answer.
    func add(to headers: inout HTTPFields, for request: HTTPFields) {
        if origins.isEmpty {
            headers.append(Self.anyOrigin)
        } else {
            headers.append(HTTPField(name: .vary, value: "origin"))
            guard let origin = request[.origin], origins.contains(origin) else { return }
            headers.append(HTTPField(name: .accessControlAllowOrigin, value: origin))
        }
        // Only browsers read it, and they send an origin.
        if request.contains(.origin) {
            headers.append(HTTPField(name: .accessControlExposeHeaders, value: Self.exposed))
        }
    }

    /// For `OPTIONS`. Of the fields asked for, those of OpenAI's libraries are allowed as well.
    func addPreflight(to headers: inout HTTPFields, for request: HTTPFields) {
        headers[.accessControlAllowMethods] = "GET, HEAD, POST, DELETE, OPTIONS"
        headers[.accessControlMaxAge] = "86400"
        let asked = (request[.accessControlRequestHeaders] ?? "").split(separator: ",").prefix(64)
            .map { String($0).lowercased().filter { $0 != " " } }
            .filter { name in
                name.hasPrefix("x-stainless-") && name.utf8.count <= 64
                    && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
            }
        headers[.accessControlAllowHeaders] = ([Self.allowed] + asked).joined(separator: ", ")
    }
}
