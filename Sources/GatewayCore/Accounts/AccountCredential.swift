/// What is needed to speak to the site for one account. Lives in memory; at rest only its sealed form exists
/// (``StoredAccount``).
package struct AccountCredential: Hashable, Sendable {
    package let id: AccountID
    package let region: Region
    /// The `sessionid` cookie value, without region prefix and proxy (protocol page `regions.md` section 1). For a
    /// sandbox account it is the whole `sandbox-...` text.
    package let session: Secret
    /// `scheme://[user:password@]host:port` with scheme http, https, socks, socks4(a) or socks5(h); nil = direct.
    package let proxy: Secret?
    /// Whether the account lives in the built-in sandbox. Such an account never reaches a real host.
    package let isSandbox: Bool

    package init(id: AccountID, region: Region, session: Secret, proxy: Secret?, isSandbox: Bool) {
        self.id = id
        self.region = region
        self.session = session
        self.proxy = proxy
        self.isSandbox = isSandbox
    }
}
