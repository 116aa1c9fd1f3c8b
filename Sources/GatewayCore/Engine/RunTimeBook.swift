import Synchronization

/// Learnt run times, in memory; the engine saves them from time to time.
final class RunTimeBook: Sendable {
    private struct State {
        var estimates: [RunTimeKey: RunTimeEstimate] = [:]
        var changed: Set<RunTimeKey> = []
    }

    private let state = Mutex(State())
    /// Models are a closed set, but resolutions come from stored tasks: more keys than this are not learnt.
    private static let maximumKeys = 1000

    func load(_ estimates: [RunTimeKey: RunTimeEstimate]) {
        state.withLock { $0.estimates = estimates }
    }

    subscript(key: RunTimeKey) -> RunTimeEstimate? {
        state.withLock { $0.estimates[key] }
    }

    func add(_ seconds: Double, for key: RunTimeKey) {
        state.withLock { state in
            if state.estimates[key] == nil, state.estimates.count >= Self.maximumKeys { return }
            state.estimates[key, default: RunTimeEstimate(firstSample: seconds)].add(seconds)
            state.changed.insert(key)
        }
    }

    /// What has changed since the last call.
    func takeChanges() -> [RunTimeKey: RunTimeEstimate] {
        state.withLock { state in
            defer { state.changed = [] }
            return state.estimates.filter { state.changed.contains($0.key) }
        }
    }
}
