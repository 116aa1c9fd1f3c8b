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
        let (interruptions, signal) = AsyncStream<WaitInterruption>.makeStream(bufferingPolicy: .bufferingOldest(1))
        defer { signal.finish() }
        let channel = channel
        channel.eventLoop.execute {
            // A connection without a watch (in tests of the router alone) never interrupts.
            guard let watch = try? channel.pipeline.syncOperations.handler(type: ConnectionWatch.self) else { return }
            watch.onClose { signal.yield(.clientGone) }
        }
        return try await withGracefulShutdownHandler(isolation: nil) {
            try await withThrowingTaskGroup(of: Value.self) { group in
                defer { group.cancelAll() }
                group.addTask(operation: operation)
                group.addTask {
                    for await interruption in interruptions { throw interruption }
                    throw CancellationError()
                }
                guard let value = try await group.next() else { throw CancellationError() }
                return value
            }
        } onGracefulShutdown: {
            signal.yield(.draining)
        }
    }
}
