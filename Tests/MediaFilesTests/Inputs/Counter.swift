import Synchronization

/// Counts across threads.
final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .acquiring) }

    /// The number of calls before this one.
    func next() -> Int { count.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue }
}
