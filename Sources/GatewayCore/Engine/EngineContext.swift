import Logging

/// What the parts of the engine share.
struct EngineContext: Sendable {
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
    /// Finds an account for a queued job and hands it over.
    let dispatch: @Sendable (JobMachine) -> Void
    /// Reads a job from the store again and hands it to whoever should have it.
    let takeUpAgain: @Sendable (GenerationID) -> Void
    /// Asks the site, in the background, to stop a job.
    let cancelAtSite: @Sendable (Job, AccountCredential) -> Void
    let metrics: GenerationMetrics
    /// A job has reached its end, which is on disk; nobody was told yet.
    let finished: @Sendable (Job) -> Void
}
