/// An account as the store keeps it: nothing in it can be used without the vault's key.
package struct StoredAccount: Hashable, Sendable {
    package var id: AccountID
    package var region: Region
    package var isSandbox: Bool
    /// Session and proxy, sealed by ``SecretVault``; opaque to the store.
    package var sealedCredential: [UInt8]
    /// `abcd****wxyz`, or `****` for short sessions.
    package var preview: String
    package var createdAt: Timestamp
    package var lastUsedAt: Timestamp
    /// Why and until when no new submission goes to this account; nil = healthy.
    package var restriction: AccountRestriction?

    package init(
        id: AccountID, region: Region, isSandbox: Bool, sealedCredential: [UInt8], preview: String,
        createdAt: Timestamp, lastUsedAt: Timestamp, restriction: AccountRestriction? = nil
    ) {
        self.id = id
        self.region = region
        self.isSandbox = isSandbox
        self.sealedCredential = sealedCredential
        self.preview = preview
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.restriction = restriction
    }
}

/// A pause of submissions on one account (errors.md section 4, column "effect on the account").
package struct AccountRestriction: Hashable, Sendable, Codable {
    package enum Reason: String, Hashable, Sendable, Codable {
        case sessionExpired = "session_expired"
        case noCredits = "no_credits"
        case dailyLimit = "daily_limit"
        case riskControl = "risk_control"
        case blocked
        case busy
    }

    package var reason: Reason
    /// No submission before this instant; later submissions are tried again.
    package var until: Timestamp

    package init(reason: Reason, until: Timestamp) {
        self.reason = reason
        self.until = until
    }
}
