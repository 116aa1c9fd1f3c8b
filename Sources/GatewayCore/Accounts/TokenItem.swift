/// One item of the list that a client sends as its bearer token (endpoints.md section 2.2).
package enum TokenItem: Hashable, Sendable {
    /// A session of the site, or the sandbox playing one.
    case account(TokenAccount)
    /// One of the gateway's configured keys.
    case staticKey
    /// A key that the gateway gave out.
    case gatewayKey(GatewayKey)
}

/// An account named by a token.
package struct TokenAccount: Hashable, Sendable {
    package var region: Region
    /// Without region prefix and proxy; for the sandbox the whole `sandbox-...` text.
    package var session: Secret
    /// `scheme://[user:password@]host[:port]`; always nil for the sandbox.
    package var proxy: Secret?
    package var isSandbox: Bool

    package init(region: Region, session: Secret, proxy: Secret? = nil, isSandbox: Bool = false) {
        self.region = region
        self.session = session
        self.proxy = proxy
        self.isSandbox = isSandbox
    }

    /// The credential that the engine works with, under its stable label.
    package func credential(using vault: some SecretVault) -> AccountCredential {
        let hash = vault.fingerprint(["account", region.rawValue, session.reveal()])
        return AccountCredential(
            id: AccountID(rawValue: "acct_" + hash.prefix(12)), region: region, session: session, proxy: proxy,
            isSandbox: isSandbox)
    }
}

/// Which tokens this installation takes.
package struct TokenPolicy: Hashable, Sendable {
    /// Keys of the gateway itself, set in the configuration.
    package var staticKeys: [Secret]
    /// Whether clients may send sessions of the site.
    package var allowsSessions: Bool
    package var allowsSandbox: Bool

    package init(staticKeys: [Secret] = [], allowsSessions: Bool = true, allowsSandbox: Bool = true) {
        self.staticKeys = staticKeys
        self.allowsSessions = allowsSessions
        self.allowsSandbox = allowsSandbox
    }
}
