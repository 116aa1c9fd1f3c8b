import GatewayCore
import Synchronization

/// Lets announcements wait for the copies that the engine makes, although the engine is built after them because it
/// tells them of its jobs.
final class CopyWait: Sendable {
    private struct Box { weak var engine: Engine? }
    private let box = Mutex(Box())

    func set(_ engine: Engine) { box.withLock { $0.engine = engine } }

    func of(_ job: Job, until deadline: Timestamp) async -> Job {
        await box.withLock { $0.engine }?.kept(job, until: deadline) ?? job
    }
}
