import GatewayCore
import Synchronization

/// What the last writes say about the store.
final class WriteCondition: Sendable {
    enum Advice {
        case known(StoreFault?)
        /// Nobody knows: one write is to be tried, and ``noted(_:)`` told how it ended.
        case tryOne
    }

    private struct State {
        var fault: StoreFault?
        /// Whether a group was committed since the last question.
        var isProven = false
        var triedAt: Timestamp?
        var isTrying = false
    }

    private let state = Mutex(State())
    /// Least time between two tries while the last write failed, and while it did not.
    private static let (gapInTrouble, gap) = (Duration.seconds(1), Duration.seconds(10))

    /// Hears how a group ended; nil for a commit.
    func noted(_ fault: StoreFault?) {
        state.withLock { state in
            state.fault = fault
            state.isProven = fault == nil
        }
    }

    func advice(at now: Timestamp) -> Advice {
        state.withLock { state in
            if state.isTrying { return .known(state.fault) }
            if state.isProven {
                state.isProven = false
                state.triedAt = now
                return .known(nil)
            }
            let gap = state.fault == nil ? Self.gap : Self.gapInTrouble
            if let triedAt = state.triedAt, triedAt <= now, now - triedAt < gap { return .known(state.fault) }
            state.triedAt = now
            state.isTrying = true
            return .tryOne
        }
    }

    /// The try that ``Advice/tryOne`` asked for is over.
    func tried() -> StoreFault? {
        state.withLock { state in
            state.isTrying = false
            state.isProven = false
            return state.fault
        }
    }

    var fault: StoreFault? { state.withLock { $0.fault } }
}
