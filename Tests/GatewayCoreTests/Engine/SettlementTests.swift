import GatewayCore
import GatewayTesting
import Logging
import Synchronization
import Testing

/// The engine finding out what generations have cost, with a scripted site and a clock moved by hand.
@Suite(.timeLimit(.minutes(10))) struct SettlementTests {
    private final class Bench: Sendable {
        let time = ManualTime()
        let store = MemoryStore()
        let site = ScriptedUpstream()
        let balances = BalanceBook()
        let prices = PriceBook(benefitType: { _, _ in "name" })
        /// What the ledger shows right now.
        let entries = Mutex<[AccountLedger.Entry]>([])
        let settled: AsyncStream<CreditCost>
        let engine: Engine

        /// `end`: how every generation ends at once.
        init(end: Observation.Reading = .succeeded([.sample()])) {
            var configuration = EngineConfiguration()
            configuration.archivesMedia = false
            let (settled, feed) = AsyncStream.makeStream(of: CreditCost.self)
            self.settled = settled
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let keeper = AccountKeeper(
                store: self.store, vault: TestVault(), time: time, logger: logger, balances: balances)
            engine = Engine(
                configuration: configuration, jobs: self.store, accounts: self.store, usage: self.store,
                media: MemoryMedia(), inputs: MemoryInputs(), vault: TestVault(), keeper: keeper, upstream: site,
                time: time, holder: "test", typicalRunTime: { _ in nil },
                prices: prices, costSettled: { _, cost in feed.yield(cost) },
                logger: logger)
            site.onSubmit { _, _, _ in .accepted(Observation(reading: end, historyID: "1")) }
            site.onLedger { [self] _ in
                AccountLedger(
                    entries: entries.withLock { $0 }, readSince: .sample + .seconds(-1000), balance: 77)
            }
        }

        func run(_ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.engine.run() }
                try await body(self)
                group.cancelAll()
            }
        }

        /// A generation that has ended.
        func generate(_ number: Int = 1, accounts: [AccountCredential] = [.sample()]) async throws -> Job {
            let request = NewGeneration(
                task: .textToImage(.sample(count: 1)), requestedModel: "jimeng-4.5", owner: "owner",
                fingerprint: "f\(number)", accounts: accounts)
            guard case .started(let job) = try await engine.start(request) else {
                throw GenerationFault(.internalError)
            }
            return try await engine.wait(for: job.id, until: time.now + .seconds(100_000))
        }

        func show(_ job: Job, _ credits: Int, isRefund: Bool = false) throws {
            let id = try #require(job.submitID)
            entries.withLock { $0.append(.init(submitID: id, credits: credits, isRefund: isRefund)) }
        }

        /// How often the ledger was read.
        var reads: [ScriptedUpstream.Call] {
            site.calls.filter { if case .ledger = $0 { true } else { false } }
        }

        /// Moves the clock from one sleeper to the next until the ledger has been read so often.
        func untilReads(_ count: Int) async throws {
            while reads.count < count { try await time.advanceToNextSleeper() }
        }

        func nextCost() async -> CreditCost? {
            for await cost in settled { return cost }
            return nil
        }
    }

    @Test func `one look, minutes later, settles all generations of an account`() async throws {
        let bench = Bench()
        try await bench.run { bench in
            var jobs: [Job] = []
            for number in 1...20 { jobs.append(try await bench.generate(number)) }
            #expect(jobs.allSatisfy { $0.costState == .pending && $0.creditsUsed == nil })
            for job in jobs { try bench.show(job, 12) }
            let start = bench.time.now
            try await bench.untilReads(1)
            #expect(bench.time.now - start >= .seconds(180))
            for _ in jobs { #expect(await bench.nextCost()?.used == 12) }
            for job in jobs {
                let stored = try await bench.engine.job(job.id)
                #expect(stored?.creditsUsed == 12 && stored?.costState == .settled)
            }
            #expect(bench.reads.count == 1)
            #expect(try await bench.store.spent(by: "owner", since: .sample) == SpentCredits(settled: 240))
            #expect(bench.balances[.sample()]?.credits == 77)
            #expect(try await bench.store.uncheckedUsage().isEmpty)
        }
    }

    @Test func `an entry that is late is found by a later look`() async throws {
        let bench = Bench()
        try await bench.run { bench in
            let job = try await bench.generate()
            try await bench.untilReads(3)
            #expect(try await bench.engine.job(job.id)?.costState == .pending)
            try bench.show(job, 12)
            try await bench.untilReads(4)
            #expect(await bench.nextCost()?.used == 12)
            #expect(try await bench.engine.job(job.id)?.creditsUsed == 12)
        }
    }

    @Test func `a failure costs what the ledger says, until it is given back`() async throws {
        let bench = Bench(end: .failed(GenerationFault(.outputFiltered), []))
        try await bench.run { bench in
            let job = try await bench.generate()
            #expect(job.state == .failed)
            try bench.show(job, 16)
            try await bench.untilReads(1)
            #expect(await bench.nextCost()?.used == 16)
            #expect(try await bench.engine.job(job.id)?.creditsUsed == 16)
            try bench.show(job, 16, isRefund: true)
            try await bench.untilReads(2)
            #expect(await bench.nextCost()?.used == 0)
            #expect(try await bench.engine.job(job.id)?.creditsUsed == 0)
            // What was given back is asked for only where something may have been.
            let asksForRefunds = bench.reads.allSatisfy {
                if case .ledger(_, _, let includesReceived) = $0 { includesReceived } else { false }
            }
            #expect(asksForRefunds)
        }
    }

    @Test func `what never shows up is given up after a day, with few looks`() async throws {
        let bench = Bench()
        try await bench.run { bench in
            let job = try await bench.generate()
            try await bench.untilReads(10)
            #expect(await bench.nextCost()?.state == .unknown)
            let stored = try #require(try await bench.engine.job(job.id))
            #expect(stored.costState == .unknown && stored.creditsUsed == nil)
            #expect(bench.time.now - (job.completedAt ?? .sample) >= .seconds(86_400))
            #expect(bench.reads.count == 10)
            #expect(try await bench.store.uncheckedUsage().isEmpty)
        }
    }

    @Test func `a ledger that can't be read is tried again later`() async throws {
        let bench = Bench()
        let count = Counter()
        try await bench.run { bench in
            let job = try await bench.generate()
            try bench.show(job, 12)
            bench.site.onLedger { [bench] _ throws(GenerationFault) in
                guard count.next() > 2 else { throw GenerationFault(.upstreamUnreachable) }
                return AccountLedger(entries: bench.entries.withLock { $0 }, readSince: .sample)
            }
            try await bench.untilReads(3)
            #expect(await bench.nextCost()?.used == 12)
        }
    }

    @Test func `a restart goes on looking`() async throws {
        let first = Bench()
        let ended = Mutex<Job?>(nil)
        try await first.run { bench in
            let job = try await bench.generate()
            ended.withLock { $0 = job }
        }
        let done = try #require(ended.withLock { $0 })
        #expect(first.reads.isEmpty)
        // The same store under a new engine; the account is known only by its sealed credential.
        let time = ManualTime(first.time.now + .seconds(1))
        let site = ScriptedUpstream()
        let (settled, feed) = AsyncStream.makeStream(of: CreditCost.self)
        let engine = Engine(
            configuration: EngineConfiguration(), jobs: first.store, accounts: first.store, usage: first.store,
            media: MemoryMedia(), inputs: MemoryInputs(), vault: TestVault(), upstream: site, time: time,
            holder: "next", typicalRunTime: { _ in nil }, costSettled: { _, cost in feed.yield(cost) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let id = try #require(done.submitID)
        site.onLedger { account in
            #expect(account.id == .sample())
            return AccountLedger(
                entries: [.init(submitID: id, credits: 12, isRefund: false)], readSince: .sample + .seconds(-1000))
        }
        site.onDownload { _, _ throws(GenerationFault) in throw GenerationFault(.upstreamUnreachable) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            while !site.calls.contains(where: { if case .ledger = $0 { true } else { false } }) {
                try await time.advanceToNextSleeper()
            }
            for await cost in settled {
                #expect(cost.used == 12)
                break
            }
            group.cancelAll()
        }
        #expect(try await first.store.job(done.id)?.creditsUsed == 12)
    }

    @Test func `what was paid is what the next one is quoted at`() async throws {
        let bench = Bench()
        try await bench.run { bench in
            let first = try await bench.generate()
            #expect(first.quotedCredits == nil)
            try bench.show(first, 12)
            try await bench.untilReads(1)
            #expect(await bench.nextCost()?.used == 12)
            let second = try await bench.generate(2)
            #expect(second.quotedCredits == 12)
            #expect(try await bench.store.spent(by: "owner", since: .sample).reserved == 12)
            #expect(try await bench.store.learntPrices().map(\.credits) == [12])
        }
    }

    @Test func `what may have been taken for nothing is not promised again, also when the answer was lost`()
        async throws
    {
        let bench = Bench()
        bench.prices.keep(
            SitePrices(["name": .init(unit: .result, credits: 10, freeUnits: 1)]), of: .sample(), at: bench.time.now)
        bench.site.onSubmit { _, _, _ in .unknown(GenerationFault(.submitUncertain)) }
        bench.site.onObserve { jobs, _ in
            Dictionary(
                uniqueKeysWithValues: jobs.map {
                    ($0.submitID, Observation(reading: .succeeded([.sample()]), historyID: "1"))
                })
        }
        try await bench.run { bench in
            let request = NewGeneration(
                task: .textToImage(.sample(count: 1)), requestedModel: "jimeng-4.5", owner: "owner",
                fingerprint: "f", accounts: [.sample()])
            guard case .started(let job) = try await bench.engine.start(request) else {
                throw GenerationFault(.internalError)
            }
            #expect(job.quotedCredits == 0)
            while try await bench.engine.job(job.id)?.state != .succeeded {
                try await bench.time.advanceToNextSleeper()
            }
            let estimate = bench.prices.estimate(for: job.task, accounts: [.sample()], at: .sample)
            #expect(estimate.quote == 10)
        }
    }

    @Test func `a generation that was refused has cost nothing, and nobody asks`() async throws {
        let bench = Bench()
        bench.site.onSubmit { _, _, _ in .refused(GenerationFault(.contentPolicyViolation)) }
        try await bench.run { bench in
            let job = try await bench.generate()
            #expect(job.state == .failed)
            #expect(job.creditsUsed == 0 && job.costState == .settled)
            #expect(try await bench.store.uncheckedUsage().isEmpty)
        }
        #expect(bench.reads.isEmpty)
    }
}
