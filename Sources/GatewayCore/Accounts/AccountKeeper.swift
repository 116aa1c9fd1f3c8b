package import Logging
import Synchronization

/// The accounts in use: credentials and health in memory, sealed and written to the store as they change. Everything
/// that the site tells about an account ends up here, from whoever hears it.
package final class AccountKeeper: Sendable {
    struct State {
        var records: [AccountID: AccountRecord] = [:]
        /// Accounts of the pool, by id.
        var pool: Set<AccountID> = []
        /// Accounts of the pool that can't be opened with this key; none of them is in `records`.
        var unreadable: Set<AccountID> = []
        var watchers: [@Sendable (AccountID) -> Void] = []
    }

    let store: any AccountStore
    let vault: any SecretVault
    let time: any TimeSource
    let logger: Logger
    /// Every balance that was read, whoever asked for it.
    package let balances: BalanceBook
    let state = Mutex(State())
    let chance: @Sendable () -> Double
    /// More accounts of clients' tokens than this are not kept in memory without need.
    private static let mostTokens = 20_000
    /// How often the store hears that an account is in use.
    private static let useInterval = Duration.seconds(3600)

    /// `chance`: numbers from 0 to 1, for the lengths of pauses and the parts of a large pool.
    package init(
        store: any AccountStore, vault: any SecretVault, time: any TimeSource, logger: Logger,
        balances: BalanceBook = BalanceBook(),
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.store = store
        self.vault = vault
        self.time = time
        self.logger = logger
        self.balances = balances
        self.chance = chance
    }

    /// Calls `watcher` after every change that may let an account take more or less work.
    func watch(_ watcher: @escaping @Sendable (AccountID) -> Void) {
        state.withLock { $0.watchers.append(watcher) }
    }

    func changed(_ id: AccountID) {
        for watcher in state.withLock({ $0.watchers }) { watcher(id) }
    }

    // MARK: - Taking accounts in

    /// Reads the accounts of the pool from the store. One that can't be opened serves nobody and is only counted, with a
    /// line in the log.
    package func load() async throws(StoreFault) {
        var cursor: AccountID?
        while true {
            let page = try await store.accounts(.pool, after: cursor, limit: 200)
            for account in page {
                take(account)
                changed(account.id)
            }
            guard let last = page.last else { return }
            cursor = last.id
        }
    }

    /// Makes sure that these accounts can be used, also after a restart, and that what was learnt about them earlier
    /// counts. Writes only what is new or was not written for an hour.
    func register(_ credentials: [AccountCredential]) async throws {
        let now = time.now
        let unsaved = state.withLock { state in
            credentials.filter { credential in
                guard let record = state.records[credential.id] else { return true }
                state.records[credential.id]?.touchedAt = now
                // The administrator's proxy counts, not one that a client's token names.
                if record.credential != credential, record.origin == .token { return true }
                // The store never forgets those of the pool; it only wants to hear of their use.
                if record.origin == .pool, record.lastUsedAt == nil { return false }
                return record.savedAt.map { now - $0 >= Self.useInterval } ?? true
            }
        }
        for credential in unsaved {
            let stored = try await store.upsert(StoredAccount(sealing: credential, with: vault, at: now))
            let current = stored.origin == .pool ? try stored.unsealed(with: vault) : credential
            state.withLock { state in
                if state.records[stored.id] == nil {
                    insert(AccountRecord(stored, credential: current, at: now), in: &state)
                } else {
                    state.records[stored.id]?.credential = current
                }
                state.records[stored.id]?.savedAt = now
            }
        }
    }

    /// Brings an account of a stored job back into memory, if it is still stored.
    func restore(_ id: AccountID) async throws(StoreFault) {
        guard self[id] == nil, let account = try await store.account(id) else { return }
        take(account)
    }

    /// The credential of an account in use or in the store; nil when it is forgotten or can't be opened.
    package func credential(of id: AccountID) async throws(StoreFault) -> AccountCredential? {
        try await restore(id)
        return self[id]?.credential
    }

    /// ``credential(of:)``, nil also when the store can't be read, which the log tells.
    func credentialIfReadable(of id: AccountID) async -> AccountCredential? {
        do {
            return try await credential(of: id)
        } catch {
            logger.warning("account not read", metadata: ["account.id": "\(id)", "error": "\(error)"])
            return nil
        }
    }

    /// Takes over what the store has. False when it can't be opened with this key.
    @discardableResult
    func take(_ account: StoredAccount) -> Bool {
        do {
            let credential = try account.unsealed(with: vault)
            let now = time.now
            state.withLock { state in
                if state.records[account.id] == nil {
                    insert(AccountRecord(account, credential: credential, at: now), in: &state)
                } else {
                    state.records[account.id]?.take(account, credential: credential)
                }
                if account.origin == .pool { state.pool.insert(account.id) }
                state.unreadable.remove(account.id)
            }
            return true
        } catch {
            if account.origin == .pool {
                state.withLock { state in
                    if state.records[account.id] == nil { state.unreadable.insert(account.id) }
                }
            }
            logger.error("account can't be opened with this key", metadata: ["account.id": "\(account.id)"])
            return false
        }
    }

    private func insert(_ record: AccountRecord, in state: inout State) {
        let id = record.credential.id
        if state.records.count - state.pool.count >= Self.mostTokens { Self.forget(&state, at: record.touchedAt) }
        state.records[id] = record
        if record.origin == .pool { state.pool.insert(id) }
    }

    /// Drops token accounts that nobody misses; they come back with the next request or from the store.
    private static func forget(_ state: inout State, at now: Timestamp) {
        state.records = state.records.filter { _, record in
            let patience: Duration = record.health.condition == .sessionDead ? .seconds(600) : .seconds(86_400)
            return record.origin == .pool || now - record.touchedAt < patience
        }
    }

    // MARK: - Reading

    subscript(id: AccountID) -> AccountRecord? {
        state.withLock { $0.records[id] }
    }

    /// Several accounts at one instant; those that are not in use are left out.
    func records(_ ids: [AccountID]) -> [AccountRecord] {
        state.withLock { state in ids.compactMap { state.records[$0] } }
    }

    var poolRecords: [AccountRecord] {
        state.withLock { state in state.pool.compactMap { state.records[$0] } }
    }

    // MARK: - What happens to them

    /// A submission goes to the account.
    func chosen(_ id: AccountID, at now: Timestamp) {
        state.withLock { state in
            state.records[id]?.lastUsedAt = now
            state.records[id]?.touchedAt = now
        }
    }

    /// Takes over what somebody learnt about the account: at once in memory, then in the store.
    package func note(_ event: AccountEvent, of id: AccountID) async {
        let now = time.now
        let health = state.withLock { state -> AccountHealth? in
            guard let record = state.records[id] else { return nil }
            var health = record.health
            health.take(
                event, balance: record.credits, region: record.credential.region, at: now, jitter: chance())
            guard health != record.health else { return nil }
            state.records[id]?.health = health
            return health
        }
        guard let health else { return }
        if health.condition != .healthy {
            logger.info(
                "account paused",
                metadata: [
                    "account.id": "\(id)", "account.condition": "\(health.condition.rawValue)",
                    "account.pause_ms": "\(health.until.map { ($0 - now).wholeMilliseconds } ?? 0)",
                ])
        }
        changed(id)
        do {
            try await store.saveHealth(health, of: id)
        } catch {
            logger.warning("health not stored", metadata: ["account.id": "\(id)", "error": "\(error)"])
        }
    }

    /// The balance was read.
    package func note(_ balance: CreditBalance, of id: AccountID) async {
        let reading = BalanceReading(balance, readAt: time.now)
        balances.record(reading.total, of: id, at: reading.readAt)
        let isKnown = state.withLock { state in
            guard state.records[id] != nil else { return false }
            state.records[id]?.balance = reading
            return true
        }
        guard isKnown else { return }
        await take(total: reading.total, of: id)
        do {
            try await store.saveBalance(reading, of: id)
        } catch {
            logger.warning("balance not stored", metadata: ["account.id": "\(id)", "error": "\(error)"])
        }
    }

    /// The sum of all credits was read, without its parts.
    func note(total credits: Int, of id: AccountID) async {
        balances.record(credits, of: id, at: time.now)
        await take(total: credits, of: id)
    }

    private func take(total credits: Int, of id: AccountID) async {
        let isMore = state.withLock { state in
            guard let record = state.records[id] else { return false }
            state.records[id]?.creditsRead = credits
            state.records[id]?.spentSinceReading = 0
            return record.credits.map { credits > $0 } ?? false
        }
        await note(.balance(credits), of: id)
        // It may serve what it was thought too poor for.
        if isMore { changed(id) }
    }

    /// An accepted submission costs so much.
    func spent(_ credits: Int, by id: AccountID) {
        state.withLock { $0.records[id]?.spentSinceReading += max(0, credits) }
    }

    func noteModel(_ model: String, isRefused: Bool, by id: AccountID) {
        let now = time.now
        state.withLock { state in
            if isRefused {
                state.records[id]?.refuseModel(model, at: now)
            } else if state.records[id]?.refuses(model, at: now) == true {
                state.records[id]?.allowModel(model)
            }
        }
    }

    /// Whether the day's credits may be claimed now; marks them as claimed.
    func takeDailyClaim(_ id: AccountID) -> Bool {
        let now = time.now
        return state.withLock { state in
            guard let record = state.records[id] else { return false }
            let day = record.credential.region.day(of: now)
            guard record.claimedDay != day else { return false }
            state.records[id]?.claimedDay = day
            return true
        }
    }

    // MARK: - Removing

    /// Takes an account out of use, or back into it.
    func setEnabled(_ isEnabled: Bool, _ id: AccountID) {
        state.withLock { $0.records[id]?.isEnabled = isEnabled }
        changed(id)
    }

    func forget(_ id: AccountID) {
        state.withLock { state in
            state.records[id] = nil
            state.pool.remove(id)
            state.unreadable.remove(id)
        }
    }
}
