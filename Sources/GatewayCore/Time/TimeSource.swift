#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where the engine reads the time and how it waits. Production uses the system's clocks; tests advance both by hand.
package protocol TimeSource: Sendable {
    /// The wall clock, for everything that is stored or shown.
    var now: Timestamp { get }

    /// Waits until the wall clock reads at least `instant`. Returns early only by throwing `CancellationError`.
    func sleep(until instant: Timestamp) async throws

    /// Calls `action` once when the wall clock reads at least `instant`, at once when it does already, on any thread.
    /// `action` must be short. For waits that end for several reasons, without a task for each reason.
    /// - Returns: the way to call it off.
    func call(at instant: Timestamp, _ action: @escaping @Sendable () -> Void) -> PlannedCall
}

/// A call that a ``TimeSource`` will make.
package struct PlannedCall: Sendable {
    private let revoke: @Sendable () -> Void

    package init(revoke: @escaping @Sendable () -> Void) {
        self.revoke = revoke
    }

    /// Calls it off. One that is being made meanwhile, or was made, is not undone.
    package func cancel() { revoke() }
}

/// The system's wall clock; waiting follows the monotonic clock, so that a change of the wall clock neither hangs
/// nor hastens a waiter by more than that one wait.
package struct SystemTime: TimeSource {
    package init() {}

    package var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    package func sleep(until instant: Timestamp) async throws {
        let wait = instant - now
        guard wait > .zero else { return try Task.checkCancellation() }
        try await Alarm.shared.sleep(for: wait)
    }

    package func call(at instant: Timestamp, _ action: @escaping @Sendable () -> Void) -> PlannedCall {
        Alarm.shared.call(after: max(.zero, instant - now), action)
    }
}
