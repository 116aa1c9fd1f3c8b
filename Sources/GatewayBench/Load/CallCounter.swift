import Synchronization

/// Numbers that are handed out once each, to whoever asks.
final class CallCounter: Sendable {
    private let value: Atomic<Int>

    init(from first: Int = 0) {
        value = Atomic(first)
    }

    func take() -> Int {
        value.wrappingAdd(1, ordering: .relaxed).oldValue
    }
}
