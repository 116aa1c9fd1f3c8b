/// A key that this gateway gave out. Its secret was shown once and exists here only as a hash.
package struct GatewayKey: Hashable, Sendable {
    /// The secret before the last rotation, which still counts for a while.
    package struct Predecessor: Hashable, Sendable {
        package var digest: String
        package var until: Timestamp

        package init(digest: String, until: Timestamp) {
            self.digest = digest
            self.until = until
        }
    }

    package enum Status: String, Hashable, Sendable {
        case active, disabled, expired
    }

    package let id: KeyID
    /// For people; 1 to 64 characters, not unique.
    package var name: String
    /// Tells keys apart without telling the secret: `sk-jm-…wxyz`.
    package var preview: String
    /// SHA-256 of the secret, lower-case hexadecimal.
    package var digest: String
    package var predecessor: Predecessor?
    package var isEnabled: Bool
    package var expiresAt: Timestamp?
    package var rules: KeyRules
    package let createdAt: Timestamp
    /// To the minute; nil = never.
    package var lastUsedAt: Timestamp?
    /// Counts the changes, uses not among them; a write must name the revision it read.
    package var revision: Int

    package init(
        id: KeyID, name: String, preview: String, digest: String, predecessor: Predecessor? = nil,
        isEnabled: Bool = true, expiresAt: Timestamp? = nil, rules: KeyRules = KeyRules(), createdAt: Timestamp,
        lastUsedAt: Timestamp? = nil, revision: Int = 0
    ) {
        self.id = id
        self.name = name
        self.preview = preview
        self.digest = digest
        self.predecessor = predecessor
        self.isEnabled = isEnabled
        self.expiresAt = expiresAt
        self.rules = rules
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.revision = revision
    }

    /// A disabled key stays disabled however old it is.
    package func status(at now: Timestamp) -> Status {
        if !isEnabled { return .disabled }
        if let expiresAt, expiresAt <= now { return .expired }
        return .active
    }
}
