package import Logging
import ServiceLifecycle
import Synchronization

/// Runs generations: takes requests, gives each job to an account's worker, tells waiters, keeps results, and picks up
/// after a restart whatever was left. Everything it starts lives inside ``run()``.
package final class Engine: Service {
    let configuration: EngineConfiguration
    let jobs: any JobStore
    private let accounts: any AccountStore
    let media: any MediaStore
    let inputs: any InputStore
    let vault: any SecretVault
    let usage: any UsageStore
    let ownerTurns = OwnerTurns()
    let budgetWatch = BudgetWatch()
    private let upstream: any Upstream
    let time: any TimeSource
    let logger: Logger
    let hub: JobHub
    let keeper: AccountKeeper
    private let runTimes = RunTimeBook()
    let prices: PriceBook
    let archiver: Archiver
    private let settler: Settler
    private let previewer: Previewer?
    let source: ResultSource
    /// Those of some accounts whose own catalogue is known and lacks a job's model.
    let lacking: @Sendable (String, MediaKind, [AccountID]) -> Set<AccountID>
    let context: EngineContext

    /// Work that `run()` performs for callers outside its task tree.
    enum Chore: Sendable {
        case run(AccountWorker)
        case fail(JobMachine, GenerationFault)
        case cancel(JobMachine)
        case cancelAtSite(Job, AccountCredential)
        case removeInputs([InputMaterial])
        case takeUpAgain(GenerationID)
    }

    struct State {
        var workers: [AccountID: AccountWorker] = [:]
        /// Jobs that no account can take yet.
        var waiting = WaitingRoom()
        /// When accounts that waiting jobs may have can take more by themselves.
        var openings: [AccountID: Timestamp] = [:]
        /// What waiting jobs were last told about accounts that take nothing or little.
        var gates: [AccountID: AccountHealth.Gate] = [:]
        /// To be cancelled as soon as they wait; their jobs are on their way between two places.
        var cancelling: Set<GenerationID> = []
        var isDraining = false
    }

    /// Inside it a worker's mailbox and the keeper may be locked, never the other way round.
    let state = Mutex(State())
    let openingSignal = WakeSignal()
    private let chores: AsyncStream<Chore>
    let choreInput: AsyncStream<Chore>.Continuation

    /// `typicalRunTime`: a first guess of a model's run time, by canonical id.
    /// `model`: a model of the catalogue, by canonical id.
    /// `lacking`: those of some accounts whose own catalogue is known and does not list the model; asked under a lock, so
    /// it must not wait.
    /// `prices`: shared with whoever reads the site's prices.
    /// `costSettled`: told of every cost that was read from a ledger, once that is stored; twice when a refund follows.
    /// `metrics`: told of submissions, ends and costs.
    /// `mediaIndex`: told of what is kept beside results. `previews`: nil = none are made.
    /// `jobEnded`: told of every job that became terminal, once that is stored.
    /// `keeper`: shared with whoever else learns about accounts; nil = one of its own.
    /// `holder`: names this process in leases; must differ between processes that share a store.
    package init(
        configuration: EngineConfiguration, jobs: any JobStore, accounts: any AccountStore, usage: any UsageStore,
        media: any MediaStore, inputs: any InputStore, vault: any SecretVault, keeper: AccountKeeper? = nil,
        upstream: any Upstream, time: any TimeSource, holder: String,
        typicalRunTime: @escaping @Sendable (String) -> Duration?,
        model: @escaping @Sendable (String) -> Model? = { _ in nil },
        lacking: @escaping @Sendable (String, MediaKind, [AccountID]) -> Set<AccountID> = { _, _, _ in [] },
        prices: PriceBook = PriceBook(),
        metrics: GenerationMetrics = GenerationMetrics(),
        costSettled: @escaping @Sendable (UsageRecord, CreditCost) -> Void = { _, _ in },
        mediaIndex: (any MediaIndex)? = nil, previews: (any PreviewMaker)? = nil,
        jobEnded: @escaping @Sendable (Job) -> Void = { _ in },
        logger: Logger
    ) {
        self.configuration = configuration
        self.jobs = jobs
        self.accounts = accounts
        self.media = media
        self.inputs = inputs
        self.vault = vault
        self.usage = usage
        self.upstream = upstream
        self.time = time
        self.logger = logger
        let hub = JobHub(ended: jobEnded)
        self.hub = hub
        let (chores, choreInput) = AsyncStream.makeStream(of: Chore.self)
        self.chores = chores
        self.choreInput = choreInput
        let keeper = keeper ?? AccountKeeper(store: accounts, vault: vault, time: time, logger: logger)
        self.keeper = keeper
        let source = ResultSource(jobs: jobs, upstream: upstream, keeper: keeper, time: time, logger: logger)
        self.source = source
        self.lacking = lacking
        let previewer = previews.map {
            Previewer(
                parallelism: configuration.previewParallelism, jobs: jobs, index: mediaIndex, media: media, maker: $0,
                source: source, logger: logger)
        }
        self.previewer = previewer
        let archiver = Archiver(
            configuration: configuration, jobs: jobs, media: media, source: source, previewer: previewer, time: time,
            logger: logger)
        self.archiver = archiver
        let dispatcher = Dispatcher()
        self.prices = prices
        let settler = Settler(
            plan: configuration.settlement, usage: usage, upstream: upstream, prices: prices, keeper: keeper,
            time: time, logger: logger,
            settled: { record, cost in
                metrics.settled(record, cost)
                costSettled(record, cost)
            })
        self.settler = settler
        context = EngineContext(
            configuration: configuration, plan: PollPlan(limits: configuration.poll), jobs: jobs, accounts: accounts,
            upstream: upstream, inputs: inputs, time: time, logger: logger, holder: holder, hub: hub,
            keeper: keeper, runTimes: runTimes, typicalRunTime: typicalRunTime, model: model,
            newSubmitID: {
                var generator = SystemRandomNumberGenerator()
                return SubmitID.random(using: &generator)
            },
            line: dispatcher,
            takeUpAgain: { choreInput.yield(.takeUpAgain($0)) },
            cancelAtSite: { choreInput.yield(.cancelAtSite($0, $1)) },
            taken: { prices.taken($0, by: $1) },
            metrics: metrics,
            finished: { job in
                metrics.ended(job)
                prices.ended(job.id)
                archiver.add(job)
                settler.ended(job)
                if !job.task.inputs.isEmpty { choreInput.yield(.removeInputs(job.task.inputs)) }
            })
        dispatcher.set(self)
        keeper.watch { dispatcher.engine?.accountChanged($0) }
    }

    /// Breaks the circle between the engine and what it hands to its workers.
    private final class Dispatcher: WaitingLine {
        private struct Box { weak var engine: Engine? }
        private let box = Mutex(Box())
        var engine: Engine? { box.withLock { $0.engine } }
        func set(_ engine: Engine) { box.withLock { $0.engine = engine } }

        func giveBack(_ machine: JobMachine) { engine?.dispatch(machine, isBack: true) }
        func take(_ kind: MediaKind, most: Int?, for worker: AccountWorker) -> [JobMachine] {
            engine?.take(kind, most: most, for: worker) ?? []
        }
        func waits(_ kind: MediaKind, for account: AccountID) -> Bool { engine?.waits(kind, for: account) ?? false }
        func cancelWaiting(_ ids: Set<GenerationID>) { engine?.cancelWaiting(ids) }
    }

    // MARK: - Life

    /// Recovers what an earlier process left, then works until the graceful shutdown has finished or the task is
    /// cancelled.
    /// Throws: ``StoreFault`` when the store can't be read at the start.
    package func run() async throws {
        runTimes.load(try await jobs.runTimes())
        try await keeper.load()
        try await recover()
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.housekeeping() }
                group.addTask { await self.watchOpenings() }
                group.addTask { await self.archiver.run() }
                group.addTask { await self.settler.run() }
                group.addTask { await self.previewer?.run() }
                for await chore in chores {
                    group.addTask { await self.perform(chore) }
                }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.drain()
            // Workers are cancelled when the stream ends; a submission under way becomes a look-up at the next start.
            self.choreInput.finish()
        }
        await saveRunTimes()
    }

    /// Stops taking and starting generations, and answers everybody who waits. What is at the site stays watched until
    /// ``run()`` ends, and by the next process afterwards.
    package func drain() {
        let workers = state.withLock { state in
            state.isDraining = true
            return Array(state.workers.values)
        }
        for worker in workers { worker.drain() }
        hub.releaseWaiters()
    }

    private func perform(_ chore: Chore) async {
        switch chore {
        case .run(let worker):
            await worker.run()
            state.withLock { state in
                if state.workers[worker.account] === worker { state.workers[worker.account] = nil }
            }
            // Jobs may have begun to wait for the account after the worker's last look.
            accountChanged(worker.account)
        case .fail(let machine, let fault):
            await fail(machine, with: fault)
        case .cancel(let machine):
            await cancel(machine)
        case .takeUpAgain(let id):
            await takeUpAgain(id)
        case .removeInputs(let files):
            await inputs.remove(files)
        case .cancelAtSite(let job, let credential):
            guard let historyID = job.historyID else { return }
            do {
                try await upstream.cancel(historyID: historyID, kind: job.task.kind, as: credential)
            } catch {
                logger.info(
                    "cancel refused by the site", metadata: ["generation.id": "\(job.id)", "error": "\(error)"])
            }
        }
    }

    /// A worker could not move a job because its lease or the job's revision had changed.
    private func takeUpAgain(_ id: GenerationID) async {
        do {
            // Never at once: if the cause stays, this must not become a busy loop.
            try await time.sleep(until: time.now + .seconds(1))
            guard let job = try await jobs.job(id) else { return }
            hub.publish(job)
            if !job.state.isTerminal { resume(JobMachine(job, limits: configuration.machine)) }
        } catch let fault as StoreFault where fault.kind == .unavailable {
            logger.warning("job not read yet", metadata: ["generation.id": "\(id)", "error": "\(fault)"])
            choreInput.yield(.takeUpAgain(id))
        } catch {
            logger.error("job not taken up again", metadata: ["generation.id": "\(id)", "error": "\(error)"])
        }
    }

    private func housekeeping() async {
        while !Task.isCancelled {
            do {
                try await time.sleep(until: time.now + .seconds(30))
            } catch {
                return
            }
            await saveRunTimes()
            forgetCancellations()
        }
    }

    private func saveRunTimes() async {
        let changes = runTimes.takeChanges()
        guard !changes.isEmpty else { return }
        do {
            try await jobs.saveRunTimes(changes)
        } catch {
            logger.warning("run times not stored", metadata: ["error": "\(error)"])
        }
    }

    // MARK: - Recovery

    /// Hands every unfinished job to its account again. A job whose submission was under way is looked up, never sent.
    private func recover() async throws {
        let removed = try await accounts.removeIdleAccounts(
            lastUsedBefore: time.now + (.zero - configuration.idleAccountAge))
        if removed > 0 { logger.info("idle accounts forgotten", metadata: ["accounts": "\(removed)"]) }
        var cursor: GenerationID?
        var count = 0
        var neededInputs: Set<String> = []
        while true {
            let page = try await jobs.unfinishedJobs(after: cursor, limit: 500)
            for job in page {
                for id in Set(job.candidates + (job.account.map { [$0] } ?? [])) { try await keeper.restore(id) }
                neededInputs.formUnion(job.task.inputs.map(\.id))
                if hub.begin(job) { resume(JobMachine(job, limits: configuration.machine)) }
            }
            count += page.count
            guard let last = page.last else { break }
            cursor = last.id
        }
        await inputs.sweep(keeping: neededInputs, now: time.now)
        if count > 0 { logger.notice("unfinished jobs taken up again", metadata: ["jobs": "\(count)"]) }
        try await archiver.recover()
    }

    private func resume(_ machine: JobMachine) {
        let job = machine.job
        let isBound = job.notBefore != nil && job.refusals.last.map { $0.account == job.account } ?? false
        // An account that is to be asked again keeps its job.
        guard job.state != .queued && job.state != .preparing || isBound else { return dispatch(machine) }
        guard let id = job.account, let record = keeper[id], record.isEnabled || !isBound else {
            if isBound { return dispatch(machine) }
            choreInput.yield(.fail(machine, GenerationFault(.invalidSession)))
            return
        }
        hand(machine, to: record.credential)
    }

    // MARK: - Ends of jobs that no account has

    private func fail(_ machine: JobMachine, with fault: GenerationFault) async {
        var machine = machine
        let before = machine.job.state
        _ = machine.fail(machine.job.refusals.isEmpty ? fault : machine.mostTelling(fault), at: time.now)
        await end(machine, from: before)
    }

    private func cancel(_ machine: JobMachine) async {
        var machine = machine
        let before = machine.job.state
        _ = machine.cancel(at: time.now)
        await end(machine, from: before)
    }

    private func end(_ machine: JobMachine, from before: JobState) async {
        var machine = machine
        do {
            let saved = try await jobs.save(machine.job, expecting: before, lease: nil)
            machine.stored(revision: saved.revision)
        } catch {
            logger.error("job not stored", metadata: ["generation.id": "\(machine.job.id)", "error": "\(error)"])
            // An end that is not on disk is none: after a restart the job would run for somebody who was told it failed.
            choreInput.yield(.takeUpAgain(machine.job.id))
            return
        }
        hub.publish(machine.job)
        context.finished(machine.job)
    }
}
