/// What a gateway key may do (console.md section 2.8).
package enum KeyScope: String, Hashable, Sendable, Codable, CaseIterable {
    case generate
    case readGenerations = "generations:read"
    case cancelGenerations = "generations:cancel"
    /// Ask for the state and the credits of the pool's accounts.
    case readAccounts = "accounts:read"
    /// Choose the account with `x-jimeng-account`.
    case pinAccounts = "accounts:pin"
    case metrics
    /// Administer keys and accounts, and see everybody's generations.
    case admin

    /// What a new key may do when nothing else is said.
    package static let usual: Set<KeyScope> = [.generate, .readGenerations, .cancelGenerations]

    /// Whether a key with these scopes may do this: an administrator may look at everything and stop it.
    package func isIn(_ scopes: Set<KeyScope>) -> Bool {
        if scopes.contains(self) { return true }
        switch self {
        case .readGenerations, .cancelGenerations, .readAccounts, .metrics: return scopes.contains(.admin)
        case .generate, .pinAccounts, .admin: return false
        }
    }

    /// Everything that a client of the API may need, and nothing that administers the gateway.
    package static let client: Set<KeyScope> = usual.union([.readAccounts, .pinAccounts])
}
