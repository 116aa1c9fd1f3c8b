package import Logging
import ServiceLifecycle
import Synchronization

/// All gateway keys, in memory, so that no request waits for the store. Changes go to the store first and count from
/// then on; uses are written behind, at most once a minute for a key.
///
/// One process has one ring. Another process that shares the store hears of changes when it starts.
package final class KeyRing: Service {
    struct State {
        var keys: [KeyID: GatewayKey] = [:]
        /// By the hash of a secret that may count, predecessors included.
        var owners: [String: KeyID] = [:]
        var unwrittenUses: [KeyID: Timestamp] = [:]
    }

    let store: any KeyStore
    let vault: any SecretVault
    let time: any TimeSource
    private let logger: Logger
    private let state = Mutex(State())
    /// Changes one after another: each reads the key, decides and writes.
    let turns = TurnQueue(limit: 1)
    private let useSignal = WakeSignal()

    /// More keys than this are refused.
    package static let mostKeys = 10_000
    /// A use within this time of the last one that counted is not written.
    private static let useInterval = Duration.seconds(60)
    /// Uses that come together are written together.
    private static let writeInterval = Duration.seconds(10)

    package init(store: any KeyStore, vault: any SecretVault, time: any TimeSource, logger: Logger) {
        self.store = store
        self.vault = vault
        self.time = time
        self.logger = logger
    }

    /// Reads all keys. Until then none is known.
    /// Throws: ``StoreFault``.
    package func load() async throws {
        let keys = try await store.keys()
        state.withLock { state in
            state.keys = [:]
            state.owners = [:]
            for key in keys { state.put(key) }
        }
    }

    /// Writes uses until the graceful shutdown or cancellation, and what is left then.
    package func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.useSignal.wait()
                await self.writeUses()
                try? await self.time.sleep(until: self.time.now + Self.writeInterval)  // Cancelled: the loop ends.
            }
        }
        await writeUses()
    }

    private func writeUses() async {
        let uses = state.withLock { state in
            defer { state.unwrittenUses = [:] }
            return state.unwrittenUses
        }
        guard !uses.isEmpty else { return }
        do {
            try await store.saveKeyUses(uses)
        } catch {
            // The next use of the key says as much.
            logger.warning("uses of keys not stored", metadata: ["error": "\(error)"])
        }
    }

    // MARK: Looking up

    /// The key that this text is the secret of, which counts as used; nil when there is none.
    /// Throws: `api_key_disabled`, `api_key_expired`.
    package func key(for text: String) throws(RequestProblem) -> GatewayKey? {
        guard let secret = KeySecret(text) else { return nil }
        let digest = secret.digest(using: vault)
        let now = time.now
        let (key, isNews) = state.withLock { state -> (GatewayKey?, Bool) in
            guard let id = state.owners[digest], let key = state.keys[id] else { return (nil, false) }
            if let predecessor = key.predecessor, predecessor.digest == digest, predecessor.until <= now {
                return (nil, false)
            }
            guard key.status(at: now) == .active else { return (key, false) }
            if let last = key.lastUsedAt, now - last < Self.useInterval, last <= now { return (key, false) }
            state.keys[id]?.lastUsedAt = now
            state.unwrittenUses[id] = now
            return (key, true)
        }
        if isNews { useSignal.notify() }
        guard let key else { return nil }
        switch key.status(at: now) {
        case .active: return key
        case .disabled: throw RequestProblem(.apiKeyDisabled)
        case .expired: throw RequestProblem(.apiKeyExpired)
        }
    }

    /// Oldest first.
    package var all: [GatewayKey] {
        state.withLock { Array($0.keys.values) }
            .sorted { ($0.createdAt, $0.id.rawValue) < ($1.createdAt, $1.id.rawValue) }
    }

    package subscript(id: KeyID) -> GatewayKey? {
        state.withLock { $0.keys[id] }
    }

    var count: Int { state.withLock { $0.keys.count } }

    // MARK: Taking over what is stored

    func put(_ key: GatewayKey) {
        state.withLock { state in
            var key = key
            // A use may have come while the change was written.
            if let used = state.keys[key.id]?.lastUsedAt { key.lastUsedAt = max(used, key.lastUsedAt ?? used) }
            state.put(key)
        }
    }

    func drop(_ id: KeyID) {
        state.withLock { $0.remove(id) }
    }
}

extension KeyRing.State {
    fileprivate mutating func put(_ key: GatewayKey) {
        remove(key.id)
        keys[key.id] = key
        owners[key.digest] = key.id
        if let predecessor = key.predecessor { owners[predecessor.digest] = key.id }
    }

    fileprivate mutating func remove(_ id: KeyID) {
        guard let old = keys.removeValue(forKey: id) else { return }
        owners[old.digest] = nil
        if let predecessor = old.predecessor { owners[predecessor.digest] = nil }
    }
}
