package import GatewayCore

extension MemoryStore: AccountStore {
    package func upsert(_ account: StoredAccount) async throws(StoreFault) -> StoredAccount {
        try access { state in
            var stored = state.accounts[account.id] ?? account
            if stored.origin == .token {
                stored.sealedCredential = account.sealedCredential
                stored.preview = account.preview
            }
            stored.lastUsedAt = account.lastUsedAt
            state.accounts[account.id] = stored
            return stored
        }
    }

    package func addToPool(_ account: StoredAccount) async throws(StoreFault) -> StoredAccount? {
        try access { state in
            var stored = state.accounts[account.id] ?? account
            if state.accounts[account.id]?.origin == .pool { return nil }
            stored.origin = account.origin
            stored.sealedCredential = account.sealedCredential
            stored.preview = account.preview
            stored.labels = account.labels
            stored.isEnabled = account.isEnabled
            state.accounts[account.id] = stored
            return stored
        }
    }

    package func edit(_ id: AccountID, _ changes: StoredAccountChanges) async throws(StoreFault) -> StoredAccount? {
        try access { state in
            guard var stored = state.accounts[id], stored.origin == .pool else { return nil }
            stored.labels = changes.labels ?? stored.labels
            stored.isEnabled = changes.isEnabled ?? stored.isEnabled
            stored.sealedCredential = changes.sealedCredential ?? stored.sealedCredential
            state.accounts[id] = stored
            return stored
        }
    }

    package func account(_ id: AccountID) async throws(StoreFault) -> StoredAccount? {
        try access { $0.accounts[id] }
    }

    package func accounts(
        _ origin: StoredAccount.Origin?, after cursor: AccountID?, limit: Int
    ) async throws(StoreFault) -> [StoredAccount] {
        try access { state in
            let accounts = state.accounts.values.filter { account in
                cursor.map { $0.rawValue < account.id.rawValue } ?? true && account.origin == origin ?? account.origin
            }
            return Array(accounts.sorted { $0.id.rawValue < $1.id.rawValue }.prefix(max(0, limit)))
        }
    }

    package func saveHealth(_ health: AccountHealth, of id: AccountID) async throws(StoreFault) {
        try access { state in
            guard let stored = state.accounts[id], stored.health.revision < health.revision else { return }
            state.accounts[id]?.health = health
        }
    }

    package func saveBalance(_ reading: BalanceReading, of id: AccountID) async throws(StoreFault) {
        try access { state in
            guard let stored = state.accounts[id] else { return }
            if let earlier = stored.balance, earlier.readAt > reading.readAt { return }
            state.accounts[id]?.balance = reading
        }
    }

    package func removeAccount(_ id: AccountID) async throws(StoreFault) -> Bool {
        try access { state throws(StoreFault) in
            let isBusy = state.jobs.values.contains { job in
                job.account == id && !job.state.isTerminal && job.state != .queued
            }
            guard !isBusy else { throw StoreFault(.conflict, detail: "the account has jobs under way") }
            state.leases[id] = nil
            state.uploads = state.uploads.filter { $0.key.account != id }
            return state.accounts.removeValue(forKey: id) != nil
        }
    }

    package func removeIdleAccounts(lastUsedBefore instant: Timestamp) async throws(StoreFault) -> Int {
        try access { state in
            var named: Set<AccountID> = []
            for job in state.jobs.values where !job.state.isTerminal {
                named.formUnion(job.candidates)
                if let account = job.account { named.insert(account) }
            }
            let idle = state.accounts.values.filter { account in
                account.origin == .token && account.lastUsedAt < instant && !named.contains(account.id)
            }
            for account in idle { state.accounts[account.id] = nil }
            return idle.count
        }
    }

    package func uploadedMaterial(
        sha256: String, of account: AccountID, now: Timestamp
    ) async throws(StoreFault) -> UploadedMaterial? {
        try access { state in
            state.uploads[MemoryStore.Upload(account: account, sum: sha256)].flatMap { $0.1 > now ? $0.0 : nil }
        }
    }

    package func saveUploaded(
        _ material: UploadedMaterial, sha256: String, of account: AccountID, now: Timestamp, until expiry: Timestamp
    ) async throws(StoreFault) {
        try access { state in
            state.uploads = state.uploads.filter { $0.key.account != account || $0.value.1 > now }
            state.uploads[MemoryStore.Upload(account: account, sum: sha256)] = (material, expiry)
        }
    }

    package func acquireLease(
        of account: AccountID, holder: String, now: Timestamp, until expiry: Timestamp
    ) async throws(StoreFault) -> LeaseToken? {
        try access { state in
            if let lease = state.leases[account] {
                if lease.holder == holder {
                    state.leases[account]?.expiry = expiry
                    return LeaseToken(account: account, number: lease.number)
                }
                if lease.expiry > now { return nil }
            }
            state.lastLease += 1
            state.leases[account] = Lease(holder: holder, number: state.lastLease, expiry: expiry)
            return LeaseToken(account: account, number: state.lastLease)
        }
    }

    package func renewLease(_ token: LeaseToken, until expiry: Timestamp) async throws(StoreFault) -> Bool {
        try access { state in
            guard state.leases[token.account]?.number == token.number else { return false }
            state.leases[token.account]?.expiry = expiry
            return true
        }
    }

    package func releaseLease(_ token: LeaseToken) async throws(StoreFault) {
        try access { state in
            if state.leases[token.account]?.number == token.number { state.leases[token.account] = nil }
        }
    }
}
