/// Where accounts and their leases live. Same laws as ``JobStore``: one transaction a call, time passed in.
package protocol AccountStore: Sendable {
    /// Adds the account or, when the id exists, refreshes credential, preview and `lastUsedAt` (restriction and
    /// `createdAt` stay).
    func upsert(_ account: StoredAccount) async throws(StoreFault)

    func account(_ id: AccountID) async throws(StoreFault) -> StoredAccount?

    /// All accounts, by id, after `cursor`, at most `limit`.
    func accounts(after cursor: AccountID?, limit: Int) async throws(StoreFault) -> [StoredAccount]

    func setRestriction(_ restriction: AccountRestriction?, of id: AccountID) async throws(StoreFault)

    /// Removes accounts last used before `instant` that no unfinished job names. Returns how many went.
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
