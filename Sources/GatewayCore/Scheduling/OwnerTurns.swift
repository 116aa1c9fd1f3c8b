import Synchronization

/// Lets the calls of one owner run one after another, those of different owners at the same time. Remembers only owners
/// that have calls.
final class OwnerTurns: Sendable {
    private struct Entry {
        let turns = TurnQueue(limit: 1)
        var users = 0
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// Throws: `CancellationError` before the operation has begun; what the operation throws.
    func run<Output: Sendable>(
        _ owner: String, _ operation: @Sendable () async throws -> Output
    ) async throws -> Output {
        let turns = entries.withLock { entries in
            entries[owner, default: Entry()].users += 1
            return entries[owner, default: Entry()].turns
        }
        defer {
            entries.withLock { entries in
                entries[owner]?.users -= 1
                if entries[owner]?.users == 0 { entries[owner] = nil }
            }
        }
        return try await turns.run(operation)
    }
}
