/// What outlives the process: told as events, and made true again from them.
extension SiteState {
    /// Everything worth remembering, in the order it has to be read again. Uploads older than a week are left out.
    mutating func snapshot(at now: Int64) -> [JournalEvent] {
        var events = [JournalEvent.counters(jobs: jobCount, uploads: uploadCount)]
        for key in accountOrder {
            guard let account = settledAccount(key, at: now), account.sessionID.hasPrefix("sandbox-") else { continue }
            events.append(
                .account(
                    session: account.sessionID, region: account.region, credits: account.credits,
                    claimedDay: account.claimedDay))
        }
        for number in uploads.keys.sorted() {
            guard let upload = uploads[number], upload.isCommitted, upload.createdAt + Self.uploadLife > now,
                upload.sessionID.hasPrefix("sandbox-")
            else { continue }
            events.append(.upload(upload))
        }
        let kept = configuration.keptFor.components.seconds * 1_000
        for number in jobs.keys.sorted() {
            guard let job = jobs[number], let session = accounts[job.accountKey]?.sessionID,
                session.hasPrefix("sandbox-"), (job.walk.endsAt ?? now) + kept >= now
            else { continue }
            events.append(.job(job, session: session, isPaid: true))
        }
        return events
    }

    private static let uploadLife: Int64 = 7 * 86_400 * 1_000

    /// Makes what a line of the journal tells true again.
    mutating func replay(_ event: JournalEvent, at now: Int64, links: MediaLinks) {
        switch event {
        case .counters(let jobs, let uploads):
            jobCount = max(jobCount, jobs)
            uploadCount = max(uploadCount, uploads)
        case .account(let session, let region, let credits, let day):
            withAccount(of: SandboxCaller(sessionID: session, region: region), at: 0) { account in
                account.credits = credits
                account.claimedDay = day
            }
        case .upload(let upload):
            uploadCount = max(uploadCount, upload.number)
            file(upload)
        case .job(let job, let session, let isPaid):
            jobCount = max(jobCount, job.number)
            file(job, at: now)
            replay(job, session: session, isPaid: isPaid)
        case .cancelled(let number, let time):
            update(number) { $0.walk.cancelledAt = time }
            if let job = jobs[number], let account = accounts[job.accountKey] {
                let caller = SandboxCaller(sessionID: account.sessionID, region: account.region)
                withAccount(of: caller, at: 0) { $0.watch(number) }
            }
        case .continued(let number, let time):
            update(number) { $0.walk.continuedAt = time }
            if let job = jobs[number], let account = accounts[job.accountKey] {
                let caller = SandboxCaller(sessionID: account.sessionID, region: account.region)
                let visibleAt = time + ledgerDelay(of: caller, job: job.number)
                withAccount(of: caller, at: 0) { account in
                    account.credits -= job.price
                    account.book(charge: job, at: time, visibleAt: visibleAt)
                }
            }
        case .claimed(let session, let region, let time):
            withAccount(of: SandboxCaller(sessionID: session, region: region), at: 0) { account in
                _ = account.claim(Self.gift, at: time)
            }
        }
    }

    private mutating func replay(_ job: SandboxJob, session: String, isPaid: Bool) {
        let caller = SandboxCaller(sessionID: session, region: job.order.region)
        let (delay, isWatched) = (ledgerDelay(of: caller, job: job.number), needsWatching(job, script: caller.script))
        withAccount(of: caller, at: 0) { account in
            if !isPaid { account.credits -= job.price }
            account.jobs += 1
            _ = account.isNew(submitID: job.submitID)
            account.book(charge: job, at: job.walk.submittedAt, visibleAt: job.walk.submittedAt + delay)
            if job.isSettled {
                if job.isRefunded, let end = job.walk.endsAt {
                    account.book(refund: job, at: end, visibleAt: end + delay)
                }
            } else if isWatched {
                account.watch(job.number)
            }
        }
    }

    /// Whether the end of a job means something to its account.
    func needsWatching(_ job: SandboxJob, script: SandboxScript) -> Bool {
        script == .concurrency || (script == .videoLimit && job.order.isVideo) || job.isRefunded
    }
}
