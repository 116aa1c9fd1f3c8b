import NIOCore
import ServiceLifecycle

/// Why a wait ended before what it waited for.
enum WaitInterruption: Error {
    case clientGone
    /// The server is stopping.
    case draining
}

/// Runs something for as long as the client is there and the server is not stopping.
struct ClientPresence: Sendable {
    let channel: any Channel

    /// - Throws: ``WaitInterruption``; the operation is cancelled first. What the operation throws otherwise.
    func whileWaiting<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let (ends, signal) = AsyncStream<Result<Value, any Error>>.makeStream(bufferingPolicy: .bufferingOldest(1))
        ConnectionWatch.onClose(of: channel) { signal.yield(.failure(WaitInterruption.clientGone)) }
        return try await withGracefulShutdownHandler(isolation: nil) {
            // Whatever ends the wait first; the operation is cancelled then, and waited for.
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do { signal.yield(.success(try await operation())) } catch { signal.yield(.failure(error)) }
                }
                defer { group.cancelAll() }
                for await end in ends { return try end.get() }
                throw CancellationError()
            }
        } onGracefulShutdown: {
            signal.yield(.failure(WaitInterruption.draining))
        }
    }
}
