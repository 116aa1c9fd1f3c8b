import SiteWire
import WireJSON

extension SiteState {
    /// `aigc_draft/generate`.
    mutating func submit(
        _ call: SiteCall, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) throws(SandboxRefusal) -> (job: SandboxJob, isAnswered: Bool)? {
        let attempt = withAccount(of: caller, at: now) { account in
            account.submits += 1
            return account.submits
        }
        let check = SubmissionCheck(
            isStrict: configuration.isStrict, region: caller.region,
            servesFormerVideoModels: configuration.servesFormerVideoModels)
        let order = try settled(try check.read(call.body), caller: caller, at: now, links: links)
        if let history = order.continues {
            return (try resume(order, historyID: history, caller: caller, at: now), true)
        }
        let isNew = withAccount(of: caller, at: now) { account in
            let isNew = account.isNew(submitID: order.submitID)
            if !isNew { account.note(violation: "submit_id sent twice") }
            return isNew
        }
        if !isNew { note(violation: "submit_id sent twice") }
        if let ret = caller.script.submitRefusal {
            var refusal = SandboxRefusal(ret)
            refusal.hasEmptyFields = ret == 3018
            if caller.script == .vip { refusal.words = "vip membership required" }
            throw refusal
        }
        switch caller.script {
        case .clock where attempt == 1: throw SandboxRefusal(1014)
        case .giftOnly where Self.needsBoughtCredits(order.modelKey): throw SandboxRefusal(1006)
        case .ratelimit where attempt <= 2: throw SandboxRefusal(1057)
        case .concurrency:
            let running = withAccount(of: caller, at: now) { $0 }
            guard runningJobs(of: running, at: now) < 2 else { throw SandboxRefusal(1010) }
        case .videoLimit where order.isVideo:
            let running = withAccount(of: caller, at: now) { $0 }
            guard runningJobs(of: running, at: now) < 1 else { throw SandboxRefusal(1310) }
        case .lostsubmit where isNew: return nil
        default: break
        }
        let price = try charge(order, caller: caller, at: now)
        let job = add(order, at: price, caller: caller, now: now)
        let isWatched = needsWatching(job, script: caller.script)
        let visibleAt = now + ledgerDelay(of: caller, job: job.number)
        withAccount(of: caller, at: now) { account in
            account.jobs += 1
            if isWatched { account.watch(job.number) }
            account.book(charge: job, at: now, visibleAt: visibleAt)
        }
        remember(.job(job, session: caller.sessionID, isPaid: false), of: caller.sessionID)
        return (job, caller.script != .lostanswer)
    }

    private static func needsBoughtCredits(_ modelKey: String) -> Bool {
        SiteCatalogue.imageModels.contains { $0.needsPurchasedCredits && $0.upstreamKeys.values.contains(modelKey) }
    }

    /// Takes the price from the balance; refuses when there is too little.
    @discardableResult
    private mutating func charge(
        _ order: SandboxOrder, caller: SandboxCaller, at now: Int64
    ) throws(SandboxRefusal) -> Int {
        var priced = order
        if caller.script == .forced4, order.hasFreeCount { priced.count = 4 }
        let price = price(of: priced, caller: caller, at: now)
        let isPaid = withAccount(of: caller, at: now) { account in
            guard account.credits >= price else { return false }
            account.credits -= price
            return true
        }
        guard isPaid else { throw SandboxRefusal(1006) }
        return price
    }

    /// `action` 2: a job that has stopped at 45 goes on, for another charge. In any other state the site says 1002.
    private mutating func resume(
        _ order: SandboxOrder, historyID: String, caller: SandboxCaller, at now: Int64
    ) throws(SandboxRefusal) -> SandboxJob {
        guard let job = job(historyID: historyID, of: caller), job.submitID == order.submitID,
            job.walk.isStalled(at: now)
        else { throw SandboxRefusal(1002, "action 2 on a job that does not wait for it") }
        try charge(order, caller: caller, at: now)
        update(job.number) { $0.walk.continuedAt = now }
        let visibleAt = now + ledgerDelay(of: caller, job: job.number)
        withAccount(of: caller, at: now) { $0.book(charge: job, at: now, visibleAt: visibleAt) }
        remember(.continued(job: job.number, at: now), of: caller.sessionID)
        return jobs[job.number] ?? job
    }

    /// `aigc_draft/cancel_generate`: possible while the job waits in line.
    mutating func cancel(_ call: SiteCall, caller: SandboxCaller, at now: Int64) throws(SandboxRefusal) -> JSONValue {
        let body = try? JSONValue.parse(call.body)
        guard let historyID = body?["history_id"]?.string else { throw SandboxRefusal(1000, "history_id is missing") }
        guard let job = job(historyID: historyID, of: caller), job.walk.isQueued(at: now) else {
            throw SandboxRefusal(1002)
        }
        if caller.script == .noCancel { throw SandboxRefusal(1002) }
        update(job.number) { $0.walk.cancelledAt = now }
        withAccount(of: caller, at: now) { $0.watch(job.number) }
        remember(.cancelled(job: job.number, at: now), of: caller.sessionID)
        return [:]
    }
}
