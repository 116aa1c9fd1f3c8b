import Synchronization

/// Wakes one waiting loop. A notification that comes while nobody waits is kept, so none is lost; several kept ones
/// are one.
final class WakeSignal: Sendable {
    private enum State {
        case idle
        case notified
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.idle)

    func notify() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            switch state {
            case .waiting(let continuation):
                state = .idle
                return continuation
            case .idle, .notified:
                state = .notified
                return nil
            }
        }
        waiter?.resume()
    }

    /// Waits for a notification; returns early when the task is cancelled. Only one task may wait at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // The cancellation handler may have run before this closure; then the notification it left ends the
                // wait at once.
                let isReady = state.withLock { state -> Bool in
                    guard case .notified = state else {
                        state = .waiting(continuation)
                        return false
                    }
                    state = .idle
                    return true
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            notify()
        }
    }

    /// Waits for a notification, or until `instant` (nil = no limit), or until the task is cancelled. May also return
    /// early for an instant of an earlier wait.
    func wait(until instant: Timestamp?, on time: any TimeSource) async {
        let alarm = instant.map { time.call(at: $0) { self.notify() } }
        await wait()
        alarm?.cancel()
    }
}
