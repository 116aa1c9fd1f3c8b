import Logging

/// What administrators do with stored accounts, for the admin API and the command line. Every answer is free of secrets.
package final class AccountAdministration: Sendable {
    /// What a check found out.
    package struct Check: Hashable, Sendable {
        package var account: AccountDescription
        /// Whether the session works; nil when the site could not be asked.
        package var isAlive: Bool?
        /// Why the site could not be asked, or did not tell the balance.
        package var fault: GenerationFault?
    }

    package struct Claim: Hashable, Sendable {
        package var account: AccountDescription
        /// False when there was nothing to claim or the site refused.
        package var isReceived: Bool
        package var fault: GenerationFault?
    }

    /// What came of an import.
    package struct ImportReport: Hashable, Sendable {
        /// A place in the text that holds no usable token.
        package struct Rejection: Hashable, Sendable {
            /// The line's number or the cookie's, from 1.
            package var number: Int
            package var problem: AccountProblem
        }

        package var added: [AccountDescription] = []
        /// Accounts that the pool had already.
        package var known: [AccountID] = []
        package var rejected: [Rejection] = []
    }

    private let keeper: AccountKeeper
    private let desk: AccountDesk
    private let policy: TokenPolicy
    private let running: @Sendable (AccountID) -> Int

    /// `policy`: which tokens can be added; whether clients may send sessions does not matter here.
    /// `running`: how many generations an account has at the site or on their way there.
    package init(
        keeper: AccountKeeper, desk: AccountDesk, policy: TokenPolicy,
        running: @escaping @Sendable (AccountID) -> Int
    ) {
        self.keeper = keeper
        self.desk = desk
        var policy = policy
        policy.allowsSessions = true
        self.policy = policy
        self.running = running
    }

    // MARK: - Reading

    /// Accounts by id, after `cursor`, as many as there are up to `limit` (1 to 200); those that can't be opened with
    /// this key are among them. `origin`: nil = those that clients' tokens brought here too.
    /// - Throws: ``AccountProblem/storeUnavailable``.
    package func accounts(
        _ origin: StoredAccount.Origin? = .pool, after cursor: AccountID? = nil, limit: Int = 200
    ) async throws(AccountProblem) -> [AccountDescription] {
        let stored = try await asking { [keeper] () async throws(StoreFault) in
            try await keeper.store.accounts(origin, after: cursor, limit: min(max(1, limit), 200))
        }
        return stored.map(describe)
    }

    /// - Throws: ``AccountProblem`` `notFound`, `storeUnavailable`.
    package func account(_ id: AccountID) async throws(AccountProblem) -> AccountDescription {
        if let record = keeper[id] { return describe(record) }
        guard let stored = try await stored(id) else { throw .notFound(id) }
        return describe(stored)
    }

    // MARK: - Changing

    /// Adds an account to the pool: one token in the form that clients send (endpoints.md section 2.2). Does not ask the
    /// site; ``check(_:)`` does.
    /// - Throws: ``AccountProblem`` `invalidToken`, `invalidField`, `alreadyThere`, `storeUnavailable`.
    package func add(
        token: Secret, labels: AccountLabels = AccountLabels(), isEnabled: Bool = true
    ) async throws(AccountProblem) -> AccountDescription {
        let labels = try labels.checked()
        let credential = try credential(of: token)
        var account = try stored(credential)
        account.origin = .pool
        account.labels = labels
        account.isEnabled = isEnabled
        let stored = try await asking { [keeper, account] () async throws(StoreFault) in
            try await keeper.store.addToPool(account)
        }
        guard let stored else { throw .alreadyThere(credential.id) }
        keeper.take(stored)
        keeper.changed(stored.id)
        return describe(try await record(of: stored.id))
    }

    /// Adds every account of a text (``AccountImport``) with the same labels. What can't be used is reported, not fatal.
    /// `region`: of Dreamina cookies whose export does not tell the country.
    /// - Throws: ``AccountProblem`` `unreadableImport`, `invalidField`, `storeUnavailable`; then some of the accounts may
    ///   have been added.
    package func importAccounts(
        _ text: Secret, labels: AccountLabels = AccountLabels(), region: Region = .us
    ) async throws(AccountProblem) -> ImportReport {
        let labels = try labels.checked()
        var report = ImportReport()
        for item in try AccountImport.items(in: text.reveal(), region: region) {
            do throws(AccountProblem) {
                report.added.append(try await add(token: item.token, labels: labels))
            } catch {
                switch error {
                case .alreadyThere(let id): report.known.append(id)
                case .storeUnavailable: throw error
                default: report.rejected.append(.init(number: item.number, problem: error))
                }
            }
        }
        return report
    }

    /// - Throws: ``AccountProblem`` `notFound`, `unreadable`, `invalidField`, `storeUnavailable`.
    package func edit(_ id: AccountID, _ edit: AccountEdit) async throws(AccountProblem) -> AccountDescription {
        let record = try await record(of: id)
        guard record.origin == .pool else { throw .notFound(id) }
        var labels = record.labels
        labels.label = edit.label ?? labels.label
        labels.tags = edit.tags ?? labels.tags
        labels.note = edit.note ?? labels.note
        var changes = StoredAccountChanges(labels: try labels.checked(), isEnabled: edit.isEnabled)
        if let change = edit.proxy { changes.sealedCredential = try sealed(record.credential, change) }
        let stored = try await asking { [keeper, changes] () async throws(StoreFault) in
            try await keeper.store.edit(id, changes)
        }
        guard let stored else { throw .notFound(id) }
        keeper.take(stored)
        keeper.changed(id)
        return describe(try await self.record(of: id))
    }

    /// Ends whatever pause the account has, risk control too: the next generation tries it.
    /// - Throws: ``AccountProblem`` `notFound`, `unreadable`, `storeUnavailable`.
    package func clearPause(_ id: AccountID) async throws(AccountProblem) -> AccountDescription {
        _ = try await record(of: id)
        await keeper.note(.cleared, of: id)
        return describe(try await record(of: id))
    }

    /// Removes an account from the store. Its waiting generations go to other accounts or fail; its finished ones stay.
    /// - Throws: ``AccountProblem`` `busy` while the site has or may have a generation of it, `notFound`,
    ///   `storeUnavailable`; nothing is removed then.
    package func remove(_ id: AccountID) async throws(AccountProblem) {
        let account = try await account(id)
        let count = running(id)
        guard count == 0 else { throw .busy(id, running: count) }
        // Nothing new goes there while the store decides.
        keeper.setEnabled(false, id)
        do throws(StoreFault) {
            _ = try await keeper.store.removeAccount(id)
        } catch {
            keeper.setEnabled(account.isEnabled, id)
            if error.kind == .conflict { throw .busy(id, running: max(1, running(id))) }
            keeper.logger.error("account not removed", metadata: ["account.id": "\(id)", "error": "\(error)"])
            throw .storeUnavailable
        }
        keeper.forget(id)
        keeper.changed(id)
    }

    // MARK: - Asking the site

    /// Asks the site whether the session works and for the balance, now.
    /// - Throws: ``AccountProblem`` `notFound`, `unreadable`, `storeUnavailable`; `CancellationError`.
    package func check(_ id: AccountID) async throws -> Check {
        let credential = try await record(of: id).credential
        var isAlive: Bool?
        var fault: GenerationFault?
        do {
            isAlive = try await desk.isAlive(credential, isFresh: true)
            if isAlive == true { _ = try await desk.balance(of: credential, isFresh: true) }
        } catch let error as GenerationFault {
            fault = error
        }
        return Check(account: try await account(id), isAlive: isAlive, fault: fault)
    }

    /// Claims the day's free credits and reads the balance.
    /// - Throws: ``AccountProblem`` `notFound`, `unreadable`, `storeUnavailable`; `CancellationError`.
    package func claim(_ id: AccountID) async throws -> Claim {
        let credential = try await record(of: id).credential
        do {
            let claim = try await desk.claim(for: credential, onlyIfEmpty: false)
            return Claim(account: try await account(id), isReceived: claim.received > 0, fault: claim.refusal)
        } catch let fault as GenerationFault {
            return Claim(account: try await account(id), isReceived: false, fault: fault)
        }
    }

    // MARK: - Parts

    private func credential(of token: Secret) throws(AccountProblem) -> AccountCredential {
        let list: TokenList
        do throws(RequestProblem) {
            list = try TokenList(parsing: token.reveal(), policy: policy)
        } catch {
            throw .invalidToken(error)
        }
        guard list.items.count == 1, let account = list.accounts.first else {
            throw .invalidToken(RequestProblem(.invalidAPIKey))
        }
        return account.credential(using: keeper.vault)
    }

    private func stored(_ credential: AccountCredential) throws(AccountProblem) -> StoredAccount {
        do {
            return try StoredAccount(sealing: credential, with: keeper.vault, at: keeper.time.now)
        } catch {
            keeper.logger.error("account not sealed", metadata: ["account.id": "\(credential.id)"])
            throw .storeUnavailable
        }
    }

    private func sealed(
        _ credential: AccountCredential, _ change: AccountEdit.ProxyChange
    ) throws(AccountProblem) -> [UInt8] {
        var proxy: Secret?
        if case .to(let secret) = change {
            guard TokenProxy.isValid(secret.reveal()[...]), secret.reveal().utf8.count <= 1024 else {
                throw .invalidField("proxy", rule: "must be scheme://[user[:password]@]host[:port]")
            }
            proxy = secret
        }
        return try stored(
            AccountCredential(
                id: credential.id, region: credential.region, session: credential.session,
                proxy: credential.isSandbox ? nil : proxy, isSandbox: credential.isSandbox)
        ).sealedCredential
    }

    private func record(of id: AccountID) async throws(AccountProblem) -> AccountRecord {
        try await asking { [keeper] () async throws(StoreFault) in try await keeper.restore(id) }
        if let record = keeper[id] { return record }
        throw try await stored(id) == nil ? .notFound(id) : .unreadable(id)
    }

    private func stored(_ id: AccountID) async throws(AccountProblem) -> StoredAccount? {
        try await asking { [keeper] () async throws(StoreFault) in try await keeper.store.account(id) }
    }

    private func describe(_ record: AccountRecord) -> AccountDescription {
        AccountDescription(record, running: running(record.credential.id), at: keeper.time.now)
    }

    /// What memory has is newer than the store's.
    private func describe(_ stored: StoredAccount) -> AccountDescription {
        if let record = keeper[stored.id] { return describe(record) }
        do {
            let credential = try stored.unsealed(with: keeper.vault)
            return describe(AccountRecord(stored, credential: credential, at: keeper.time.now))
        } catch {
            keeper.logger.error("account can't be opened with this key", metadata: ["account.id": "\(stored.id)"])
            return AccountDescription(unreadable: stored, running: running(stored.id))
        }
    }

    private func asking<Output: Sendable>(
        _ call: @Sendable () async throws(StoreFault) -> Output
    ) async throws(AccountProblem) -> Output {
        do throws(StoreFault) {
            return try await call()
        } catch {
            keeper.logger.error("accounts not read or written", metadata: ["error": "\(error)"])
            throw .storeUnavailable
        }
    }
}
