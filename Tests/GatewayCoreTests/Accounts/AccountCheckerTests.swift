import GatewayCore
import GatewayTesting
import Logging
import Testing

/// Background looks at accounts, with a scripted site and a clock moved by hand.
@Suite(.timeLimit(.minutes(10))) struct AccountCheckerTests {
    private final class Bench: Sendable {
        let time = ManualTime()
        let site = ScriptedUpstream()
        let keeper: AccountKeeper
        let administration: AccountAdministration
        let checker: AccountChecker

        init(claims: Bool = false) {
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            keeper = AccountKeeper(
                store: MemoryStore(), vault: TestVault(), time: time, logger: logger, chance: { 0.5 })
            let desk = AccountDesk(upstream: site, time: time, keeper: keeper)
            administration = AccountAdministration(
                keeper: keeper, desk: desk, policy: TokenPolicy(), running: { _ in 0 })
            checker = AccountChecker(
                keeper: keeper, desk: desk, claimsDailyCredits: claims, time: time, logger: logger)
            site.onCredits { _ in CreditBalance(gift: 60, purchase: 0, vip: 0) }
        }

        func run(_ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await self.checker.run() }
                try await body(self)
                group.cancelAll()
            }
        }

        var looks: Int { site.calls.count { if case .credits = $0 { true } else { false } } }

        /// Moves the clock from one sleeper to the next until the site was asked so often.
        func untilLooks(_ count: Int) async throws {
            while looks < count { try await time.advanceToNextSleeper() }
        }
    }

    @Test func `accounts are looked at one after another, and then about every half hour`() async throws {
        let bench = Bench()
        for name in ["one", "two", "three"] {
            _ = try await bench.administration.add(token: Secret("us-session-of-account-\(name)"))
        }
        try await bench.run { bench in
            let start = bench.time.now
            try await bench.untilLooks(3)
            #expect(bench.time.now - start >= .seconds(6))
            #expect(bench.time.now - start < .seconds(60))
            try await bench.untilLooks(4)
            #expect(bench.time.now - start >= .seconds(1440))
            #expect(bench.time.now - start <= .seconds(2200))
            try await bench.untilLooks(6)
            #expect(bench.time.now - start <= .seconds(2300))
        }
        #expect(try await bench.administration.accounts().allSatisfy { $0.balance?.total == 60 })
    }

    @Test func `a dead session is looked at again after six hours, and lives then`() async throws {
        let bench = Bench()
        bench.site.onCredits { [bench] _ throws(GenerationFault) in
            guard bench.looks > 1 else { throw GenerationFault(.invalidSession) }
            return CreditBalance(gift: 5, purchase: 0, vip: 0)
        }
        let account = try await bench.administration.add(token: Secret("us-0123456789abcdef"))
        try await bench.run { bench in
            try await bench.untilLooks(1)
            let start = bench.time.now
            try await bench.untilLooks(2)
            #expect(bench.time.now - start >= .seconds(6 * 3600))
            #expect(bench.time.now - start <= .seconds(6 * 3600 + 60))
            while try await bench.administration.account(account.id).status != .healthy {
                try await bench.time.advanceToNextSleeper()
            }
        }
    }

    @Test func `an account that risk control stopped, or that is switched off, is left alone`() async throws {
        let bench = Bench()
        let stopped = try await bench.administration.add(token: Secret("us-0123456789abcdef"))
        await bench.keeper.note(.failed(.riskControl, kind: .image), of: stopped.id)
        _ = try await bench.administration.add(token: Secret("us-fedcba9876543210"), isEnabled: false)
        try await bench.run { bench in
            let start = bench.time.now
            try await bench.untilLooks(1)
            #expect(bench.time.now - start >= .seconds(1440))
        }
        #expect(bench.site.calls == [.credits(stopped.id)])
    }

    @Test func `the day's free credits are claimed once a day`() async throws {
        let bench = Bench(claims: true)
        bench.site.onClaimDailyCredits { _ in DailyClaim(received: 60) }
        _ = try await bench.administration.add(token: Secret("us-0123456789abcdef"))
        try await bench.run { bench in
            let start = bench.time.now
            while bench.time.now - start < .seconds(2 * 86_400) { try await bench.time.advanceToNextSleeper() }
        }
        let claims = bench.site.calls.count { if case .claimDailyCredits = $0 { true } else { false } }
        #expect((2...3).contains(claims))
    }
}
