import Synchronization

/// A value that becomes known once, or never.
final class OnceValue<Value: Sendable>: Sendable {
    struct Never: Error {}

    private enum State {
        case waiting([CheckedContinuation<Value, any Error>])
        case known(Value)
        case never
    }

    private let state = Mutex(State.waiting([]))

    /// Waits for the value.
    /// - Throws: ``Never`` when it will not come.
    func value() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let result = state.withLock { state -> Result<Value, any Error>? in
                switch state {
                case .known(let value): return .success(value)
                case .never: return .failure(Never())
                case .waiting(let waiting):
                    state = .waiting(waiting + [continuation])
                    return nil
                }
            }
            if let result { continuation.resume(with: result) }
        }
    }

    /// The first call decides; nil means never.
    func resolve(_ value: Value?) {
        let waiting = state.withLock { state -> [CheckedContinuation<Value, any Error>] in
            guard case .waiting(let waiting) = state else { return [] }
            state = value.map { .known($0) } ?? .never
            return waiting
        }
        for continuation in waiting {
            if let value { continuation.resume(returning: value) } else { continuation.resume(throwing: Never()) }
        }
    }
}
