import Logging

/// What the parts of the engine share. A class, because every task of every account holds it.
final class EngineContext: Sendable {
    let configuration: EngineConfiguration
    let plan: PollPlan
    let jobs: any JobStore
    let accounts: any AccountStore
    let upstream: any Upstream
    let inputs: any InputStore
    let time: any TimeSource
    let logger: Logger
    /// Names this process in leases.
    let holder: String
    let hub: JobHub
    let keeper: AccountKeeper
    let runTimes: RunTimeBook
    let typicalRunTime: @Sendable (String) -> Duration?
    /// A model of the catalogue by its canonical id.
    let model: @Sendable (String) -> Model?
    let newSubmitID: @Sendable () -> SubmitID
    /// What becomes of jobs that are not at the site.
    let line: any WaitingLine
    /// Reads a job from the store again and hands it to whoever should have it.
    let takeUpAgain: @Sendable (GenerationID) -> Void
    /// Asks the site, in the background, to stop a job.
    let cancelAtSite: @Sendable (Job, AccountCredential) -> Void
    /// The site took a job of the account, or may have.
    let taken: @Sendable (GenerationID, AccountID) -> Void
    let metrics: GenerationMetrics
    /// A job has reached its end, which is on disk; nobody was told yet.
    let finished: @Sendable (Job) -> Void

    init(
        configuration: EngineConfiguration, plan: PollPlan, jobs: any JobStore, accounts: any AccountStore,
        upstream: any Upstream, inputs: any InputStore, time: any TimeSource, logger: Logger, holder: String,
        hub: JobHub, keeper: AccountKeeper, runTimes: RunTimeBook,
        typicalRunTime: @escaping @Sendable (String) -> Duration?, model: @escaping @Sendable (String) -> Model?,
        newSubmitID: @escaping @Sendable () -> SubmitID, line: any WaitingLine,
        takeUpAgain: @escaping @Sendable (GenerationID) -> Void,
        cancelAtSite: @escaping @Sendable (Job, AccountCredential) -> Void,
        taken: @escaping @Sendable (GenerationID, AccountID) -> Void, metrics: GenerationMetrics,
        finished: @escaping @Sendable (Job) -> Void
    ) {
        self.configuration = configuration
        self.plan = plan
        self.jobs = jobs
        self.accounts = accounts
        self.upstream = upstream
        self.inputs = inputs
        self.time = time
        self.logger = logger
        self.holder = holder
        self.hub = hub
        self.keeper = keeper
        self.runTimes = runTimes
        self.typicalRunTime = typicalRunTime
        self.model = model
        self.newSubmitID = newSubmitID
        self.line = line
        self.takeUpAgain = takeUpAgain
        self.cancelAtSite = cancelAtSite
        self.taken = taken
        self.metrics = metrics
        self.finished = finished
    }
}

/// Where jobs wait for an account, as the accounts' workers see it.
protocol WaitingLine: Sendable {
    /// Gives a job that was handed out before to whoever can take it now, or lets it wait in front of its like.
    func giveBack(_ machine: JobMachine)
    /// Takes out jobs for the worker's account, in turn; they count as the worker's from now on.
    /// `most`: nil = a fair share of those that wait, because the account's limit is not known.
    func take(_ kind: MediaKind, most: Int?, for worker: AccountWorker) -> [JobMachine]
    /// Whether a job of the kind waits that the account may have.
    func waits(_ kind: MediaKind, for account: AccountID) -> Bool
    /// Cancels those that wait.
    func cancelWaiting(_ ids: Set<GenerationID>)
}
