import Synchronization

/// A value behind a lock whose changes can be waited for, without polling.
package final class Watched<Value: Sendable>: Sendable {
    private struct Watcher {
        let condition: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var value: Value
        var watchers: [Int: Watcher] = [:]
        var nextID = 0
    }

    private let state: Mutex<State>

    package init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    package var value: Value { state.withLock { $0.value } }

    /// Changes the value and wakes everybody whose condition holds now.
    @discardableResult
    package func update<Output: Sendable>(_ change: (inout Value) -> Output) -> Output {
        let (output, woken) = state.withLock { state in
            let output = change(&state.value)
            let ready = state.watchers.filter { $0.value.condition(state.value) }
            for id in ready.keys { state.watchers[id] = nil }
            return (output, ready.sorted { $0.key < $1.key }.map(\.value.continuation))
        }
        for continuation in woken { continuation.resume() }
        return output
    }

    /// Returns as soon as the condition holds; throws `CancellationError` when the caller is cancelled first.
    package func wait(until condition: @escaping @Sendable (Value) -> Bool) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    // A cancellation that came before this line found nothing to remove.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if condition(state.value) { return .success(()) }
                    state.watchers[id] = Watcher(condition: condition, continuation: continuation)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let watcher = state.withLock { $0.watchers.removeValue(forKey: id) }
            watcher?.continuation.resume(throwing: CancellationError())
        }
    }
}
