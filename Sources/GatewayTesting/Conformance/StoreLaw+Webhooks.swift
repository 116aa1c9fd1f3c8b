import GatewayCore
import Testing

extension StoreLaw {
    static let webhooks: [StoreLaw] = [
        StoreLaw("the end of a job with a webhook is due for announcement at once") { subject in
            for (number, end) in [JobState.succeeded, .partial, .failed, .canceled].enumerated() {
                let job = try await subject.store.addWebhook(number + 1, through: [.submitting, .running])
                #expect(try await subject.store.webhook(of: job.id) == nil)
                _ = try await subject.store.end(job, as: end)
                let record = WebhookRecord(
                    state: .open, attempts: 0, dueAt: .sample + .seconds(5), lastStatus: nil)
                #expect(try await subject.store.webhook(of: job.id) == record, "\(end)")
            }
            let reopened = try await subject.reopen()
            #expect(try await reopened.earliestWebhook() == .sample + .seconds(5))
        },
        StoreLaw("a job without a webhook is not announced") { subject in
            let job = try await subject.store.add(.sample(), through: .submitting, .running)
            _ = try await subject.store.end(job, as: .succeeded)
            #expect(try await subject.store.webhook(of: job.id) == nil)
            #expect(try await subject.store.earliestWebhook() == nil)
        },
        StoreLaw("an end that is not written is not announced") { subject in
            let job = try await subject.store.addWebhook(1, through: [.submitting, .running])
            await expectConflict("an old revision") {
                _ = try await subject.store.end(job.with { $0.revision -= 1 }, as: .succeeded)
            }
            #expect(try await subject.store.webhook(of: job.id) == nil)
        },
        StoreLaw("an end that is written again is announced once") { subject in
            let store = subject.store
            let job = try await store.endedWebhook(1)
            let delivery = try #require(try await store.claim(at: 5).first)
            #expect(try await store.recordWebhook(.delivered(status: 204), of: delivery, at: .sample))
            _ = try await store.save(job, expecting: .succeeded, lease: nil)
            #expect(try await store.webhook(of: job.id)?.state == .delivered)
            #expect(try await store.earliestWebhook() == nil)
        },
        StoreLaw("what is due is claimed once, and again when the claim has run out") { subject in
            let store = subject.store
            let job = try await store.endedWebhook(1)
            #expect(try await store.claim(at: 4).isEmpty)
            #expect(try await store.claim(at: 5) == [WebhookDelivery(generation: job.id, attempt: 1)])
            #expect(try await store.claim(at: 64).isEmpty)
            #expect(try await store.earliestWebhook() == .sample + .seconds(65))
            #expect(try await store.claim(at: 65) == [WebhookDelivery(generation: job.id, attempt: 2)])
        },
        StoreLaw("no more are claimed than asked for, the earliest first") { subject in
            let store = subject.store
            for number in 1...5 { _ = try await store.endedWebhook(number, after: 10 - number) }
            #expect(try await store.claim(at: 100, limit: 0).isEmpty)
            let first = try await store.claim(at: 100, limit: 2).map(\.generation)
            #expect(Set(first) == [.sample(4), .sample(5)])
            #expect(try await store.claim(at: 100, limit: 10).count == 3)
        },
        StoreLaw("claims at the same time never give one delivery twice") { subject in
            let store = subject.store
            for number in 1...20 { _ = try await store.endedWebhook(number) }
            let claimed = try await withThrowingTaskGroup(of: [WebhookDelivery].self) { group in
                for _ in 0..<8 { group.addTask { try await store.claim(at: 5, limit: 4) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 20)
            #expect(Set(claimed.map(\.generation)).count == 20)
        },
        StoreLaw("a failed attempt is due again when it says, a delivered or abandoned one never") { subject in
            let store = subject.store
            let ends: [(WebhookResult, WebhookRecord)] = [
                (
                    .failed(status: 500, next: .sample + .seconds(30)),
                    WebhookRecord(state: .open, attempts: 1, dueAt: .sample + .seconds(30), lastStatus: 500)
                ),
                (
                    .failed(status: nil, next: .sample + .seconds(40)),
                    WebhookRecord(state: .open, attempts: 1, dueAt: .sample + .seconds(40), lastStatus: nil)
                ),
                (
                    .delivered(status: 200),
                    WebhookRecord(state: .delivered, attempts: 1, dueAt: nil, lastStatus: 200)
                ),
                (
                    .abandoned(status: 410),
                    WebhookRecord(state: .abandoned, attempts: 1, dueAt: nil, lastStatus: 410)
                ),
            ]
            for (number, (result, record)) in ends.enumerated() {
                let job = try await store.endedWebhook(number)
                let delivery = try #require(try await store.claim(at: 5).first { $0.generation == job.id })
                #expect(try await store.recordWebhook(result, of: delivery, at: .sample + .seconds(6)))
                #expect(try await store.webhook(of: job.id) == record)
            }
            #expect(try await store.earliestWebhook() == .sample + .seconds(30))
        },
        StoreLaw("only the newest claim may record, and only once") { subject in
            let store = subject.store
            let job = try await store.endedWebhook(1)
            let first = try #require(try await store.claim(at: 5).first)
            let second = try #require(try await store.claim(at: 65).first)
            #expect(try await store.recordWebhook(.delivered(status: 200), of: first, at: .sample) == false)
            #expect(try await store.webhook(of: job.id)?.state == .open)
            #expect(try await store.recordWebhook(.delivered(status: 200), of: second, at: .sample))
            #expect(try await store.recordWebhook(.abandoned(status: nil), of: second, at: .sample) == false)
            #expect(try await store.webhook(of: job.id)?.state == .delivered)
        },
        StoreLaw("a removed job takes its announcement along") { subject in
            let store = subject.store
            let job = try await store.endedWebhook(1)
            let delivery = try #require(try await store.claim(at: 5).first)
            #expect(try await store.removeJob(job.id))
            #expect(try await store.earliestWebhook() == nil)
            #expect(try await store.recordWebhook(.delivered(status: 200), of: delivery, at: .sample) == false)
        },
        StoreLaw("settled announcements are forgotten after a while, open ones never") { subject in
            let store = subject.store
            for number in 1...2 { _ = try await store.endedWebhook(number) }
            let delivery = try #require(try await store.claim(at: 5, limit: 1).first)
            _ = try await store.recordWebhook(.delivered(status: 200), of: delivery, at: .sample + .seconds(9))
            #expect(try await store.removeSettledWebhooks(before: .sample + .seconds(9)) == 0)
            #expect(try await store.removeSettledWebhooks(before: .sample + .seconds(10)) == 1)
            #expect(try await store.webhook(of: delivery.generation) == nil)
            #expect(try await store.earliestWebhook() != nil)
        },
    ]
}

extension JobStore where Self: WebhookStore {
    fileprivate func addWebhook(_ number: Int, through states: [JobState]) async throws -> Job {
        try await add(.sample(number, sealedWebhook: [1, 2, 3]), through: states)
    }

    fileprivate func end(_ job: Job, as state: JobState, after seconds: Int = 5) async throws -> Job {
        let ended = job.with { job in
            job.state = state
            job.completedAt = .sample + .seconds(seconds)
        }
        return try await save(ended, expecting: job.state, lease: nil)
    }

    /// A job that ended at the fifth second.
    fileprivate func endedWebhook(_ number: Int, after seconds: Int = 5) async throws -> Job {
        try await end(addWebhook(number, through: [.submitting, .running]), as: .succeeded, after: seconds)
    }

    fileprivate func claim(at seconds: Int, limit: Int = 100) async throws -> [WebhookDelivery] {
        let now = Timestamp.sample + .seconds(seconds)
        return try await claimWebhooks(dueAt: now, until: now + .seconds(60), limit: limit)
    }
}
