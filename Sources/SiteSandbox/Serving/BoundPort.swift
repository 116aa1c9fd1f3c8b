import Synchronization

/// A port that is known once a server listens.
final class BoundPort: Sendable {
    /// The server ended before it listened.
    struct NeverBound: Error {}

    private enum State {
        case unknown([Int: CheckedContinuation<Int, any Error>])
        case known(Int)
        case failed
    }

    private let state = Mutex((state: State.unknown([:]), nextID: 0))

    /// Waits until the port is known.
    ///
    /// Throws `NeverBound` when it will never be, `CancellationError` when the caller is cancelled.
    func value() async throws -> Int {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Int, any Error>? = state.withLock { state in
                    switch state.state {
                    case .known(let port): return .success(port)
                    case .failed: return .failure(NeverBound())
                    case .unknown(var waiting):
                        if Task.isCancelled { return .failure(CancellationError()) }
                        waiting[id] = continuation
                        state.state = .unknown(waiting)
                        return nil
                    }
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let continuation = state.withLock { state -> CheckedContinuation<Int, any Error>? in
                guard case .unknown(var waiting) = state.state else { return nil }
                let continuation = waiting.removeValue(forKey: id)
                state.state = .unknown(waiting)
                return continuation
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    func resolve(_ port: Int?) {
        let waiting = state.withLock { state -> [CheckedContinuation<Int, any Error>] in
            guard case .unknown(let waiting) = state.state else { return [] }
            state.state = port.map { .known($0) } ?? .failed
            return Array(waiting.values)
        }
        for continuation in waiting {
            if let port { continuation.resume(returning: port) } else { continuation.resume(throwing: NeverBound()) }
        }
    }
}
