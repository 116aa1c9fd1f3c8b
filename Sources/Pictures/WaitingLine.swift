import Synchronization

/// Lets one caller at a time through, first come, first served; at most `limit` wait.
final class WaitingLine: Sendable {
    private struct State {
        var isTaken = false
        var nextID: UInt64 = 0
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// How many wait now.
    var count: Int { state.withLock { $0.waiting.count } }

    /// Runs `operation` when it is its turn.
    ///
    /// Throws ``PictureError/busy`` when too many wait, `CancellationError` when the caller is cancelled while it waits, and
    /// whatever the operation throws.
    func perform<Value: Sendable>(_ operation: @Sendable () async throws -> Value) async throws -> Value {
        try await enter()
        defer { leave() }
        return try await operation()
    }

    private func enter() async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if !state.isTaken {
                        state.isTaken = true
                        return .success(())
                    }
                    guard state.waiting.count < limit else { return .failure(PictureError.busy) }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let continuation = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiting.remove(at: index).continuation
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return nil
            }
            // The turn is handed on, so that nobody who comes now gets in between.
            return state.waiting.removeFirst().continuation
        }
        next?.resume()
    }
}
