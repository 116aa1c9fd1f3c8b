/// Where the end of a generation is announced, as its request named it (endpoints.md section 13.3).
///
/// A URL may hold a key, so it is treated like one. At rest the target exists only sealed (``Job/sealedWebhook``).
package struct WebhookTarget: Hashable, Sendable {
    /// http or https; whether it may be reached is decided when something is sent to it.
    package var url: Secret
    /// A text that ``WebhookSecret`` reads; nil = the installation's own.
    package var secret: Secret?
    /// `http://host:port` as the client saw this server; links of the announcement begin with it.
    package var origin: String

    /// None of the three may hold a line feed.
    package init(url: Secret, secret: Secret?, origin: String) {
        self.url = url
        self.secret = secret
        self.origin = origin
    }

    /// The form for the store: the three texts, separated by line feeds.
    /// Throws: what the vault throws.
    func sealed(with vault: any SecretVault) throws -> [UInt8] {
        try vault.seal(Secret([url.reveal(), secret?.reveal() ?? "", origin].joined(separator: "\n")))
    }

    /// Throws: what the vault throws, when the bytes are not its own.
    init(unsealing sealed: [UInt8], with vault: any SecretVault) throws {
        let parts = try vault.open(sealed).reveal().split(separator: "\n", omittingEmptySubsequences: false)
        url = Secret(parts.first.map(String.init) ?? "")
        let own = parts.count > 1 ? String(parts[1]) : ""
        secret = own.isEmpty ? nil : Secret(own)
        origin = parts.count > 2 ? String(parts[2]) : ""
    }
}
