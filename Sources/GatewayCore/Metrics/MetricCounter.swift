import Synchronization

/// A number that only grows while the process lives. Counting costs one atomic addition.
package final class MetricCounter: Sendable {
    private let value = Atomic<Int>(0)

    package init() {}

    /// Negative amounts are ignored.
    package func add(_ amount: Int = 1) {
        guard amount > 0 else { return }
        value.wrappingAdd(amount, ordering: .relaxed)
    }

    package var total: Int { value.load(ordering: .relaxed) }
}
