import Synchronization

/// What one task waits for and several others may decide: the first outcome counts, whether it comes before the wait
/// begins or later. One wait only.
final class FirstOutcome<Value: Sendable>: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Value, Never>)
        case decided(Value)
    }

    private let state = Mutex(State.open)

    /// Decides, unless that was done before.
    func decide(_ value: Value) {
        let waiter = state.withLock { state -> CheckedContinuation<Value, Never>? in
            switch state {
            case .decided: return nil
            case .open:
                state = .decided(value)
                return nil
            case .waiting(let continuation):
                state = .decided(value)
                return continuation
            }
        }
        waiter?.resume(returning: value)
    }

    /// Waits for the outcome. Whoever may be cancelled decides something in a cancellation handler.
    func value() async -> Value {
        await withCheckedContinuation { continuation in
            let outcome = state.withLock { state -> Value? in
                if case .decided(let value) = state { return value }
                state = .waiting(continuation)
                return nil
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }
}
