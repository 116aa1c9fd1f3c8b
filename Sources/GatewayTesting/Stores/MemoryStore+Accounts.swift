package import GatewayCore

extension MemoryStore: AccountStore {
    package func upsert(_ account: StoredAccount) async throws(StoreFault) {
        try access { state in
            guard var stored = state.accounts[account.id] else {
                state.accounts[account.id] = account
                return
            }
            stored.region = account.region
            stored.isSandbox = account.isSandbox
            stored.sealedCredential = account.sealedCredential
            stored.preview = account.preview
            stored.lastUsedAt = account.lastUsedAt
            state.accounts[account.id] = stored
        }
    }

    package func account(_ id: AccountID) async throws(StoreFault) -> StoredAccount? {
        try access { $0.accounts[id] }
    }

    package func accounts(
        after cursor: AccountID?, limit: Int
    ) async throws(StoreFault) -> [StoredAccount] {
        try access { state in
            let accounts = state.accounts.values.filter { account in
                cursor.map { $0.rawValue < account.id.rawValue } ?? true
            }
            return Array(accounts.sorted { $0.id.rawValue < $1.id.rawValue }.prefix(max(0, limit)))
        }
    }

    package func setRestriction(
        _ restriction: AccountRestriction?, of id: AccountID
    ) async throws(StoreFault) {
        try access { $0.accounts[id]?.restriction = restriction }
    }

    package func removeIdleAccounts(lastUsedBefore instant: Timestamp) async throws(StoreFault) -> Int {
        try access { state in
            var named: Set<AccountID> = []
            for job in state.jobs.values where !job.state.isTerminal {
                named.formUnion(job.candidates)
                if let account = job.account { named.insert(account) }
            }
            let idle = state.accounts.values.filter { $0.lastUsedAt < instant && !named.contains($0.id) }
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
