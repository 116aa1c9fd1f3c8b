/// Where accounts and their leases live. Same laws as ``JobStore``: one transaction a call, time passed in.
package protocol AccountStore: Sendable {
    /// Adds the account or, when the id exists, refreshes `lastUsedAt`, and for a token account credential and preview
    /// too. What an administrator has set, health, balance and `createdAt` stay.
    /// - Returns: the account as it is stored now.
    @discardableResult
    func upsert(_ account: StoredAccount) async throws(StoreFault) -> StoredAccount

    /// Adds an account of the pool, or makes one that a client's token brought here part of it: credential, preview,
    /// labels and `isEnabled` are then the given ones, the rest stays.
    /// - Returns: the account as it is stored now; nil when the pool has it already, and nothing is written.
    func addToPool(_ account: StoredAccount) async throws(StoreFault) -> StoredAccount?

    /// Changes an account of the pool.
    /// - Returns: the account as it is stored now; nil when the pool has no such account.
    func edit(_ id: AccountID, _ changes: StoredAccountChanges) async throws(StoreFault) -> StoredAccount?

    func account(_ id: AccountID) async throws(StoreFault) -> StoredAccount?

    /// Accounts of one origin (nil = of every), by id, after `cursor`, at most `limit`.
    func accounts(
        _ origin: StoredAccount.Origin?, after cursor: AccountID?, limit: Int
    ) async throws(StoreFault) -> [StoredAccount]

    /// Writes the health if its revision is greater than the stored one. A missing account is ignored.
    func saveHealth(_ health: AccountHealth, of id: AccountID) async throws(StoreFault)

    /// Writes the reading if it is not older than the stored one. A missing account is ignored.
    func saveBalance(_ reading: BalanceReading, of id: AccountID) async throws(StoreFault)

    /// Removes an account with its uploads and its lease, so that whoever still works for it can write nothing more.
    /// - Returns: whether there was one.
    /// - Throws: ``StoreFault`` of kind `conflict` while the site has or may have a job of it, or inputs of one are on
    ///   their way; nothing is removed then.
    func removeAccount(_ id: AccountID) async throws(StoreFault) -> Bool

    /// Removes token accounts last used before `instant` that no unfinished job names. Returns how many went.
    func removeIdleAccounts(lastUsedBefore instant: Timestamp) async throws(StoreFault) -> Int

    /// Where equal bytes were uploaded to for this account; nil when never or when that has expired at `now`.
    func uploadedMaterial(
        sha256: String, of account: AccountID, now: Timestamp
    ) async throws(StoreFault) -> UploadedMaterial?

    /// Remembers an upload until `expiry`, in place of an earlier one of the same bytes. Expired ones of the account
    /// are removed along the way.
    func saveUploaded(
        _ material: UploadedMaterial, sha256: String, of account: AccountID, now: Timestamp, until expiry: Timestamp
    ) async throws(StoreFault)

    /// Takes the lease of an account: the exclusive right to submit and poll for it. Succeeds when it is free, expired
    /// at `now`, or already held by `holder` (then it is extended and the token stays the same).
    /// Returns: nil when somebody else holds it.
    func acquireLease(
        of account: AccountID, holder: String, now: Timestamp, until expiry: Timestamp
    ) async throws(StoreFault) -> LeaseToken?

    /// Extends a held lease. Returns false when it was lost; the caller must then stop all work for the account.
    func renewLease(_ token: LeaseToken, until expiry: Timestamp) async throws(StoreFault) -> Bool

    /// Gives the lease back. A lost lease is ignored.
    func releaseLease(_ token: LeaseToken) async throws(StoreFault)
}

/// What to change about a stored account; nil = as it is.
package struct StoredAccountChanges: Hashable, Sendable {
    package var labels: AccountLabels?
    package var isEnabled: Bool?
    package var sealedCredential: [UInt8]?

    package init(labels: AccountLabels? = nil, isEnabled: Bool? = nil, sealedCredential: [UInt8]? = nil) {
        self.labels = labels
        self.isEnabled = isEnabled
        self.sealedCredential = sealedCredential
    }
}

/// Proof of a held account lease. `number` grows with every change of holder, so that a write under a lost lease is
/// recognised.
package struct LeaseToken: Hashable, Sendable {
    package let account: AccountID
    package let number: Int64

    package init(account: AccountID, number: Int64) {
        self.account = account
        self.number = number
    }
}
