/// A new key and its secret, which is shown now and never again.
package struct IssuedKey: Sendable {
    package var key: GatewayKey
    package var secret: KeySecret
}

/// What is decided about a new key.
package struct KeyDraft: Sendable {
    package var name: String
    package var isEnabled = true
    package var expiresAt: Timestamp?
    package var rules = KeyRules()

    package init(name: String) {
        self.name = name
    }
}

extension KeyRing {
    package static let longestName = 64
    /// The longest time for which a rotated secret counts beside its successor.
    package static let longestOverlap = Duration.seconds(30 * 86_400)

    /// Makes a key. It counts once this returns.
    /// Throws: ``RequestProblem`` for what is out of bounds, ``StoreFault``, `CancellationError`.
    package func create(_ draft: KeyDraft) async throws -> IssuedKey {
        try Self.check(draft.name)
        try draft.rules.check()
        return try await turns.run { [self] in
            guard count < Self.mostKeys else {
                throw RequestProblem.outOfRange("keys", 0...Self.mostKeys, got: count + 1)
            }
            var generator = SystemRandomNumberGenerator()
            let secret = KeySecret.random(using: &generator)
            let key = GatewayKey(
                id: .random(using: &generator), name: draft.name, preview: secret.preview,
                digest: secret.digest(using: vault), isEnabled: draft.isEnabled, expiresAt: draft.expiresAt,
                rules: draft.rules, createdAt: time.now)
            try await store.insertKey(key)
            put(key)
            return IssuedKey(key: key, secret: secret)
        }
    }

    /// Changes name, state, expiry and rules. The change counts once this returns.
    /// Throws: `key_not_found`; what `edit` throws; as ``create(_:)``.
    package func change(
        _ id: KeyID, _ edit: @Sendable (inout KeyDraft) throws -> Void
    ) async throws -> GatewayKey {
        try await turns.run { [self] in
            var key = try found(id)
            var draft = KeyDraft(name: key.name)
            draft.isEnabled = key.isEnabled
            draft.expiresAt = key.expiresAt
            draft.rules = key.rules
            try edit(&draft)
            try Self.check(draft.name)
            try draft.rules.check()
            key.name = draft.name
            key.isEnabled = draft.isEnabled
            key.expiresAt = draft.expiresAt
            key.rules = draft.rules
            let changed = try await store.updateKey(key)
            put(changed)
            return changed
        }
    }

    /// Gives the key a new secret. The old one counts for `overlap` more, a still older one no longer.
    /// Throws: `key_not_found`, `value_out_of_range`; as ``create(_:)``.
    package func rotate(_ id: KeyID, overlap: Duration) async throws -> IssuedKey {
        guard overlap >= .zero, overlap <= Self.longestOverlap else {
            throw RequestProblem.outOfRange(
                "overlap_seconds", 0...Int(Self.longestOverlap.wholeMilliseconds / 1000),
                got: overlap.wholeMilliseconds / 1000)
        }
        return try await turns.run { [self] in
            var key = try found(id)
            var generator = SystemRandomNumberGenerator()
            let secret = KeySecret.random(using: &generator)
            key.predecessor =
                overlap > .zero ? GatewayKey.Predecessor(digest: key.digest, until: time.now + overlap) : nil
            key.digest = secret.digest(using: vault)
            key.preview = secret.preview
            let changed = try await store.updateKey(key)
            put(changed)
            return IssuedKey(key: changed, secret: secret)
        }
    }

    /// Takes a key back for ever. What it made stays.
    /// Throws: `key_not_found`, ``StoreFault``, `CancellationError`.
    package func remove(_ id: KeyID) async throws {
        try await turns.run { [self] in
            _ = try found(id)
            _ = try await store.removeKey(id)
            drop(id)
        }
    }

    private func found(_ id: KeyID) throws -> GatewayKey {
        guard let key = self[id] else {
            throw RequestProblem(.keyNotFound, values: [.id: .echo(id.rawValue)])
        }
        return key
    }

    private static func check(_ name: String) throws(RequestProblem) {
        let length = name.unicodeScalars.count
        guard !name.trimmingBlanks().isEmpty else { throw .missing("name") }
        guard length <= longestName else { throw .tooLong("name", length: length, maximum: longestName) }
        guard name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }) else {
            throw .invalidValue("name", got: name, allowed: ["text without control characters"])
        }
    }
}
