/// When to look at a running job again: early enough to be quick, seldom enough to be polite. Pure.
///
/// The site's forecast is 0.8 to 2.5 times the real run time, and learnt run times are better once there are some.
/// Before the earliest plausible end there is nothing to see; from then on the wait is a small share of the job's age,
/// so that the answer is late by at most that share.
package struct PollPlan: Sendable {
    package struct Limits: Sendable {
        /// Least wait between two rounds of one account.
        package var floor: Duration = .milliseconds(1000)
        /// Most wait, also when the site asks for longer.
        package var ceiling: Duration = .seconds(30)
        /// The same for images alone; nil = as for everything.
        package var imageCeiling: Duration?
        /// Share of the job's age that one wait may last.
        package var share = 0.05
        /// Most ids in one query.
        package var batch = 20
        /// Most queries of one account at the same time.
        package var parallel = 5

        package init() {}
    }

    package var limits: Limits

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// What is known about one job's time.
    package struct Knowledge: Sendable {
        package var submittedAt: Timestamp
        package var kind: MediaKind
        package var estimate: RunTimeEstimate?
        package var typical: Duration?
        package var forecastQueue: Duration?
        package var forecastRun: Duration?
        package var queuePosition: Int?
        package var pollingInterval: Duration?
        /// Looks that did not find the job, in a row.
        package var misses = 0
        /// Whether the answer to the submission was lost.
        package var isLookUp = false

        package init(submittedAt: Timestamp, kind: MediaKind) {
            self.submittedAt = submittedAt
            self.kind = kind
        }
    }

    /// The instant of the next look, seen from `now`.
    package func nextLook(_ job: Knowledge, at now: Timestamp) -> Timestamp {
        if job.isLookUp { return now + lookUpWait(job.misses) }
        if job.misses > 0 { return now + min(.seconds(10), max(limits.floor, .seconds(job.misses))) }
        if let position = job.queuePosition, position > 0 {
            let wait = (job.forecastQueue ?? .seconds(40)) / 4
            return now + min(limits.ceiling, max(.seconds(2), wait))
        }
        let earliest = job.submittedAt + .seconds(earliestEnd(job))
        let age = max(0, (now - job.submittedAt).inSeconds)
        let pace = max(limits.floor, .milliseconds(5), .seconds(age * limits.share))
        let ceiling = job.kind == .image ? min(limits.ceiling, limits.imageCeiling ?? limits.ceiling) : limits.ceiling
        let cap = min(ceiling, job.pollingInterval ?? ceiling)
        return min(max(earliest, now + pace), now + max(cap, limits.floor))
    }

    /// The instant of the first look after the site took the job.
    package func firstLook(_ job: Knowledge, at now: Timestamp) -> Timestamp {
        if job.isLookUp { return max(now, job.submittedAt + lookUpWait(0)) }
        if let position = job.queuePosition, position > 0 { return nextLook(job, at: now) }
        return min(job.submittedAt + .seconds(earliestEnd(job)), now + limits.ceiling)
    }

    /// When the job should end, for people; nil when nothing is known.
    package func expectedEnd(_ job: Knowledge) -> Timestamp? {
        let queue = job.forecastQueue ?? .zero
        if let estimate = job.estimate, estimate.samples >= 2 {
            return job.submittedAt + queue + .seconds(estimate.mean)
        }
        guard let run = job.forecastRun ?? job.typical else { return nil }
        return job.submittedAt + queue + run
    }

    /// Seconds after the submission before which an end is implausible.
    private func earliestEnd(_ job: Knowledge) -> Double {
        let queue = (job.forecastQueue ?? .zero).inSeconds * 0.4
        if let estimate = job.estimate, estimate.samples >= 3 { return queue + estimate.early }
        if let run = job.forecastRun { return queue + run.inSeconds * 0.4 }
        if let typical = job.typical { return queue + typical.inSeconds * 0.4 }
        return job.kind == .image ? 2 : 10
    }

    /// 2, 4, 8, 15, 30, 30 ... seconds (field-notes.md (c)).
    private func lookUpWait(_ misses: Int) -> Duration {
        let waits = [2, 4, 8, 15, 30]
        return .seconds(waits[min(misses, waits.count - 1)])
    }
}
