package import GatewayCore

/// A clock that stands still until a test moves it. Nothing in it waits for real time.
package final class ManualTime: TimeSource {
    private struct Sleeper: Sendable {
        enum Waking: Sendable {
            case task(CheckedContinuation<Void, any Error>)
            case call(@Sendable () -> Void)
        }

        let instant: Timestamp
        let waking: Waking

        func wake() {
            switch waking {
            case .task(let continuation): continuation.resume()
            case .call(let action): action()
            }
        }
    }

    private struct State: Sendable {
        var now: Timestamp
        var sleepers: [Int: Sleeper] = [:]
        var nextID = 0
    }

    private let state: Watched<State>

    package init(_ now: Timestamp = .sample) {
        state = Watched(State(now: now))
    }

    package var now: Timestamp { state.value.now }

    /// How many tasks wait in ``sleep(until:)`` and how many planned calls are open right now.
    package var sleeperCount: Int { state.value.sleepers.count }

    /// The earliest instant somebody waits for.
    package var earliestWake: Timestamp? { state.value.sleepers.values.map(\.instant).min() }

    package func sleep(until instant: Timestamp) async throws {
        let id = state.update { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.update { state in
                    // A cancellation that came before this line found nobody to wake.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.now >= instant { return .success(()) }
                    state.sleepers[id] = Sleeper(instant: instant, waking: .task(continuation))
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let sleeper = state.update { $0.sleepers.removeValue(forKey: id) }
            if case .task(let continuation) = sleeper?.waking { continuation.resume(throwing: CancellationError()) }
        }
    }

    package func call(at instant: Timestamp, _ action: @escaping @Sendable () -> Void) -> PlannedCall {
        let id = state.update { state -> Int? in
            guard state.now < instant else { return nil }
            state.nextID += 1
            state.sleepers[state.nextID] = Sleeper(instant: instant, waking: .call(action))
            return state.nextID
        }
        if id == nil { action() }
        return PlannedCall { [self] in
            if let id { state.update { $0.sleepers[id] = nil } }
        }
    }

    /// Moves the clock on and wakes everybody whose instant has come, earliest first.
    package func advance(by duration: Duration) {
        move { $0 + duration }
    }

    /// Sets the clock, backwards too, and wakes everybody whose instant has come, earliest first.
    package func advance(to instant: Timestamp) {
        move { _ in instant }
    }

    /// Waits until at least `count` tasks wait in ``sleep(until:)``.
    /// - Throws: `CancellationError` when the caller is cancelled first.
    package func waitForSleepers(count: Int = 1) async throws {
        try await state.wait { $0.sleepers.count >= count }
    }

    /// Waits until somebody sleeps until exactly `instant`.
    /// - Throws: `CancellationError` when the caller is cancelled first.
    package func waitForSleeper(until instant: Timestamp) async throws {
        try await state.wait { state in state.sleepers.values.contains { $0.instant == instant } }
    }

    /// Waits until somebody sleeps, then moves the clock to the earliest instant that is waited for.
    /// - Returns: the new reading of the clock.
    /// - Throws: `CancellationError` when the caller is cancelled first.
    @discardableResult
    package func advanceToNextSleeper() async throws -> Timestamp {
        try await waitForSleepers()
        if let earliestWake { advance(to: earliestWake) }
        return now
    }

    private func move(_ step: (Timestamp) -> Timestamp) {
        let due = state.update { state in
            state.now = step(state.now)
            let due = state.sleepers.filter { $0.value.instant <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.sorted { ($0.value.instant, $0.key) < ($1.value.instant, $1.key) }.map(\.value)
        }
        for sleeper in due { sleeper.wake() }
    }
}
