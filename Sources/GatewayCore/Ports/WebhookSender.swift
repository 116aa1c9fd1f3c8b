/// Carries announcements to their receivers. Never through an account's proxy, never with cookies.
package protocol WebhookSender: Sendable {
    /// Posts once, after every check of endpoints.md section 4.3; redirects are not followed. Ends within ten seconds.
    /// Returns: the receiver's HTTP status; its body is not read.
    func send(_ message: WebhookMessage) async throws(WebhookFault) -> Int
}

/// One announcement, ready to be sent.
package struct WebhookMessage: Hashable, Sendable {
    package var url: Secret
    /// Names in lower case.
    package var headers: [String: String]
    /// JSON.
    package var body: [UInt8]

    package init(url: Secret, headers: [String: String], body: [UInt8]) {
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// Why an announcement got no answer. Safe to log.
package enum WebhookFault: String, Error, Hashable, Sendable {
    /// The URL is of a kind, or leads to an address, that nothing is ever sent to.
    case addressNotAllowed = "address_not_allowed"
    case unreachable
    case timeout
    /// This program is being stopped.
    case canceled
}
