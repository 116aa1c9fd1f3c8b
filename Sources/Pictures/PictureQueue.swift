import Synchronization

/// The requests on their way to the worker: callers wait here for their answer, the worker's owner for the next request.
///
/// First come, first served; at most `limit` are waiting. A caller that is cancelled leaves at once, and an answer that
/// comes for it later is dropped.
final class PictureQueue: Sendable {
    /// A request that the owner has taken and must give an answer for.
    struct Ticket: Sendable {
        let id: UInt64
        let request: PictureRequest
        /// Whether an earlier worker died while it had this request.
        let isSecondTry: Bool
    }

    private struct Entry {
        var request: PictureRequest
        var continuation: CheckedContinuation<[UInt8], any Error>
        var isSecondTry = false
    }

    private struct State {
        var nextID: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
        var waiting: [UInt64] = []
        var consumer: CheckedContinuation<Ticket?, Never>?
        var isClosed = false

        /// The first waiting request, taken out of the line.
        mutating func take() -> Ticket? {
            while !waiting.isEmpty {
                let id = waiting.removeFirst()
                if let entry = entries[id] {
                    return Ticket(id: id, request: entry.request, isSecondTry: entry.isSecondTry)
                }
            }
            return nil
        }
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Waits in line and for the answer.
    ///
    /// Throws ``PictureError`` or, when the caller is cancelled, `CancellationError`.
    func perform(_ request: PictureRequest) async throws -> [UInt8] {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enqueue(id: id, Entry(request: request, continuation: continuation))
            }
        } onCancel: {
            leave(id)
        }
    }

    private func enqueue(id: UInt64, _ entry: Entry) {
        enum Outcome {
            case waits
            case wakes(CheckedContinuation<Ticket?, Never>, Ticket)
            case fails(any Error)
        }
        let outcome: Outcome = state.withLock { state in
            if state.isClosed { return .fails(PictureError.unavailable(.stopped)) }
            // A cancellation that came before this line has found nothing to remove.
            if Task.isCancelled { return .fails(CancellationError()) }
            if let consumer = state.consumer {
                state.consumer = nil
                state.entries[id] = entry
                return .wakes(consumer, Ticket(id: id, request: entry.request, isSecondTry: false))
            }
            guard state.waiting.count < limit else { return .fails(PictureError.busy) }
            state.entries[id] = entry
            state.waiting.append(id)
            return .waits
        }
        switch outcome {
        case .waits: return
        case .wakes(let consumer, let ticket): consumer.resume(returning: ticket)
        case .fails(let error): entry.continuation.resume(throwing: error)
        }
    }

    private func leave(_ id: UInt64) {
        let entry = state.withLock { state in
            state.waiting.removeAll { $0 == id }
            return state.entries.removeValue(forKey: id)
        }
        entry?.continuation.resume(throwing: CancellationError())
    }

    /// The next request; nil when the queue was closed, when ``release()`` was called or when the caller was cancelled,
    /// which closes the queue. One caller at a time.
    func next() async -> Ticket? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready: Ticket?? = state.withLock { state in
                    if let ticket = state.take() { return .some(ticket) }
                    if state.isClosed { return .some(nil) }
                    state.consumer = continuation
                    return nil
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            close()
        }
    }

    /// Makes a waiting ``next()`` return nil; without one, does nothing.
    func release() {
        let consumer = state.withLock { state in
            defer { state.consumer = nil }
            return state.consumer
        }
        consumer?.resume(returning: nil)
    }

    /// Gives the caller of this request its answer.
    func finish(_ id: UInt64, _ result: Result<[UInt8], PictureError>) {
        let entry = state.withLock { $0.entries.removeValue(forKey: id) }
        switch result {
        case .success(let output): entry?.continuation.resume(returning: output)
        case .failure(let error): entry?.continuation.resume(throwing: error)
        }
    }

    /// Puts a taken request back at the head of the line, marked as tried once.
    func putBack(_ id: UInt64) {
        state.withLock { state in
            guard state.entries[id] != nil, !state.isClosed else { return }
            state.entries[id]?.isSecondTry = true
            state.waiting.insert(id, at: 0)
        }
    }

    /// Refuses everything that waits or is being worked on and everything that comes later.
    func close() {
        let (entries, consumer) = state.withLock { state in
            state.isClosed = true
            state.waiting = []
            defer {
                state.entries = [:]
                state.consumer = nil
            }
            return (Array(state.entries.values), state.consumer)
        }
        for entry in entries { entry.continuation.resume(throwing: PictureError.unavailable(.stopped)) }
        consumer?.resume(returning: nil)
    }
}
