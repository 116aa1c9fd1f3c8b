package import GatewayCore

extension MemoryStore: KeyStore {
    package func insertKey(_ key: GatewayKey) async throws(StoreFault) {
        try access { state throws(StoreFault) in
            guard state.keys[key.id] == nil, !state.isTaken(key) else {
                throw StoreFault(.conflict, detail: "the key's id or secret is taken")
            }
            state.keys[key.id] = key
        }
    }

    package func keys() async throws(StoreFault) -> [GatewayKey] {
        try access { state in
            state.keys.values.sorted { ($0.createdAt, $0.id.rawValue) < ($1.createdAt, $1.id.rawValue) }
        }
    }

    package func updateKey(_ key: GatewayKey) async throws(StoreFault) -> GatewayKey {
        try access { state throws(StoreFault) in
            guard let stored = state.keys[key.id], stored.revision == key.revision, !state.isTaken(key) else {
                throw StoreFault(.conflict, detail: "the key is gone, has changed, or its secret is taken")
            }
            let changed = GatewayKey(
                id: key.id, name: key.name, preview: key.preview, digest: key.digest, predecessor: key.predecessor,
                isEnabled: key.isEnabled, expiresAt: key.expiresAt, rules: key.rules, createdAt: stored.createdAt,
                lastUsedAt: stored.lastUsedAt, revision: key.revision + 1)
            state.keys[key.id] = changed
            return changed
        }
    }

    package func removeKey(_ id: KeyID) async throws(StoreFault) -> Bool {
        try access { $0.keys.removeValue(forKey: id) != nil }
    }

    package func saveKeyUses(_ uses: [KeyID: Timestamp]) async throws(StoreFault) {
        try access { state in
            for (id, instant) in uses {
                guard let last = state.keys[id].map({ $0.lastUsedAt ?? instant }) else { continue }
                state.keys[id]?.lastUsedAt = max(last, instant)
            }
        }
    }
}

extension MemoryStore.State {
    /// Whether another key has one of its secrets.
    fileprivate func isTaken(_ key: GatewayKey) -> Bool {
        let digests = [key.digest] + (key.predecessor.map { [$0.digest] } ?? [])
        return keys.values.contains { other in
            other.id != key.id
                && digests.contains { $0 == other.digest || $0 == other.predecessor?.digest }
        }
    }
}
