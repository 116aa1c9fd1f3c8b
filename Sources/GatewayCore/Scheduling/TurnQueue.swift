import Synchronization

/// Lets at most so many callers run at once; the others wait their turn in order of arrival. A caller that is cancelled
/// leaves the queue.
final class TurnQueue: Sendable {
    private struct State {
        var free: Int
        var order: [Int] = []
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        /// Callers that were cancelled before they could wait.
        var cancelled: Set<Int> = []
        var nextTicket = 0
    }

    private let state: Mutex<State>

    /// `limit`: at least 1.
    init(limit: Int) {
        state = Mutex(State(free: max(1, limit)))
    }

    /// Runs the operation when it is this caller's turn. Throws: `CancellationError` before the operation has begun; what
    /// the operation throws.
    func run<Output: Sendable>(
        _ operation: @Sendable () async throws -> Output
    ) async throws -> Output {
        try await take()
        defer { give() }
        return try await operation()
    }

    private func take() async throws {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        defer { state.withLock { _ = $0.cancelled.remove(ticket) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome = state.withLock { state -> Result<Void, any Error>? in
                    guard !state.cancelled.contains(ticket) else { return .failure(CancellationError()) }
                    guard state.free == 0 else {
                        state.free -= 1
                        return .success(())
                    }
                    state.order.append(ticket)
                    state.waiting[ticket] = continuation
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            // Waiting: whoever takes the waiter out under the lock resumes it. Not waiting yet: the mark turns it away.
            // Running already: the mark is removed by `take` itself.
            let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                if let waiter = state.waiting.removeValue(forKey: ticket) {
                    state.order.removeAll { $0 == ticket }
                    return waiter
                }
                state.cancelled.insert(ticket)
                return nil
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func give() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard let ticket = state.order.first else {
                state.free += 1
                return nil
            }
            state.order.removeFirst()
            return state.waiting.removeValue(forKey: ticket)
        }
        next?.resume()
    }
}
