// Dispatch does not say that its timers may be used from any thread, which its documentation does.
@preconcurrency import Dispatch
import HeapModule
import Synchronization

/// Wakes tasks, and calls functions, at instants of the monotonic clock.
///
/// The runtime's own `Task.sleep` keeps a cancelled sleep in memory until its original end: with a deadline of minutes on
/// every request, hundreds of requests a second leave gigabytes behind. Here a cancelled sleep is gone at once, but for
/// sixteen bytes in the heap, and one timer serves all.
final class Alarm: Sendable {
    static let shared = Alarm()

    private struct Entry: Comparable {
        /// Nanoseconds of the monotonic clock.
        var deadline: UInt64
        var id: UInt64

        static func < (left: Entry, right: Entry) -> Bool {
            (left.deadline, left.id) < (right.deadline, right.id)
        }
    }

    private enum Sleeper {
        case task(CheckedContinuation<Void, any Error>)
        case call(@Sendable () -> Void)

        func wake() {
            switch self {
            case .task(let continuation): continuation.resume()
            case .call(let action): action()
            }
        }
    }

    private struct State {
        var heap = Heap<Entry>()
        var sleepers: [UInt64: Sleeper] = [:]
        /// Sleeps that were cancelled before they were registered.
        var cancelled: Set<UInt64> = []
        var nextID: UInt64 = 0
        /// What the timer is set to.
        var armed = UInt64.max
    }

    private let state = Mutex(State())
    private let timer: any DispatchSourceTimer

    init() {
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "jimeng.alarm", qos: .userInitiated))
        timer.setEventHandler { [weak self] in self?.ring() }
        timer.schedule(deadline: .distantFuture)
        timer.activate()
    }

    /// Waits for `duration`.
    /// - Throws: `CancellationError` when the task is cancelled first.
    func sleep(for duration: Duration) async throws {
        let deadline = Self.deadline(after: duration)
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        defer { state.withLock { _ = $0.cancelled.remove(id) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state -> Bool in
                    if state.cancelled.contains(id) { return true }
                    insert(.task(continuation), id, deadline, &state)
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            // Registered: whoever takes the continuation out under the lock resumes it. Not yet: the mark stops it.
            let continuation = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                guard case .task(let continuation) = state.sleepers.removeValue(forKey: id) else {
                    state.cancelled.insert(id)
                    return nil
                }
                forgetCancelled(&state)
                return continuation
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    /// Calls `action` after `duration`, on the queue of the timer, unless that is called off before.
    func call(after duration: Duration, _ action: @escaping @Sendable () -> Void) -> PlannedCall {
        let deadline = Self.deadline(after: duration)
        let id = state.withLock { state in
            state.nextID += 1
            insert(.call(action), state.nextID, deadline, &state)
            return state.nextID
        }
        return PlannedCall { [self] in
            state.withLock { state in
                guard state.sleepers.removeValue(forKey: id) != nil else { return }
                forgetCancelled(&state)
            }
        }
    }

    private static func deadline(after duration: Duration) -> UInt64 {
        let nanoseconds = UInt64(clamping: Int64(clamping: duration.wholeMilliseconds) &* 1_000_000)
        return DispatchTime.now().uptimeNanoseconds &+ nanoseconds
    }

    private func insert(_ sleeper: Sleeper, _ id: UInt64, _ deadline: UInt64, _ state: inout State) {
        state.sleepers[id] = sleeper
        state.heap.insert(Entry(deadline: deadline, id: id))
        arm(&state)
    }

    private func ring() {
        let now = DispatchTime.now().uptimeNanoseconds
        let due = state.withLock { state -> [Sleeper] in
            var due: [Sleeper] = []
            while let first = state.heap.min, first.deadline <= now {
                state.heap.removeMin()
                if let sleeper = state.sleepers.removeValue(forKey: first.id) { due.append(sleeper) }
            }
            state.armed = .max
            arm(&state)
            return due
        }
        for sleeper in due { sleeper.wake() }
    }

    /// Sets the timer to the earliest entry if that is earlier than what it is set to.
    private func arm(_ state: inout State) {
        guard let first = state.heap.min, first.deadline < state.armed else { return }
        state.armed = first.deadline
        timer.schedule(deadline: DispatchTime(uptimeNanoseconds: first.deadline), leeway: .milliseconds(1))
    }

    /// Entries of cancelled sleeps stay in the heap until their time; when they are most of it, it is built anew.
    private func forgetCancelled(_ state: inout State) {
        guard state.heap.count > 1024, state.heap.count > 4 * state.sleepers.count else { return }
        let sleepers = state.sleepers
        state.heap = Heap(state.heap.unordered.filter { sleepers[$0.id] != nil })
    }
}
