import Synchronization

/// Lets somebody end another's wait from outside: once, and for good.
package final class Interruption: Sendable {
    private struct State {
        var isFired = false
        var action: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    package var isFired: Bool { state.withLock { $0.isFired } }

    /// Ends the wait, also one that begins later.
    package func fire() {
        let action = state.withLock { state in
            state.isFired = true
            defer { state.action = nil }
            return state.action
        }
        action?()
    }

    /// `action` runs once, on the thread that fires; at once when that was done already. Replaces the previous one.
    package func onFire(_ action: @escaping @Sendable () -> Void) {
        let isFired = state.withLock { state in
            if !state.isFired { state.action = action }
            return state.isFired
        }
        if isFired { action() }
    }
}
