/// An account as the store keeps it: nothing in it can be used without the vault's key.
package struct StoredAccount: Hashable, Sendable {
    /// How the account came here.
    package enum Origin: String, Hashable, Sendable, Codable {
        /// Learnt from a client's bearer token; forgotten when it has been idle for long.
        case token
        /// Added by an administrator, for requests with a gateway key; never forgotten.
        case pool
    }

    package var id: AccountID
    package var region: Region
    package var isSandbox: Bool
    /// Session and proxy, sealed by ``SecretVault``; opaque to the store.
    package var sealedCredential: [UInt8]
    /// `****wxyz`, the session's last four characters; `****` for short sessions.
    package var preview: String
    package var createdAt: Timestamp
    package var lastUsedAt: Timestamp
    package var origin: Origin
    /// The administrator's own words about it; those of token accounts are empty.
    package var labels: AccountLabels
    /// Whether new generations may go there. Token accounts always are.
    package var isEnabled: Bool
    package var health: AccountHealth
    /// The newest balance that was read; nil = never.
    package var balance: BalanceReading?

    package init(
        id: AccountID, region: Region, isSandbox: Bool, sealedCredential: [UInt8], preview: String,
        createdAt: Timestamp, lastUsedAt: Timestamp, origin: Origin = .token, labels: AccountLabels = AccountLabels(),
        isEnabled: Bool = true, health: AccountHealth = AccountHealth(), balance: BalanceReading? = nil
    ) {
        self.id = id
        self.region = region
        self.isSandbox = isSandbox
        self.sealedCredential = sealedCredential
        self.preview = preview
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.origin = origin
        self.labels = labels
        self.isEnabled = isEnabled
        self.health = health
        self.balance = balance
    }
}

/// What an administrator calls an account.
package struct AccountLabels: Hashable, Sendable, Codable {
    /// At most ``longestLabel`` characters; may be empty.
    package var label: String
    /// Names of groups that gateway keys can be bound to: at most ``mostTags``, each 1 to ``longestTag`` characters.
    package var tags: [String]
    /// At most ``longestNote`` characters; may be empty.
    package var note: String

    package static let longestLabel = 64
    package static let mostTags = 16
    package static let longestTag = 32
    package static let longestNote = 500

    package init(label: String = "", tags: [String] = [], note: String = "") {
        self.label = label
        self.tags = tags
        self.note = note
    }
}

/// A balance and when it was read.
package struct BalanceReading: Hashable, Sendable, Codable {
    package var gift: Int
    package var purchase: Int
    package var vip: Int
    package var readAt: Timestamp

    package init(_ balance: CreditBalance, readAt: Timestamp) {
        gift = balance.gift
        purchase = balance.purchase
        vip = balance.vip
        self.readAt = readAt
    }

    package var balance: CreditBalance { CreditBalance(gift: gift, purchase: purchase, vip: vip) }
    package var total: Int { gift + purchase + vip }
}
