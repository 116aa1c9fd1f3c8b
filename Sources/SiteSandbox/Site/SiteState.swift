import SiteWire
import WireJSON

/// Everything the simulated site remembers. A plain value: its owner locks it, passes the time in and performs what it
/// answers.
struct SiteState {
    let configuration: SandboxConfiguration
    private let keepsEvents: Bool
    private var events: [JournalEvent] = []
    private(set) var accounts: [String: SandboxAccount] = [:]
    private(set) var accountOrder: [String] = []
    private(set) var jobs: [Int: SandboxJob] = [:]
    /// The newest job of an account's submit id.
    private var bySubmitID: [String: Int] = [:]
    var jobCount = 0
    /// The kept jobs, oldest first, from the place `oldest` on.
    private var jobsByAge: [Int] = []
    private var oldest = 0
    private(set) var uploads: [Int: SandboxUpload] = [:]
    var uploadCount = 0
    /// The number of the oldest upload that may still be kept.
    private var oldestUpload = 1
    private var keys: [String: UploadKeys] = [:]
    /// Access key ids, oldest first.
    private var keysByAge: [String] = []
    private var keyCount = 0
    private(set) var serial: UInt64 = 0
    var requests: [String: Int] = [:]
    /// What correct clients would not have done, oldest first; the texts are bounded, the count is not.
    private(set) var violations: [String] = []
    private(set) var violationCount = 0

    static let accountLimit = 10_000
    private static let keyLimit = 4_096

    /// With `keepsEvents` what is worth remembering is noted for the owner to take (``takeEvents()``).
    init(configuration: SandboxConfiguration, keepsEvents: Bool = false) {
        self.configuration = configuration
        self.keepsEvents = keepsEvents
    }

    /// A number no other answer has.
    mutating func nextSerial() -> UInt64 {
        serial += 1
        return configuration.seed &+ serial
    }

    /// Notes what must outlive this process. Of sessions that could be real ones nothing is written anywhere.
    mutating func remember(_ event: JournalEvent, of sessionID: String) {
        if keepsEvents, sessionID.hasPrefix("sandbox-") { events.append(event) }
    }

    /// What was noted since the last time.
    mutating func takeEvents() -> [JournalEvent] {
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    mutating func note(violation: String) {
        violationCount += 1
        if violations.count < SandboxAccount.violationLimit { violations.append(violation) }
    }

    // MARK: - Accounts

    /// The caller's account, made at the first call. When there are too many, the oldest one is forgotten.
    mutating func withAccount<Value>(
        of caller: SandboxCaller, at now: Int64, _ body: (inout SandboxAccount) -> Value
    ) -> Value {
        let key = caller.accountKey
        var account = accounts[key] ?? makeAccount(for: caller)
        // Written back below; taken out so that it is not copied.
        accounts[key] = nil
        settle(&account, at: now)
        let value = body(&account)
        accounts[key] = account
        return value
    }

    private mutating func makeAccount(for caller: SandboxCaller) -> SandboxAccount {
        accountOrder.append(caller.accountKey)
        if accountOrder.count > Self.accountLimit { accounts[accountOrder.removeFirst()] = nil }
        return SandboxAccount(
            sessionID: caller.sessionID, region: caller.region, script: caller.script,
            credits: caller.script.credits ?? configuration.credits)
    }

    /// Settles an account without doing anything else to it; nil when there is none.
    mutating func settledAccount(_ key: String, at now: Int64) -> SandboxAccount? {
        guard var account = accounts[key] else { return nil }
        settle(&account, at: now)
        accounts[key] = account
        return account
    }

    /// Gives back the charges of jobs that have failed in the meantime.
    private mutating func settle(_ account: inout SandboxAccount, at now: Int64) {
        for number in account.watchedJobs {
            guard let job = jobs[number], !job.isSettled, let end = job.walk.endsAt, end <= now else { continue }
            jobs[number]?.isSettled = true
            guard job.isRefunded else { continue }
            account.credits += job.price
            let delay = ledgerDelay(
                of: SandboxCaller(sessionID: account.sessionID, region: account.region), job: number)
            account.book(refund: job, at: end, visibleAt: end + delay)
        }
        account.watchedJobs.removeAll { jobs[$0]?.isSettled ?? true }
    }

    // MARK: - Uploads

    /// Makes keys; of too many the oldest ones are forgotten.
    mutating func addKeys(for caller: SandboxCaller, links: MediaLinks, expiresAt: Int64) -> UploadKeys {
        keyCount += 1
        let made = UploadKeys(keyCount, for: caller, links: links, expiresAt: expiresAt)
        keys[made.accessKeyID] = made
        keysByAge.append(made.accessKeyID)
        if keysByAge.count > Self.keyLimit {
            for id in keysByAge.prefix(Self.keyLimit / 4) { keys[id] = nil }
            keysByAge.removeFirst(Self.keyLimit / 4)
        }
        return made
    }

    func uploadKeys(accessKeyID: String) -> UploadKeys? { keys[accessKeyID] }

    /// Files the announcement of an upload and forgets the oldest ones.
    mutating func addUpload(
        isImage: Bool, size: Int, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) -> SandboxUpload {
        uploadCount += 1
        let upload = SandboxUpload(
            number: uploadCount, isImage: isImage, size: size, caller: caller, createdAt: now, links: links)
        file(upload)
        return upload
    }

    mutating func file(_ upload: SandboxUpload) {
        uploads[upload.number] = upload
        while uploads.count > max(1, configuration.keptUploads), oldestUpload <= uploadCount {
            uploads[oldestUpload] = nil
            oldestUpload += 1
        }
    }

    func upload(_ number: Int) -> SandboxUpload? { uploads[number] }

    mutating func updateUpload(_ number: Int, _ change: (inout SandboxUpload) -> Void) {
        if var upload = uploads[number] {
            change(&upload)
            uploads[number] = upload
        }
    }

    // MARK: - Jobs

    /// Files a new job and forgets old ones.
    mutating func add(_ order: SandboxOrder, at price: Int, caller: SandboxCaller, now: Int64) -> SandboxJob {
        jobCount += 1
        let script = caller.script
        let isVideo = order.isVideo
        let run = configuration.milliseconds(
            script.runTime ?? (isVideo ? configuration.videoRunTime : configuration.runTime))
        let wait =
            script.queueTime(isVideo: isVideo).map { configuration.milliseconds($0) } ?? run * (isVideo ? 30 : 12) / 100
        var order = order
        if script == .forced4, order.hasFreeCount { order.count = 4 }
        let job = SandboxJob(
            number: jobCount, accountKey: caller.accountKey, submitID: order.submitID, order: order, price: price,
            walk: JobWalk(
                submittedAt: now, queueTime: wait, runTime: run, count: order.count,
                ending: order.ending ?? ending(of: caller),
                firstPlace: script.firstPlace(isVideo: isVideo), startsAt45: script == .early45 || script == .endless45)
        )
        file(job, at: now)
        return job
    }

    mutating func file(_ job: SandboxJob, at now: Int64) {
        jobs[job.number] = job
        jobsByAge.append(job.number)
        bySubmitID[Self.key(job.accountKey, job.submitID)] = job.number
        forgetOldJobs(at: now)
    }

    private static func key(_ accountKey: String, _ submitID: String) -> String { accountKey + " " + submitID }

    /// Finished jobs are kept for a time and up to a number, running ones up to twice that number. A few are looked at for
    /// every new one, the oldest first; a running one goes to the end of the line.
    private mutating func forgetOldJobs(at now: Int64) {
        for _ in 0..<4 {
            guard jobsByAge.indices.contains(oldest) else { return }
            let number = jobsByAge[oldest]
            guard let job = jobs[number] else { return }
            let end = job.walk.endsAt.flatMap { $0 <= now ? $0 : nil }
            let isOld = end.map { $0 + configuration.keptFor.components.seconds * 1_000 < now } ?? false
            let isSpare = end != nil && jobs.count > configuration.keptJobs
            if isOld || isSpare || jobs.count > configuration.keptJobs * 2 {
                jobs[number] = nil
                let key = Self.key(job.accountKey, job.submitID)
                if bySubmitID[key] == number { bySubmitID[key] = nil }
            } else if end == nil {
                jobsByAge.append(number)
            } else {
                return
            }
            oldest += 1
        }
        if oldest > 1_024, oldest > jobsByAge.count / 2 {
            jobsByAge.removeFirst(oldest)
            oldest = 0
        }
    }

    func job(number: Int) -> SandboxJob? { jobs[number] }

    /// The caller's job with this `history_record_id`.
    func job(historyID: String, of caller: SandboxCaller) -> SandboxJob? {
        guard let job = SandboxJob.number(historyID: historyID).flatMap({ jobs[$0] }),
            job.accountKey == caller.accountKey
        else { return nil }
        return job
    }

    /// The caller's newest job with this `submit_id`.
    func job(submitID: String, of caller: SandboxCaller) -> SandboxJob? {
        bySubmitID[Self.key(caller.accountKey, submitID)].flatMap { jobs[$0] }
    }

    mutating func update(_ number: Int, _ change: (inout SandboxJob) -> Void) {
        if var job = jobs[number] {
            change(&job)
            jobs[number] = job
        }
    }

    /// How many of the account's jobs are not over.
    func runningJobs(of account: SandboxAccount, at now: Int64) -> Int {
        account.watchedJobs.count { jobs[$0]?.walk.endsAt.map { $0 > now } ?? true }
    }

    /// Seconds the site would forecast: 0.8 to 2.5 times what it will be.
    func forecast(for job: SandboxJob) -> Int64 {
        var chance = Chance(job.submitID, Int(truncatingIfNeeded: configuration.seed))
        return max(1, Int64((Double(job.walk.runTime) / 1_000 * chance.between(0.8, 2.5)).rounded()))
    }
}
