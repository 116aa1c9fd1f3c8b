/// The engine's settings.
package struct EngineConfiguration: Sendable {
    package var poll = PollPlan.Limits()
    package var machine = JobMachine.Limits()
    /// When ledgers are read.
    package var settlement = SettlementPlan()
    /// Most generations of one account at the site at once, per kind; a missing kind is bounded only by what the
    /// site's refusals teach.
    package var maximumInFlight: [MediaKind: Int] = [:]
    package var pick = AccountChooser.Pick.fewest
    /// Most jobs that are not terminal; more are refused as `queueFull`.
    package var maximumActiveJobs = 20_000
    /// How long an account lease lasts; it is renewed three times as often.
    package var lease: Duration = .seconds(60)
    /// How long an account without work keeps its lease and poller.
    package var idleWorker: Duration = .seconds(10)
    /// Whether results are copied into the media store.
    package var archivesMedia = true
    /// Results being copied at the same time.
    package var archiveParallelism = 4
    /// Results whose previews are made at the same time.
    package var previewParallelism = 2
    /// Largest result that is copied, in bytes.
    package var maximumMediaBytes: Int64 = 512 << 20
    /// Whether the day's free credits are claimed when an account has none left.
    package var claimsDailyCredits = true
    /// How long an upload is reused for equal bytes.
    package var uploadLife: Duration = .seconds(6 * 3600)
    /// Session accounts unused for this long are forgotten.
    package var idleAccountAge: Duration = .seconds(30 * 86400)

    package init() {}
}
