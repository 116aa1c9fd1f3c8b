import SiteWire

/// What outlives the process: one line of the journal each.
enum JournalEvent: Sendable {
    /// The highest numbers given out, so that none is given out twice.
    case counters(jobs: Int, uploads: Int)
    /// An account as it stood when the journal was rewritten.
    case account(session: String, region: SiteRegion, credits: Int, claimedDay: Int64?)
    /// An accepted job; `isPaid` when an account above it has its charge in already.
    case job(SandboxJob, session: String, isPaid: Bool)
    /// Times in milliseconds since 1970.
    case cancelled(job: Int, at: Int64)
    case continued(job: Int, at: Int64)
    case claimed(session: String, region: SiteRegion, at: Int64)
    /// A committed upload.
    case upload(SandboxUpload)
}
