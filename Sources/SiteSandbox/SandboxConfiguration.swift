/// How the simulated site behaves.
package struct SandboxConfiguration: Sendable {
    /// Where it listens. Anything but a loopback address exposes it to others; it holds nothing of value.
    package var host = "127.0.0.1"
    /// 0 lets the system choose; ``SandboxServer/boundPort()`` tells which.
    package var port = 0
    /// Whether requests are judged as our own client's must be: signature and clock, application id, pixel sizes, counts.
    /// Otherwise only what makes a request impossible to serve is refused, as for older clients of the site.
    package var isStrict = true
    /// How long an ordinary job takes, without waiting in line.
    package var runTime: Duration = .seconds(4)
    /// How long an ordinary video takes, without waiting in line.
    package var videoRunTime: Duration = .seconds(10)
    /// Whether video models that a region no longer serves are listed and taken, as before September 2026.
    package var servesFormerVideoModels = false
    /// All durations of the simulation are divided by this; above 0.
    package var speed = 1.0
    /// The gift credits of a new account, unless its script says otherwise.
    package var credits = 100_000
    /// After which time a charge appears in the ledger.
    package var ledgerDelay: Duration = .seconds(20)
    /// The most ids one history query may name.
    package var batchLimit = 20
    /// Makes chance repeatable: forecasts, dropped connections, identifiers.
    package var seed: UInt64 = 20_260_928
    /// Bound of the cache of drawn pictures, in bytes.
    package var pictureCacheBytes = 64 << 20
    /// How many jobs are kept at most, finished ones; older ones are forgotten.
    package var keptJobs = 20_000
    /// How long a finished job is kept, by the clock, not divided by `speed`.
    package var keptFor: Duration = .seconds(3_600)

    /// How long upload keys can be used, by the clock, not divided by `speed`.
    package var uploadKeyLife: Duration = .seconds(3_600)
    /// How many uploads are kept at most; older ones are forgotten.
    package var keptUploads = 20_000

    /// The file that remembers accepted jobs, charges, gifts and uploads of sessions that begin with `sandbox-`, as JSON
    /// lines, so that they outlive this process however it ends; nil remembers nothing. Read and rewritten, without what is
    /// older than `keptFor`, at each start; one process may use it at a time.
    package var journal: String?

    package init() {}

    /// A duration of the simulation in milliseconds of the clock.
    func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let exact = Double(seconds) * 1_000 + Double(attoseconds) / 1e15
        return Int64((exact / max(speed, 0.000_1)).rounded())
    }
}
