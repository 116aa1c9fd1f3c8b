import GatewayCore
import Testing

extension StoreLaw {
    static let usage: [StoreLaw] = [
        StoreLaw("a job's line opens with it and closes with its end") { subject in
            let store = subject.store
            let job = try await store.add(.sample(1, quotedCredits: 12), through: .submitting, .running)
            var line = UsageRecord(opening: job)
            #expect(try await store.usage(of: job.id) == line)
            #expect(try await store.uncheckedUsage().isEmpty)
            let ended = try await store.finish(job)
            line.close(with: ended)
            #expect(line.stage == .pending)
            #expect(line.quoted == 12)
            let reopened = try await subject.reopen()
            #expect(try await reopened.usage(of: job.id) == line)
            #expect(try await reopened.uncheckedUsage() == [.sample(): ended.completedAt])
            #expect(try await reopened.uncheckedUsage(of: .sample(), limit: 10) == [line])
            #expect(try await reopened.job(job.id)?.quotedCredits == 12)
        },
        StoreLaw("a job that was never submitted has cost nothing, and nobody looks for it") { subject in
            let store = subject.store
            let job = try await store.add(.sample(1, quotedCredits: 12))
            let ended = job.with { job in
                job.state = .failed
                job.completedAt = .sample + .seconds(3)
            }
            _ = try await store.save(ended, expecting: .queued, lease: nil)
            let line = try #require(try await store.usage(of: job.id))
            #expect(line.stage == .settled && line.charged == 0 && line.checkAt == nil)
            #expect(try await store.uncheckedUsage().isEmpty)
            #expect(try await store.spent(by: "owner-1", since: .sample) == SpentCredits())
        },
        StoreLaw("an end that is not written closes no line") { subject in
            let job = try await subject.store.add(.sample(), through: .submitting, .running)
            await expectConflict("an old revision") {
                _ = try await subject.store.finish(job.with { $0.revision -= 1 })
            }
            #expect(try await subject.store.usage(of: job.id)?.stage == .open)
        },
        StoreLaw("what the ledger told stands in the line and in the job, and may be told again") { subject in
            let store = subject.store
            let job = try await store.addFinished(1)
            let first = CreditCost(.settled, charged: 16, updatedAt: .sample + .seconds(200))
            let next = Timestamp.sample + .seconds(400)
            try await store.settle([UsageChange(generation: job.id, cost: first, checkAt: next)])
            #expect(try await store.job(job.id)?.cost == first)
            #expect(try await store.job(job.id)?.revision == job.revision)
            #expect(try await store.uncheckedUsage() == [.sample(): next])
            let second = CreditCost(.settled, charged: 16, refunded: 16, updatedAt: .sample + .seconds(401))
            for _ in 0..<2 {
                try await store.settle([UsageChange(generation: job.id, cost: second, checkAt: nil)])
                let line = try #require(try await store.usage(of: job.id))
                #expect(line.stage == .settled && line.charged == 16 && line.refunded == 16)
                #expect(line.settledAt == second.updatedAt && line.checkAt == nil)
            }
            let reopened = try await subject.reopen()
            #expect(try await reopened.job(job.id)?.cost == second)
            #expect(try await reopened.uncheckedUsage().isEmpty)
        },
        StoreLaw("a look that found nothing only moves the next one") { subject in
            let store = subject.store
            let job = try await store.addFinished(1)
            let next = Timestamp.sample + .seconds(700)
            try await store.settle([UsageChange(generation: job.id, cost: nil, checkAt: next)])
            #expect(try await store.usage(of: job.id)?.stage == .pending)
            #expect(try await store.job(job.id)?.cost == nil)
            #expect(try await store.uncheckedUsage() == [.sample(): next])
        },
        StoreLaw("a line of a job that has not ended can't be settled") { subject in
            let store = subject.store
            let job = try await store.add(.sample(), through: .submitting, .running)
            let cost = CreditCost(.settled, charged: 5, updatedAt: .sample)
            try await store.settle([
                UsageChange(generation: job.id, cost: cost, checkAt: nil),
                UsageChange(generation: .sample(99), cost: cost, checkAt: nil),
            ])
            #expect(try await store.usage(of: job.id)?.stage == .open)
            #expect(try await store.job(job.id)?.cost == nil)
            #expect(try await store.usage(of: .sample(99)) == nil)
        },
        StoreLaw("a line outlives its job, and is settled all the same") { subject in
            let store = subject.store
            let job = try await store.addFinished(1)
            #expect(try await store.removeJob(job.id))
            try await store.settle([
                UsageChange(
                    generation: job.id, cost: CreditCost(.settled, charged: 7, updatedAt: .sample), checkAt: nil)
            ])
            #expect(try await store.usage(of: job.id)?.charged == 7)
            #expect(try await store.spent(by: "owner-1", since: .sample) == SpentCredits(settled: 7))
        },
        StoreLaw("lines are found by account, submission and check, in order and within the limit") { subject in
            let store = subject.store
            for number in 1...4 { _ = try await store.addFinished(number, submittedAfter: number * 10) }
            _ = try await store.addFinished(5, account: .sample(2), submittedAfter: 50)
            let newest = try await store.usage(of: .sample(), submittedSince: .sample + .seconds(20), limit: 10)
            #expect(newest.map(\.generation) == [.sample(4), .sample(3), .sample(2)])
            let two = try await store.usage(of: .sample(), submittedSince: .sample, limit: 2)
            #expect(two.map(\.generation) == [.sample(4), .sample(3)])
            let unchecked = try await store.uncheckedUsage(of: .sample(), limit: 3)
            #expect(unchecked.map(\.generation) == [.sample(1), .sample(2), .sample(3)])
            #expect(try await Set(store.uncheckedUsage().keys) == [.sample(), .sample(2)])
        },
        StoreLaw("what an owner has spent is what was settled, and the quotes of what was not") { subject in
            let store = subject.store
            let settled = try await store.addFinished(1, quoted: 10)
            _ = try await store.addFinished(2, quoted: 20)
            _ = try await store.add(.sample(3, quotedCredits: 40))
            let lost = try await store.addFinished(4, quoted: 80)
            _ = try await store.addFinished(5, owner: "owner-2", quoted: 160)
            let old = try await store.addFinished(6, quoted: 320, createdAfter: -10)
            try await store.settle([
                UsageChange(
                    generation: settled.id, cost: CreditCost(.settled, charged: 9, refunded: 3, updatedAt: .sample),
                    checkAt: nil),
                UsageChange(generation: lost.id, cost: CreditCost(.unknown, updatedAt: .sample), checkAt: nil),
                UsageChange(
                    generation: old.id, cost: CreditCost(.settled, charged: 300, updatedAt: .sample), checkAt: nil),
            ])
            #expect(
                try await store.spent(by: "owner-1", since: .sample) == SpentCredits(settled: 6, reserved: 60))
            #expect(
                try await store.spent(by: "owner-1", since: .sample + .seconds(-10))
                    == SpentCredits(settled: 306, reserved: 60))
            #expect(try await store.spent(by: "nobody", since: .sample) == SpentCredits())
        },
        StoreLaw("a guess is set aside in place of the quote until the cost is known, and is no part of any sum") {
            subject in
            let store = subject.store
            let guessed = Job.sample(1)
            _ = try await store.insert(guessed, joining: .never, reserving: 8)
            _ = try await store.insert(.sample(2, quotedCredits: 3), joining: .never, reserving: 20)
            _ = try await store.insert(.sample(3, quotedCredits: 4), joining: .never, reserving: nil)
            let reopened = try await subject.reopen()
            #expect(try await reopened.usage(of: guessed.id) == UsageRecord(opening: guessed, reserving: 8))
            #expect(try await reopened.spent(by: "owner-1", since: .sample) == SpentCredits(reserved: 32))
            let query = UsageQuery(from: .sample, to: .sample + .seconds(1), groups: [])
            #expect(try await reopened.usageSums(query).map(\.reserved) == [7])
            // It stays until the ledger has said something, or never will.
            var jobs: [Job] = []
            for number in 1...2 {
                var job = try #require(try await reopened.job(.sample(number)))
                for state in [JobState.submitting, .running] {
                    let before = job.state
                    job.state = state
                    job.submissions = 1
                    job = try await reopened.save(job, expecting: before, lease: nil)
                }
                jobs.append(try await reopened.finish(job))
            }
            #expect(try await reopened.spent(by: "owner-1", since: .sample) == SpentCredits(reserved: 32))
            try await reopened.settle([
                UsageChange(
                    generation: jobs[0].id, cost: CreditCost(.settled, charged: 5, updatedAt: .sample), checkAt: nil),
                UsageChange(generation: jobs[1].id, cost: CreditCost(.unknown, updatedAt: .sample), checkAt: nil),
            ])
            #expect(
                try await reopened.spent(by: "owner-1", since: .sample) == SpentCredits(settled: 5, reserved: 4))
        },
        StoreLaw("sums are exact in every grouping") { subject in try await checkSums(subject.store) },
        StoreLaw("a day begins where the query says") { subject in
            let store = subject.store
            // 2026-09-21 14:13:20 UTC.
            _ = try await store.addFinished(1)
            var query = UsageQuery(from: .sample, to: .sample + .seconds(1))
            #expect(try await store.usageSums(query).map(\.day) == [20_717])
            query.dayOffset = .seconds(14 * 3600)
            #expect(try await store.usageSums(query).map(\.day) == [20_718])
        },
        StoreLaw("a price is remembered for its account until a newer one takes its place") { subject in
            let store = subject.store
            let market = PriceMarket(region: .jp, isSandbox: false)
            func price(_ credits: Int, _ account: Int, _ seconds: Int) -> LearntPrice {
                LearntPrice(
                    key: PriceKey(rawValue: "image/a/2k/x4/text"), account: .sample(account), market: market,
                    credits: credits, learntAt: .sample + .seconds(seconds))
            }
            try await store.saveLearntPrices([price(12, 1, 0), price(15, 2, 1)])
            try await store.saveLearntPrices([price(13, 1, 2)])
            try await store.saveLearntPrices([])
            let reopened = try await subject.reopen()
            #expect(try await reopened.learntPrices() == [price(13, 1, 2), price(15, 2, 1)])
        },
    ]

    private static func checkSums(_ store: some JobStore & UsageStore) async throws {
        let video = GenerationTask.video(
            VideoTask(
                model: "film", prompt: "", ratio: "16:9", resolution: "720p", seconds: 5, seed: 1, mode: .text))
        let first = try await store.addFinished(1, quoted: 12)
        let second = try await store.addFinished(2, as: .failed, account: .sample(2), quoted: 12)
        let third = try await store.addFinished(3, task: video, createdAfter: 86_400)
        _ = try await store.addFinished(4, owner: "owner-2", as: .canceled, quoted: 3)
        _ = try await store.add(.sample(5, quotedCredits: 5))
        let fourth = try await store.addFinished(6, as: .partial)
        try await store.settle([
            UsageChange(
                generation: first.id, cost: CreditCost(.settled, charged: 12, updatedAt: .sample), checkAt: nil),
            UsageChange(
                generation: second.id, cost: CreditCost(.settled, charged: 12, refunded: 12, updatedAt: .sample),
                checkAt: nil),
            UsageChange(
                generation: third.id, cost: CreditCost(.settled, charged: 70, updatedAt: .sample), checkAt: nil),
            UsageChange(generation: fourth.id, cost: CreditCost(.unknown, updatedAt: .sample), checkAt: nil),
        ])
        var query = UsageQuery(from: .sample, to: .sample + .seconds(100_000), groups: [])
        var total = UsageSum()
        (total.generations, total.succeeded, total.failed, total.canceled) = (6, 3, 1, 1)
        (total.unsettled, total.reserved, total.unknown) = (2, 8, 1)
        (total.charged, total.refunded) = (94, 12)
        #expect(try await store.usageSums(query) == [total])
        #expect(total.used == 82)
        for groups in [[UsageQuery.Dimension.day], [.model], [.kind], [.key], [.account], [.day, .model, .key]] {
            query.groups = Set(groups)
            let parts = try await store.usageSums(query)
            #expect(parts.count > 1, "\(groups)")
            var sum = UsageSum()
            for part in parts { sum.add(part) }
            #expect(sum == total, "\(groups)")
        }
        query.groups = [.day, .kind]
        let days = try await store.usageSums(query)
        #expect(days.map(\.day) == [20_717, 20_718])
        #expect(days.map(\.kind) == [.image, .video])
        #expect(days.map(\.used) == [12, 70])
        query.groups = [.account]
        #expect(try await store.usageSums(query).map(\.account) == [nil, .sample(), .sample(2)])
        query.groups = [.key]
        #expect(try await store.usageSums(query).map(\.owner) == ["owner-1", "owner-2"])
        query.limit = 1
        #expect(try await store.usageSums(query).count == 1)
        query = UsageQuery(owner: "owner-2", from: .sample, to: .sample + .seconds(1), groups: [])
        #expect(try await store.usageSums(query).map(\.reserved) == [3])
        query.to = .sample
        #expect(try await store.usageSums(query).isEmpty)
    }
}

extension JobStore {
    /// Ends a job that is at the site.
    func finish(_ job: Job, as state: JobState = .succeeded, after seconds: Int = 60) async throws -> Job {
        let ended = job.with { job in
            job.state = state
            job.account = job.account ?? .sample()
            job.region = .cn
            job.submitID = job.submitID ?? .sample()
            job.submittedAt = job.submittedAt ?? .sample
            job.completedAt = .sample + .seconds(seconds)
        }
        return try await save(ended, expecting: job.state, lease: nil)
    }

    /// A job that was sent to the site and has ended a minute after the first instant.
    func addFinished(
        _ number: Int, owner: String = "owner-1", as state: JobState = .succeeded, account: AccountID = .sample(),
        task: GenerationTask = .textToImage(.sample()), quoted: Int? = nil, createdAfter created: Int = 0,
        submittedAfter submitted: Int = 0
    ) async throws -> Job {
        let job = try await add(
            .sample(
                number, owner: owner, task: task, quotedCredits: quoted, createdAt: .sample + .seconds(created)),
            through: .submitting, .running)
        let sent = job.with { job in
            job.account = account
            job.submitID = .sample(number)
            job.submittedAt = .sample + .seconds(submitted)
        }
        return try await finish(sent, as: state, after: 60 + submitted)
    }
}
