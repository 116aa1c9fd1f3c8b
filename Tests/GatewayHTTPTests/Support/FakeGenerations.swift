import GatewayCore
import GatewayTesting
import Synchronization

/// A generation service that does what a test plans, on a clock that the test moves.
final class FakeGenerations: GenerationService {
    private struct State {
        var jobs: [GenerationID: Job] = [:]
        var order: [GenerationID] = []
        var requests: [NewGeneration] = []
        var listeners: [GenerationID: [Int: AsyncStream<Job>.Continuation]] = [:]
        var nextListener = 0
        var cancelled: [GenerationID] = []
        var filters: [JobFilter] = []
        var usedBudget: CreditStanding?
        /// Ended when the process stops.
        var waits: [AsyncStream<Void>.Continuation] = []
        var hasDrained = false
    }

    /// What a test may wait for.
    enum Event: Hashable {
        case cancelled(GenerationID)
        case waitEnded(GenerationID)
        /// Its client is gone.
        case left(GenerationID)
    }

    let events: AsyncStream<Event>
    private let eventSink: AsyncStream<Event>.Continuation
    /// Generations whose changes somebody began to follow.
    private let followers: AsyncStream<GenerationID>
    private let followerSink: AsyncStream<GenerationID>.Continuation
    private let copyWaits: AsyncStream<Void>
    private let copyWaitSink: AsyncStream<Void>.Continuation
    private let state = Mutex(State())
    private let time: ManualTime
    /// What becomes of a new job at once.
    let plan: @Sendable (inout Job) -> Void
    let startFault: GenerationFault?
    let contents: [UInt8]
    let isDraining: Bool
    /// What `cancel` makes of a job.
    let stateAfterCancel: JobState?
    /// Whether copies of the results come some time after the end, by `update`.
    let copiesLater: Bool

    init(
        time: ManualTime, startFault: GenerationFault? = nil, contents: [UInt8] = FakeGenerations.webp,
        isDraining: Bool = false, stateAfterCancel: JobState? = .canceled, copiesLater: Bool = false,
        plan: @escaping @Sendable (inout Job) -> Void = { $0.finish() }
    ) {
        (events, eventSink) = AsyncStream.makeStream()
        (copyWaits, copyWaitSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(100))
        (followers, followerSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(100))
        self.time = time
        self.plan = plan
        self.startFault = startFault
        self.contents = contents
        self.isDraining = isDraining
        self.stateAfterCancel = stateAfterCancel
        self.copiesLater = copiesLater
    }

    static let webp = Array("RIFF\0\0\0\0WEBPVP8 picture".utf8)

    var requests: [NewGeneration] { state.withLock { $0.requests } }
    var cancelled: [GenerationID] { state.withLock { $0.cancelled } }
    var filters: [JobFilter] { state.withLock { $0.filters } }
    var jobs: [Job] { state.withLock { state in state.order.compactMap { state.jobs[$0] } } }

    /// From now on every budget is used up.
    func refuse(with standing: CreditStanding) {
        state.withLock { $0.usedBudget = standing }
    }

    func start(_ request: NewGeneration) async throws(GenerationFault) -> StartOutcome {
        if let startFault { throw startFault }
        return state.withLock { state in
            state.requests.append(request)
            if let used = state.usedBudget { return .budgetUsed(used) }
            if let limit = request.ownerLimit,
                state.jobs.values.count(where: { $0.owner == request.owner && !$0.state.isTerminal }) >= limit
            {
                return .ownerLimitReached
            }
            switch request.join {
            case .never: break
            case .idempotencyKey:
                if let job = state.jobs.values.first(where: {
                    $0.idempotencyKey == request.idempotencyKey && $0.owner == request.owner
                }) {
                    return job.fingerprint == request.fingerprint ? .joined(job) : .keyReused
                }
            case .fingerprint(let since):
                if let job = state.jobs.values.first(where: {
                    $0.fingerprint == request.fingerprint && $0.owner == request.owner && $0.createdAt >= since
                }) {
                    return .joined(job)
                }
            }
            var job = Job(
                id: .sample(state.order.count + 1), owner: request.owner, task: request.task,
                requestedModel: request.requestedModel, notices: request.notices, user: request.user,
                metadata: request.metadata, idempotencyKey: request.idempotencyKey, fingerprint: request.fingerprint,
                candidates: request.accounts.map(\.id), createdAt: time.now)
            job.region = request.accounts.first?.region
            job.account = request.accounts.first?.id
            plan(&job)
            state.jobs[job.id] = job
            state.order.append(job.id)
            return .started(job)
        }
    }

    func job(_ id: GenerationID) async throws(GenerationFault) -> Job? { state.withLock { $0.jobs[id] } }

    func wait(for id: GenerationID, until deadline: Timestamp, unless interruption: Interruption) async throws -> Job {
        defer { eventSink.yield(.waitEnded(id)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await job in self.changes(of: id) where job.state.isTerminal { return } }
            group.addTask { try await self.time.sleep(until: deadline) }
            let (interruptions, sink) = AsyncStream<Void>.makeStream()
            interruption.onFire { sink.finish() }
            state.withLock { $0.waits.append(sink) }
            group.addTask { for await _ in interruptions {} }
            try await group.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
        if state.withLock({ $0.hasDrained }) { throw GenerationFault(.shuttingDown) }
        guard let job = try await job(id) else { throw GenerationFault(.internalError) }
        return job
    }

    /// Lets go of everybody who waits, as the engine does first of all when the process stops.
    func drain() {
        let waits = state.withLock { state in
            state.hasDrained = true
            return state.waits
        }
        for wait in waits { wait.finish() }
    }

    /// Ends the waits for copies, with what the job is by then.
    func kept(_ job: Job, until deadline: Timestamp) async -> Job {
        guard copiesLater else { return job }
        copyWaitSink.yield()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await newer in self.changes(of: job.id) where !newer.lacksCopies { return } }
            group.addTask { try? await self.time.sleep(until: deadline) }
            await group.next()
            group.cancelAll()
        }
        return state.withLock { $0.jobs[job.id] ?? job }
    }

    func changes(of id: GenerationID) -> AsyncStream<Job> {
        let (stream, continuation) = AsyncStream<Job>.makeStream(bufferingPolicy: .bufferingNewest(16))
        let listener = state.withLock { state in
            state.nextListener += 1
            state.listeners[id, default: [:]][state.nextListener] = continuation
            if let job = state.jobs[id] { continuation.yield(job) }
            return state.nextListener
        }
        followerSink.yield(id)
        continuation.onTermination = { _ in self.state.withLock { _ = $0.listeners[id]?.removeValue(forKey: listener) }
        }
        return stream
    }

    /// Returns once somebody waits for copies.
    func waitForCopyWait() async { for await _ in copyWaits { return } }

    /// Returns once somebody follows the first job.
    func waitForFollower() async { await waitForFollowers(1) }

    /// Returns once the first job's changes were asked for so many more times.
    func waitForFollowers(_ count: Int) async {
        var left = count
        for await id in followers where id == .sample(1) {
            left -= 1
            if left == 0 { return }
        }
    }

    /// Changes a job as the engine would, and tells everybody who waits.
    func update(_ id: GenerationID = .sample(1), _ change: (inout Job) -> Void) {
        let (job, listeners) = state.withLock { state in
            guard var job = state.jobs[id] else { return (Job?.none, [AsyncStream<Job>.Continuation]()) }
            change(&job)
            state.jobs[id] = job
            return (job, Array((state.listeners[id] ?? [:]).values))
        }
        if let job { for listener in listeners { listener.yield(job) } }
    }

    func cancel(_ id: GenerationID) async throws(GenerationFault) -> Job? {
        state.withLock { $0.cancelled.append(id) }
        if let stateAfterCancel { update(id) { $0.state = stateAfterCancel } }
        eventSink.yield(.cancelled(id))
        return state.withLock { $0.jobs[id] }
    }

    func cancelIfWaiting(_ id: GenerationID) async {
        eventSink.yield(.left(id))
        guard state.withLock({ $0.jobs[id]?.state == .queued }) else { return }
        state.withLock { $0.cancelled.append(id) }
        update(id) { $0.state = .canceled }
        eventSink.yield(.cancelled(id))
    }

    func remove(_ id: GenerationID) -> Bool { state.withLock { $0.jobs.removeValue(forKey: id) != nil } }

    func jobs(matching filter: JobFilter) async throws(GenerationFault) -> JobPage {
        state.withLock { $0.filters.append(filter) }
        var matching = jobs.filter { job in
            (filter.owner ?? job.owner) == job.owner && filter.states?.contains(job.state) ?? true
                && (filter.kind ?? job.task.kind) == job.task.kind && (filter.model ?? job.task.model) == job.task.model
        }
        if filter.newestFirst { matching.reverse() }
        if let after = filter.after {
            guard let place = matching.firstIndex(where: { $0.id == after }) else {
                return JobPage(jobs: [], hasMore: false, cursorFound: false)
            }
            matching.removeFirst(place + 1)
        }
        return JobPage(jobs: Array(matching.prefix(filter.limit)), hasMore: matching.count > filter.limit)
    }

    func content(of job: Job, output index: Int) async throws(GenerationFault) -> RemoteFile {
        guard !contents.isEmpty else { throw GenerationFault(.upstreamUnreachable) }
        return RemoteFile(byteCount: Int64(contents.count), mimeType: "image/webp", body: ByteChunks(contents))
    }

    func cover(of job: Job, output index: Int) async throws(GenerationFault) -> RemoteFile {
        guard job.outputs[index].remote.coverURL != nil else { throw GenerationFault(.resultDownloadFailed) }
        return RemoteFile(byteCount: 5, mimeType: "image/webp", body: ByteChunks(Array("cover".utf8)))
    }

    var status: EngineStatus {
        get async {
            EngineStatus(waiting: 3, running: 1, activeAccounts: 1, restrictedAccounts: 0, isDraining: isDraining)
        }
    }
}

extension Job {
    /// Ends well, with this many pictures.
    mutating func finish(_ pictures: Int = 1, state: JobState = .succeeded, stored: [StoredMedia] = []) {
        self.state = state
        historyID = "28765432100"
        outputs = (0..<pictures).map { index in
            GenerationOutput(remote: .sample(index + 1), stored: index < stored.count ? stored[index] : nil)
        }
        completedAt = createdAt + .seconds(12)
        submissions = 1
    }

    mutating func fail(_ kind: GenerationFault.Kind, historyID: String? = nil) {
        state = .failed
        fault = GenerationFault(kind)
        self.historyID = historyID
    }
}
