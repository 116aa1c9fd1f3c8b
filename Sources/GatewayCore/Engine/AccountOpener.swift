import Logging

/// Finds the credential of an account: in memory, else sealed in the store, as after a restart.
struct AccountOpener: Sendable {
    let directory: AccountDirectory
    let accounts: any AccountStore
    let vault: any SecretVault
    let logger: Logger

    /// Brings an account of the store back to memory; one that is there already stays as it is.
    /// Throws: ``StoreFault`` when the store can't be read.
    func restore(_ id: AccountID) async throws(StoreFault) {
        guard directory[id] == nil, let account = try await accounts.account(id) else { return }
        do {
            directory.restore(try account.unsealed(with: vault), restriction: account.restriction)
        } catch {
            logger.error("account can't be opened with this key", metadata: ["account.id": "\(id)"])
        }
    }

    /// Nil when the account is unknown, can't be opened, or the store can't be read.
    func credential(of id: AccountID) async -> AccountCredential? {
        do {
            try await restore(id)
        } catch {
            logger.warning("account not read", metadata: ["account.id": "\(id)", "error": "\(error)"])
        }
        return directory[id]?.credential
    }
}
