import GatewayTesting
import Logging
import Synchronization
import Testing

@testable import GatewayCore

/// How jobs that no account can take find one.
@Suite(.timeLimit(.minutes(10))) struct WaitingJobTests {
    private typealias Bench = EngineTests.Bench

    /// A site that runs every job until its account is told to finish.
    private final class Switchboard: Sendable {
        private let finishing = Watched<Set<AccountID>>([])
        private let prompts = Mutex<[(prompt: String, account: AccountID)]>([])

        /// Lets every job of the account that is at the site end, also later ones.
        func finish(_ number: Int) { finishing.update { _ = $0.insert(.sample(number)) } }
        func hold(_ number: Int) { finishing.update { _ = $0.remove(.sample(number)) } }

        /// What was submitted, in order.
        var submitted: [(prompt: String, account: AccountID)] { prompts.withLock { $0 } }
        func accounts(of prompt: String) -> [AccountID] {
            submitted.filter { $0.prompt == prompt }.map(\.account)
        }

        init(_ site: ScriptedUpstream) {
            site.onSubmit { [self] task, _, account in
                note(task, account)
                return .accepted(Observation(reading: .running, historyID: "1"))
            }
            site.onObserve { [finishing] jobs, account in
                let isEnd = finishing.value.contains(account.id)
                return Dictionary(
                    uniqueKeysWithValues: jobs.map { job in
                        (job.submitID, Observation(reading: isEnd ? .succeeded([EngineTests.output()]) : .running))
                    })
            }
        }

        func note(_ task: GenerationTask, _ account: AccountCredential) {
            prompts.withLock { $0.append((task.prompt, account.id)) }
        }
    }

    private static func start(
        _ prompt: String, owner: String = "owner", accounts: [Int] = [1, 2], inputs: [InputMaterial] = [],
        in bench: Bench
    ) async throws -> Job {
        var request = bench.request(accounts: accounts.map { .sample($0) })
        let text = TextToImage.sample(prompt: prompt)
        request.task = inputs.isEmpty ? .textToImage(text) : .imageToImage(text, inputs: inputs)
        request.owner = owner
        request.fingerprint = prompt
        guard case .started(let job) = try await bench.engine.start(request) else {
            throw GenerationFault(.internalError)
        }
        return job
    }

    /// Fills accounts 1 and 2, one job each.
    private static func fill(_ bench: Bench) async throws {
        for name in ["first", "second"] { _ = try await start(name, in: bench) }
        try await bench.site.waitForSubmits(2)
    }

    private static func advance(_ bench: Bench, until isDone: () async throws -> Bool) async throws {
        while try await !isDone() { try await bench.time.advanceToNextSleeper() }
    }

    @Test(arguments: [1, 2])
    func `a job goes to whichever account gets a free place`(number: Int) async throws {
        let bench = Bench { $0.maximumInFlight[.image] = 1 }
        let site = Switchboard(bench.site)
        try await bench.run { bench in
            try await Self.fill(bench)
            _ = try await Self.start("third", in: bench)
            site.finish(number)
            try await Self.advance(bench) { bench.site.submits.count == 3 }
            #expect(site.accounts(of: "third") == [.sample(number)])
        }
    }

    /// Nothing has happened at that account here, so that nothing but the clock can tell.
    @Test func `a job goes to an account whose pause has ended by time`() async throws {
        let bench = Bench { $0.maximumInFlight[.image] = 1 }
        let site = Switchboard(bench.site)
        try await bench.run { bench in
            _ = try await Self.start("first", accounts: [1], in: bench)
            try await bench.site.waitForSubmits(1)
            try await bench.engine.keeper.register([.sample(2)])
            await bench.engine.keeper.note(.failed(.upstreamBusy), of: .sample(2))
            let until = try #require(bench.engine.keeper[.sample(2)]?.health.until)
            _ = try await Self.start("second", in: bench)
            try await bench.time.waitForSleeper(until: until)
            #expect(bench.site.submits.count == 1)
            bench.time.advance(to: until)
            try await bench.site.waitForSubmits(2)
            #expect(site.accounts(of: "second") == [.sample(2)])
        }
    }

    @Test func `a job goes to an account that is switched on, and to one that is repaired`() async throws {
        let bench = Bench { $0.maximumInFlight[.image] = 1 }
        let site = Switchboard(bench.site)
        try await bench.run { bench in
            _ = try await Self.start("first", accounts: [1], in: bench)
            try await bench.site.waitForSubmits(1)
            try await bench.engine.keeper.register([.sample(2), .sample(3)])
            bench.engine.keeper.setEnabled(false, .sample(2))
            await bench.engine.keeper.note(.failed(.riskControl), of: .sample(3))
            _ = try await Self.start("second", accounts: [1, 2, 3], in: bench)
            _ = try await Self.start("third", accounts: [1, 2, 3], in: bench)
            bench.engine.keeper.setEnabled(true, .sample(2))
            try await bench.site.waitForSubmits(2)
            #expect(site.accounts(of: "second") == [.sample(2)])
            await bench.engine.keeper.note(.cleared, of: .sample(3))
            try await bench.site.waitForSubmits(3)
            #expect(site.accounts(of: "third") == [.sample(3)])
        }
    }

    @Test func `a job whose inputs are at one account stays there`() async throws {
        let bench = Bench { $0.maximumInFlight[.image] = 1 }
        let site = Switchboard(bench.site)
        bench.site.onUpload { _, _, _ in UploadedMaterial(uri: "tos-cn-i/1") }
        bench.site.onReview { _, _ in }
        try await bench.run { bench in
            bench.engine.keeper.setEnabled(false, .sample(2))
            bench.store.failNextSave(to: .submitting, with: StoreFault(.unavailable, detail: "disk full"))
            let job = try await Self.start("prepared", inputs: [.sample()], in: bench)
            // It was uploaded and could not be submitted: on disk it waits for five seconds.
            try await bench.time.waitForSleeper(until: bench.time.now + .seconds(5))
            let account = try #require(try await bench.store.job(job.id)?.account)
            let own = account == .sample(1) ? 1 : 2
            _ = try await Self.start("other", accounts: [own], in: bench)
            try await bench.site.waitForSubmits(1)
            // The other account has a place, and nothing to do.
            bench.time.advance(by: .seconds(5))
            try await bench.site.waitForObserves(1)
            #expect(bench.site.submits.count == 1)
            site.finish(own)
            try await Self.advance(bench) { bench.site.submits.count == 2 }
            #expect(site.accounts(of: "prepared") == [account])
        }
    }

    @Test func `owners take turns also when their jobs move`() async throws {
        let bench = Bench { $0.maximumInFlight[.image] = 1 }
        let site = Switchboard(bench.site)
        try await bench.run { bench in
            try await Self.fill(bench)
            for number in 1...4 { _ = try await Self.start("a\(number)", owner: "a", in: bench) }
            for number in 1...2 { _ = try await Self.start("b\(number)", owner: "b", in: bench) }
            _ = try await Self.start("c1", owner: "c", in: bench)
            site.finish(2)
            try await Self.advance(bench) { bench.site.submits.count == 9 }
            #expect(
                site.submitted.dropFirst(2).map(\.prompt) == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"])
            #expect(site.submitted.dropFirst(2).allSatisfy { $0.account == .sample(2) })
        }
    }

    @Test(arguments: [true, false])
    func `a waiting job that is cancelled goes nowhere`(isByClientLeaving: Bool) async throws {
        let bench = Bench { $0.maximumInFlight[.image] = 1 }
        let site = Switchboard(bench.site)
        try await bench.run { bench in
            try await Self.fill(bench)
            let third = try await Self.start("third", in: bench)
            _ = try await Self.start("fourth", in: bench)
            if isByClientLeaving {
                await bench.engine.cancelIfWaiting(third.id)
            } else {
                #expect(try await bench.engine.cancel(third.id)?.state == .canceled)
            }
            #expect(try await EngineTests.end(of: third, in: bench).state == .canceled)
            #expect(try await bench.store.job(third.id)?.state == .canceled)
            site.finish(1)
            try await Self.advance(bench) { bench.site.submits.count == 3 }
            #expect(site.submitted.dropFirst(2).map(\.prompt) == ["fourth"])
        }
    }

    /// It has left the one account's line and is not yet in the other's.
    @Test func `a job that is cancelled between two accounts goes nowhere`() async throws {
        let bench = Bench()
        let third = Watched<GenerationID?>(nil)
        bench.site.onSubmit { _, _, account in
            guard account.id == .sample(1) else { return .accepted(Observation(reading: .running)) }
            // Only the engine hears of it, as if the worker had looked just before.
            if let id = try? await third.waitForValue() {
                bench.engine.state.withLock { _ = $0.cancelling.insert(id) }
            }
            return .refused(GenerationFault(.upstreamBusy))
        }
        try await bench.run { bench in
            try await bench.engine.keeper.register([.sample(1), .sample(2)])
            bench.engine.keeper.setEnabled(false, .sample(2))
            let job = try await Self.start("moving", in: bench)
            bench.engine.keeper.setEnabled(true, .sample(2))
            third.update { $0 = job.id }
            #expect(try await EngineTests.end(of: job, in: bench).state == .canceled)
            #expect(bench.site.submits.count == 1)
            bench.engine.forgetCancellations()
            #expect(bench.engine.state.withLock { $0.cancelling }.isEmpty)
        }
    }

    @Test func `while draining no waiting job moves`() async throws {
        let bench = Bench { $0.maximumInFlight[.image] = 1 }
        let site = Switchboard(bench.site)
        try await bench.run { bench in
            try await Self.fill(bench)
            let third = try await Self.start("third", in: bench)
            bench.engine.drain()
            site.finish(1)
            site.finish(2)
            // Both accounts have done their work and retire at once.
            try await Self.advance(bench) { await bench.engine.status.activeAccounts == 0 }
            #expect(bench.site.submits.count == 2)
            #expect(try await bench.store.job(third.id)?.state == .queued)
        }
    }

    @Test func `an account that lacks the model is tried when no better one is left`() async throws {
        let bench = Bench(
            configure: { $0.maximumInFlight[.image] = 1 },
            lacking: { model, kind, accounts in
                #expect(model == "jimeng-4.5" && kind == .image)
                return Set(accounts).intersection([.sample(2)])
            })
        let site = Switchboard(bench.site)
        try await bench.run { bench in
            _ = try await Self.start("first", in: bench)
            try await bench.site.waitForSubmits(1)
            let second = try await Self.start("second", in: bench)
            #expect(site.accounts(of: "first") == [.sample(1)])
            #expect(try await bench.engine.job(second.id)?.state == .queued)
            await bench.engine.keeper.note(.failed(.riskControl), of: .sample(1))
            try await bench.site.waitForSubmits(2)
            #expect(site.accounts(of: "second") == [.sample(2)])
        }
    }

    @Test func `waiting jobs fail when the last account that could take them is stopped`() async throws {
        let bench = Bench { $0.maximumInFlight[.image] = 1 }
        _ = Switchboard(bench.site)
        try await bench.run { bench in
            try await Self.fill(bench)
            let third = try await Self.start("third", in: bench)
            await bench.engine.keeper.note(.failed(.riskControl), of: .sample(1))
            #expect(try await bench.engine.job(third.id)?.state == .queued)
            await bench.engine.keeper.note(.failed(.accountBlocked), of: .sample(2))
            #expect(try await EngineTests.end(of: third, in: bench).state == .failed)
            #expect(bench.site.submits.count == 2)
        }
    }

    @Test func `an account whose limit is unknown takes its share and leaves the rest to others`() async throws {
        let bench = Bench()
        let site = Switchboard(bench.site)
        let gate = Watched(false)
        bench.site.onSubmit { task, _, account in
            site.note(task, account)
            try? await gate.wait { $0 }  // Cancellation only: then the test is over.
            return .accepted(Observation(reading: .running, historyID: "1"))
        }
        try await bench.run { bench in
            try await bench.engine.keeper.register([.sample(1), .sample(2)])
            for number in 1...2 { await bench.engine.keeper.note(.failed(.upstreamBusy), of: .sample(number)) }
            for number in 1...40 { _ = try await Self.start("\(number)", in: bench) }
            await bench.engine.keeper.note(.cleared, of: .sample(1))
            try await bench.site.waitForSubmits(20)
            await bench.engine.keeper.note(.cleared, of: .sample(2))
            try await bench.site.waitForSubmits(30)
            #expect(site.submitted.prefix(20).allSatisfy { $0.account == .sample(1) })
            #expect(site.submitted.dropFirst(20).prefix(10).allSatisfy { $0.account == .sample(2) })
            gate.update { $0 = true }
            try await bench.site.waitForSubmits(40)
        }
    }

    @Test func `a job that its account is to be asked for again is asked for there also after a restart`()
        async throws
    {
        let store = MemoryStore()
        let credential = AccountCredential.sample()
        _ = try await store.upsert(
            StoredAccount(
                id: credential.id, region: credential.region, isSandbox: credential.isSandbox,
                sealedCredential: try TestVault().seal(Secret(credential.session.reveal() + "\n")), preview: "****",
                createdAt: .sample, lastUsedAt: .sample))
        var job = Job.sample(1, candidates: [credential.id])
        _ = try await store.insert(job, joining: .never)
        job.account = credential.id
        job.refusals = [AccountRefusal(account: credential.id, fault: GenerationFault(.upstreamConcurrencyLimit))]
        job.notBefore = .sample + .seconds(30)
        _ = try await store.save(job, expecting: .queued, lease: nil)
        let bench = Bench(store: store)
        _ = Switchboard(bench.site)
        try await bench.run { bench in
            try await Self.advance(bench) { bench.site.submits.count == 1 }
            #expect(bench.time.now >= .sample + .seconds(30))
        }
    }

    /// Twenty accounts rest, and open one after another; each has two places.
    @Test func `a flood ends with every account at work and every job sent once`() async throws {
        let bench = Bench {
            $0.maximumInFlight[.image] = 2
            // The ledgers are another test's matter.
            $0.settlement.firstLook = .seconds(80_000)
        }
        let site = Switchboard(bench.site)
        let accounts = Array(1...20)
        for number in accounts { site.finish(number) }
        try await bench.run { bench in
            try await bench.engine.keeper.register(accounts.map { .sample($0) })
            for number in accounts {
                await bench.engine.keeper.note(.failed(.upstreamBusy), of: .sample(number))
            }
            var jobs: [Job] = []
            for number in 1...2000 {
                jobs.append(
                    try await Self.start("\(number)", owner: "owner-\(number % 7)", accounts: accounts, in: bench))
            }
            #expect(bench.site.submits.isEmpty)
            await bench.engine.keeper.note(.cleared, of: .sample(7))
            try await Self.advance(bench) { bench.engine.hub.count == 0 }
            #expect(bench.site.submits.count == 2000)
            #expect(Set(bench.site.submits).count == 2000)
            #expect(Set(site.submitted.map(\.prompt)).count == 2000)
            let perAccount = Dictionary(grouping: site.submitted, by: \.account).mapValues(\.count)
            #expect(perAccount.count == 20 && perAccount.values.allSatisfy { $0 > 50 })
            for job in jobs { #expect(try await bench.store.job(job.id)?.state == .succeeded) }
            #expect(accounts.allSatisfy { bench.engine.running(of: .sample($0)) == 0 })
        }
    }
}

extension Watched where Value == GenerationID? {
    fileprivate func waitForValue() async throws -> GenerationID? {
        try await wait { $0 != nil }
        return value
    }
}
