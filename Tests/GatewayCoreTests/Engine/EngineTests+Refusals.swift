import GatewayCore
import GatewayTesting
import Logging
import Synchronization
import Testing

/// What the engine makes of refusals by the site, and of accounts that can't serve.
extension EngineTests {
    @Test func `a refusal moves the job to another account`() async throws {
        let bench = Bench()
        let (first, second) = (AccountCredential.sample(1), AccountCredential.sample(2))
        bench.site.onSubmit { _, _, account in
            account.id == first.id
                ? .refused(GenerationFault(.riskControl, ret: "1019"))
                : .accepted(Observation(reading: .succeeded([Self.output()])))
        }
        try await bench.run { bench in
            for number in 0..<4 {
                let ended = try await Self.end(of: bench.start(number, accounts: [first, second]), in: bench)
                #expect(ended.state == .succeeded)
                #expect(ended.account == second.id)
            }
            // Once stopped by risk control, the first account is left alone.
            let toFirst = bench.site.calls.count { if case .submit(_, first.id) = $0 { true } else { false } }
            #expect(toFirst <= 1)
            if toFirst == 1 { #expect(try await bench.store.account(first.id)?.health.condition == .riskControl) }
        }
    }

    @Test func `free credits are claimed once and the job goes again under a new id`() async throws {
        let bench = Bench()
        let submits = Counter()
        bench.site.onSubmit { _, _, _ in
            submits.next() == 1
                ? .refused(GenerationFault(.insufficientCredits, ret: "1006"))
                : .accepted(Observation(reading: .succeeded([Self.output()])))
        }
        bench.site.onClaimDailyCredits { _ in DailyClaim(received: 66) }
        bench.site.onCredits { _ in CreditBalance(gift: 66, purchase: 0, vip: 0) }
        try await bench.run { bench in
            let ended = try await Self.end(of: bench.start(), in: bench)
            #expect(ended.state == .succeeded)
            #expect(ended.refusals.isEmpty)
            #expect(Set(bench.site.submits).count == 2)
        }
    }

    @Test func `a refusal for credits is explained by the balance`() async throws {
        let bench = Bench { $0.claimsDailyCredits = false }
        bench.site.onSubmit { _, _, _ in .refused(GenerationFault(.insufficientCredits, ret: "1006")) }
        bench.site.onCredits { _ in CreditBalance(gift: 66, purchase: 0, vip: 0) }
        try await bench.run { bench in
            let ended = try await Self.end(of: bench.start(), in: bench)
            #expect(ended.fault?.kind == .paidCreditsRequired)
            // Other models are as good as ever.
            #expect(try await bench.store.account(AccountCredential.sample().id)?.health.condition == .healthy)
        }
    }

    @Test func `a refusal for credits stays what it was when the balance can't be read`() async throws {
        let bench = Bench { $0.claimsDailyCredits = false }
        bench.site.onSubmit { _, _, _ in .refused(GenerationFault(.insufficientCredits, ret: "1006")) }
        bench.site.onCredits { _ throws(GenerationFault) in throw GenerationFault(.upstreamUnreachable) }
        try await bench.run { bench in
            let ended = try await Self.end(of: bench.start(), in: bench)
            #expect(ended.fault?.kind == .insufficientCredits)
        }
    }

    @Test func `too many at the site means waiting here`() async throws {
        let bench = Bench()
        let submits = Counter()
        bench.site.onSubmit { _, _, _ in
            submits.next() == 2
                ? .refused(GenerationFault(.upstreamConcurrencyLimit, ret: "1010"))
                : .accepted(Observation(reading: .running))
        }
        bench.site.onObserve { jobs, _ in
            Dictionary(
                uniqueKeysWithValues: jobs.map { ($0.submitID, Observation(reading: .succeeded([Self.output()]))) })
        }
        try await bench.run { bench in
            let first = try await bench.start(1)
            try await bench.site.waitForSubmits(1)
            let second = try await bench.start(2)
            try await bench.site.waitForSubmits(2)
            while bench.site.submits.count < 3 { try await bench.time.advanceToNextSleeper() }
            while bench.site.observes.flatMap(\.self).count < 2 { try await bench.time.advanceToNextSleeper() }
            #expect(try await Self.end(of: first, in: bench).state == .succeeded)
            #expect(try await Self.end(of: second, in: bench).state == .succeeded)
        }
    }

    @Test func `an account under risk control refuses at once`() async throws {
        let bench = Bench()
        bench.site.onSubmit { _, _, _ in .refused(GenerationFault(.riskControl, ret: "1019")) }
        try await bench.run { bench in
            for number in 1...2 {
                let ended = try await Self.end(of: bench.start(number), in: bench)
                #expect(ended.fault?.kind == .riskControl)
            }
            #expect(bench.site.submits.count == 1)
        }
    }

    @Test func `jobs in line of an account that risk control stops are not sent, and their clients hear why`()
        async throws
    {
        let bench = Bench { $0.maximumInFlight[.image] = 1 }
        bench.site.onSubmit { _, _, _ in .refused(GenerationFault(.riskControl, ret: "1019")) }
        try await bench.run { bench in
            var jobs: [Job] = []
            for number in 1...5 { jobs.append(try await bench.start(number)) }
            for job in jobs {
                let ended = try await Self.end(of: job, in: bench)
                #expect(ended.fault?.kind == .riskControl)
            }
            #expect(bench.site.submits.count == 1)
        }
    }

    @Test func `jobs in line of an account without credits move to one that has some`() async throws {
        let bench = Bench {
            $0.maximumInFlight[.image] = 1
            $0.claimsDailyCredits = false
        }
        let accounts = [AccountCredential.sample(1), .sample(2)]
        bench.site.onSubmit { _, _, account in
            account.id == .sample(1)
                ? .refused(GenerationFault(.insufficientCredits, ret: "1006"))
                : .accepted(Observation(reading: .succeeded([Self.output()])))
        }
        bench.site.onCredits { _ in CreditBalance(gift: 0, purchase: 0, vip: 0) }
        try await bench.run { bench in
            for number in 1...8 {
                let ended = try await Self.end(of: bench.start(number, accounts: accounts), in: bench)
                #expect(ended.state == .succeeded)
            }
            let refused = bench.site.calls.count { if case .submit(_, .sample(1)) = $0 { true } else { false } }
            #expect(refused <= 1)
        }
    }
}
