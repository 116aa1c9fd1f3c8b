import GatewayCore
import NIOCore
import ServiceLifecycle

/// Follows a generation for an answer that is streamed: its changes, regular ticks, and the reasons to stop, one after
/// another. Bounded: a reader that is slow misses intermediate states, never the last.
struct JobFeed: Sendable {
    enum Event: Sendable {
        /// Begins with the newest state.
        case changed(Job)
        case tick
        /// The limit has come.
        case expired
        case interrupted(WaitInterruption)
    }

    private static let mostBuffered = 64

    let generations: any GenerationService
    let time: any TimeSource
    let channel: any Channel

    /// Ends when `handle` says false, and when nothing more will be told.
    /// - Throws: what `handle` throws.
    func follow(
        _ id: GenerationID, tick: Duration, until limit: Timestamp, _ handle: (Event) async throws -> Bool
    ) async throws {
        let (events, sink) = AsyncStream<Event>.makeStream(bufferingPolicy: .bufferingNewest(Self.mostBuffered))
        defer { sink.finish() }
        ConnectionWatch.onClose(of: channel) { sink.yield(.interrupted(.clientGone)) }
        try await withGracefulShutdownHandler(isolation: nil) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask { [generations] in
                    for await job in generations.changes(of: id) { sink.yield(.changed(job)) }
                    sink.finish()
                }
                group.addTask { await beat(every: tick, until: limit, into: sink) }
                for await event in events {
                    guard try await handle(event) else { return }
                }
            }
        } onGracefulShutdown: {
            sink.yield(.interrupted(.draining))
        }
    }

    private func beat(every tick: Duration, until limit: Timestamp, into sink: AsyncStream<Event>.Continuation) async {
        var next = time.now + tick
        do {
            while true {
                try await time.sleep(until: min(next, limit))
                if time.now >= limit {
                    sink.yield(.expired)
                    return
                }
                sink.yield(.tick)
                next = next + tick
            }
        } catch {
            return  // Cancelled with the stream.
        }
    }
}
