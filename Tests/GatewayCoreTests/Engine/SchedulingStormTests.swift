import GatewayTesting
import Synchronization
import Testing

@testable import GatewayCore

/// Many jobs, few accounts, and everything that can happen to them, by chance.
@Suite(.timeLimit(.minutes(10))) struct SchedulingStormTests {
    /// A site in a mood. Remembers what it took, by prompt.
    private final class Weather: Sendable {
        private struct State {
            var generator: SeededGenerator
            var taken: [String: Int] = [:]
            var isCalm = false
        }
        private let state: Mutex<State>

        init(seed: UInt64, _ site: ScriptedUpstream) {
            state = Mutex(State(generator: SeededGenerator(seed: seed)))
            site.onSubmit { [self] task, _, _ in submit(task.prompt) }
            site.onObserve { [self] jobs, _ in
                Dictionary(uniqueKeysWithValues: jobs.map { ($0.submitID, look()) })
            }
            site.onCancel { _, _ in }
            site.onCredits { _ in CreditBalance(gift: 0, purchase: 0, vip: 0) }
        }

        /// From now on everything works.
        func calmDown() { state.withLock { $0.isCalm = true } }
        var taken: [String: Int] { state.withLock { $0.taken } }
        func below(_ bound: Int) -> Int { state.withLock { Int.random(in: 0..<bound, using: &$0.generator) } }

        private func submit(_ prompt: String) -> SubmitOutcome {
            state.withLock { state in
                let die = state.isCalm ? 0 : Int.random(in: 0..<100, using: &state.generator)
                func take(_ outcome: SubmitOutcome) -> SubmitOutcome {
                    state.taken[prompt, default: 0] += 1
                    return outcome
                }
                return switch die {
                case 0..<50: take(.accepted(Observation(reading: .running, historyID: "1")))
                case 50..<58: take(.accepted(Observation(reading: .succeeded([.sample()]), historyID: "1")))
                case 58..<62: take(.unknown(GenerationFault(.upstreamUnreachable)))
                case 62..<75: .refused(GenerationFault(.upstreamConcurrencyLimit, ret: "1310"))
                case 75..<85: .refused(GenerationFault(.upstreamBusy))
                case 85..<90: .notSent(GenerationFault(.upstreamUnreachable))
                case 90..<95: .refused(GenerationFault(.insufficientCredits, ret: "1006"))
                case 95..<98: .refused(GenerationFault(.contentPolicyViolation))
                default: .refused(GenerationFault(.riskControl, ret: "1019"))
                }
            }
        }

        private func look() -> Observation {
            let die = below(10)
            return Observation(
                reading: die < 4
                    ? .running : die < 9 ? .succeeded([.sample()]) : .failed(GenerationFault(.emptyResult), []),
                historyID: "1")
        }
    }

    /// Whatever happens, every job comes to one end, none is bought twice, and nothing is left in the books.
    @Test(arguments: 1...8)
    func `nothing is lost and nothing is sent twice`(seed: Int) async throws {
        let bench = EngineTests.Bench {
            if seed.isMultiple(of: 2) { $0.maximumInFlight[.image] = 1 + seed % 3 }
            $0.claimsDailyCredits = false
            $0.settlement.firstLook = .seconds(100 * 86_400)
            // The clock runs ahead of the work, which must not cost the accounts.
            $0.lease = .seconds(100 * 86_400)
        }
        let weather = Weather(seed: UInt64(seed), bench.site)
        let accounts = Array(1...6)
        try await bench.run { bench in
            let keeper = bench.engine.keeper
            try await keeper.register(accounts.map { .sample($0) })
            var jobs: [Job] = []
            for number in 1...300 {
                var request = bench.request(
                    number, accounts: accounts.filter { _ in weather.below(3) > 0 }.map { .sample($0) })
                if request.accounts.isEmpty { request.accounts = [.sample(1)] }
                request.task = .textToImage(.sample(prompt: "\(number)"))
                request.owner = "owner-\(weather.below(4))"
                guard case .started(let job) = try await bench.engine.start(request) else {
                    Issue.record("job \(number) was not taken")
                    return
                }
                jobs.append(job)
                let account = AccountID.sample(1 + weather.below(6))
                switch weather.below(12) {
                case 0: await bench.engine.cancelIfWaiting(jobs[weather.below(jobs.count)].id)
                case 1, 2:
                    // As a client does that does not wait for the end.
                    let id = jobs[weather.below(jobs.count)].id
                    let cancelling = Task { try await bench.engine.cancel(id) }
                    cancelling.cancel()
                    _ = try? await cancelling.value
                case 3: keeper.setEnabled(weather.below(2) == 0, account)
                case 4: await keeper.note(.cleared, of: account)
                case 5, 6: bench.time.advance(by: .seconds(weather.below(10)))
                default: break
                }
            }
            weather.calmDown()
            for number in accounts {
                keeper.setEnabled(true, .sample(number))
                await keeper.note(.cleared, of: .sample(number))
            }
            let patience = bench.time.now + .seconds(30 * 86_400)
            while bench.engine.hub.count > 0, bench.time.now < patience {
                try await bench.time.waitForSleepers()
                // In small steps: while everybody is at work the next sleeper may be one that sleeps for weeks.
                let next = bench.time.now + .seconds(30)
                bench.time.advance(to: min(next, bench.time.earliestWake ?? next))
                for _ in 0..<20 { await Task.yield() }
            }
            #expect(bench.engine.hub.tally == [:])
            for job in jobs { #expect(try await bench.store.job(job.id)?.state.isTerminal == true) }
            #expect(weather.taken.allSatisfy { $0.value == 1 })
            // The last job's worker may be about to write it off.
            while accounts.contains(where: { bench.engine.running(of: .sample($0)) > 0 }) { await Task.yield() }
            bench.engine.forgetCancellations()
            bench.engine.state.withLock { state in
                #expect(state.waiting.isEmpty && state.waiting.placeCount == 0)
                #expect(state.cancelling.isEmpty)
            }
        }
    }
}
