import Synchronization

/// Lets one at a time do something about the same thing, in the order of their coming; different things do not wait for
/// each other. Waiting can't be cancelled: what is done under a lock has to end by itself.
final class KeyedLocks<Key: Hashable & Sendable>: Sendable {
    /// Held locks, each with those who wait for it.
    private let held = Mutex<[Key: [CheckedContinuation<Void, Never>]]>([:])

    /// How many locks are held.
    var count: Int { held.withLock { $0.count } }

    func with<Value: Sendable>(_ key: Key, _ body: () async throws -> Value) async rethrows -> Value {
        await acquire(key)
        defer { release(key) }
        return try await body()
    }

    private func acquire(_ key: Key) async {
        await withCheckedContinuation { continuation in
            let isFree = held.withLock { held in
                guard held[key] != nil else {
                    held[key] = []
                    return true
                }
                held[key]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func release(_ key: Key) {
        let next = held.withLock { held -> CheckedContinuation<Void, Never>? in
            guard held[key]?.isEmpty == false else {
                held[key] = nil
                return nil
            }
            return held[key]?.removeFirst()
        }
        next?.resume()
    }
}
