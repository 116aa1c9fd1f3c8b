package import GatewayCore

/// By which proxy accounts reach the site whose token names none (endpoints.md section 2.3).
package struct NetworkPaths: Sendable, Hashable {
    /// One proxy for all accounts of a region.
    package var proxies: [Region: Secret] = [:]
    /// The proxy of the process's environment, when the operator wants it used.
    package var environment: Secret?

    package init() {}

    /// Whether a proxy's text can be read and its login fits its protocol. Nothing is resolved or contacted.
    package static func isUsable(_ proxy: Secret) -> Bool {
        ProxyAddress(proxy) != nil
    }

    /// The proxy of an account; nil = the direct way. The sandbox is on this machine and needs none.
    func proxy(of account: AccountCredential) -> Secret? {
        guard !account.isSandbox else { return nil }
        return account.proxy ?? proxies[account.region] ?? environment
    }
}
