import Logging
import Synchronization

/// Copies results into the media store after their jobs have ended, because the site's links die.
final class Archiver: Sendable {
    private let configuration: EngineConfiguration
    private let jobs: any JobStore
    private let media: any MediaStore
    private let source: ResultSource
    private let previewer: Previewer?
    private let time: any TimeSource
    private let logger: Logger
    private let input: AsyncStream<Job>.Continuation
    private let queue: AsyncStream<Job>
    /// Those whose copying is not over, with everybody who waits for that.
    private let pending = Mutex<[GenerationID: [AsyncStream<Never>.Continuation]]>([:])
    /// How far back the start looks for results that were not copied; older links are dead.
    private static let recoveryWindow = Duration.seconds(86400)

    init(
        configuration: EngineConfiguration, jobs: any JobStore, media: any MediaStore, source: ResultSource,
        previewer: Previewer?, time: any TimeSource, logger: Logger
    ) {
        self.configuration = configuration
        self.jobs = jobs
        self.media = media
        self.source = source
        self.previewer = previewer
        self.time = time
        self.logger = logger
        (queue, input) = AsyncStream.makeStream(of: Job.self, bufferingPolicy: .bufferingOldest(20_000))
    }

    func add(_ job: Job) {
        guard configuration.archivesMedia, job.lacksCopies else { return }
        pending.withLock { if $0[job.id] == nil { $0[job.id] = [] } }
        switch input.yield(job) {
        case .enqueued: return
        case .dropped, .terminated: release(job.id)
        @unknown default: release(job.id)
        }
        logger.warning("result not copied: too many waiting", metadata: ["generation.id": "\(job.id)"])
    }

    /// Ends when nothing more is done for the copies of this generation; nil when nothing is under way.
    func copying(of id: GenerationID) -> AsyncStream<Never>? {
        pending.withLock { pending in
            guard pending[id] != nil else { return nil }
            let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
            pending[id]?.append(continuation)
            return stream
        }
    }

    private func release(_ id: GenerationID) {
        let waiters = pending.withLock { $0.removeValue(forKey: id) }
        for waiter in waiters ?? [] { waiter.finish() }
    }

    /// Queues the results of the last day that were not copied, or have no previews.
    func recover() async throws(StoreFault) {
        guard configuration.archivesMedia else { return }
        let oldest = time.now + (.zero - Self.recoveryWindow)
        var filter = JobFilter(states: [.succeeded, .partial], limit: 200)
        while true {
            let page = try await jobs.jobs(matching: filter)
            for job in page.jobs where job.createdAt >= oldest {
                add(job)
                if !job.lacksCopies, job.outputs.contains(where: { $0.stored.map { $0.previews == nil } ?? false }) {
                    previewer?.add(job)
                }
            }
            guard page.hasMore, let last = page.jobs.last, last.createdAt >= oldest else { return }
            filter.after = last.id
        }
    }

    /// Copies until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await job in queue {
                // Shutting down: what is left is found again by the next start.
                if Task.isCancelled { break }
                if running >= configuration.archiveParallelism {
                    await group.next()
                } else {
                    running += 1
                }
                group.addTask {
                    await self.copy(job)
                    self.release(job.id)
                }
            }
            group.cancelAll()
        }
        for id in pending.withLock({ Array($0.keys) }) { release(id) }
    }

    private func copy(_ job: Job) async {
        var outputs = job.outputs
        for index in outputs.indices where outputs[index].wantsCopy {
            for attempt in 0..<3 {
                do {
                    let file = try await source.open(index, of: job)
                    outputs[index].stored = try await media.keep(
                        file.body, limit: configuration.maximumMediaBytes, now: time.now)
                    break
                } catch let fault as MediaFault where fault.kind == .tooLarge {
                    logger.warning("result too large to copy", metadata: ["generation.id": "\(job.id)"])
                    break
                } catch {
                    logger.warning(
                        "result not copied",
                        metadata: ["generation.id": "\(job.id)", "attempt": "\(attempt + 1)", "error": "\(error)"])
                    let wait: Duration = attempt == 0 ? .seconds(2) : .seconds(5)
                    guard attempt < 2, (try? await time.sleep(until: time.now + wait)) != nil else { break }
                }
            }
        }
        guard outputs != job.outputs else { return }
        do {
            let updated = try await jobs.updateOutputs(of: job) { newest in
                for (index, copied) in outputs.enumerated() where newest.indices.contains(index) {
                    if newest[index].wantsCopy { newest[index].stored = copied.stored }
                }
            }
            if let updated { previewer?.add(updated) }
        } catch {
            logger.error("copied results not recorded", metadata: ["generation.id": "\(job.id)", "error": "\(error)"])
        }
    }
}
