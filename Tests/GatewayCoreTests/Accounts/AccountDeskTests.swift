import GatewayCore
import GatewayTesting
import Testing

@Suite("Questions about accounts", .timeLimit(.minutes(10)))
struct AccountDeskTests {
    private let time = ManualTime()
    private let site = ScriptedUpstream()
    private let account = AccountCredential.sample()

    private func desk(_ configure: (inout AccountDesk.Limits) -> Void = { _ in }) -> AccountDesk {
        var limits = AccountDesk.Limits()
        configure(&limits)
        return AccountDesk(upstream: site, time: time, limits: limits)
    }

    private static let balance = CreditBalance(gift: 1, purchase: 2, vip: 3)

    @Test("a live session is believed for ten minutes, a dead one for thirty seconds", arguments: [true, false])
    func aliveness(_ isAlive: Bool) async throws {
        site.onSessionCheck { _ in isAlive }
        let desk = desk()
        let good: Duration = isAlive ? .seconds(600) : .seconds(30)
        #expect(try await desk.isAlive(account) == isAlive)
        time.advance(by: good - .milliseconds(1))
        #expect(try await desk.isAlive(account) == isAlive)
        #expect(site.calls.count == 1)
        time.advance(by: .milliseconds(1))
        #expect(try await desk.isAlive(account) == isAlive)
        #expect(site.calls.count == 2)
    }

    @Test("a refused session is dead, an unreachable site says nothing")
    func faults() async throws {
        let desk = desk()
        site.onSessionCheck { _ throws(GenerationFault) in throw GenerationFault(.invalidSession) }
        #expect(try await desk.isAlive(account) == false)
        time.advance(by: .seconds(31))
        site.onSessionCheck { _ throws(GenerationFault) in throw GenerationFault(.upstreamUnreachable) }
        await #expect(throws: GenerationFault(.upstreamUnreachable)) { try await desk.isAlive(account) }
    }

    @Test("where the site does not tell, the balance does", arguments: [true, false])
    func silence(_ isAlive: Bool) async throws {
        site.onSessionCheck { _ in nil }
        site.onCredits { _ throws(GenerationFault) in
            if isAlive { return Self.balance }
            throw GenerationFault(.invalidSession)
        }
        #expect(try await desk().isAlive(account) == isAlive)
    }

    @Test("a balance is good for thirty seconds, unless a fresh one is asked for")
    func balances() async throws {
        site.onCredits { _ in Self.balance }
        let desk = desk()
        #expect(try await desk.balance(of: account).total == 6)
        time.advance(by: .seconds(29))
        _ = try await desk.balance(of: account)
        #expect(site.calls.count == 1)
        _ = try await desk.balance(of: account, isFresh: true)
        #expect(site.calls.count == 2)
        time.advance(by: .seconds(30))
        _ = try await desk.balance(of: account)
        #expect(site.calls.count == 3)
    }

    @Test("a claim reads the balance afterwards, whatever came of it")
    func claims() async throws {
        site.onCredits { _ in Self.balance }
        let desk = desk()
        site.onClaimDailyCredits { _ in DailyClaim(received: 66, streakDays: 3) }
        let received = try await desk.claim(for: account, onlyIfEmpty: false)
        #expect(received.received == 66)
        #expect(received.streakDays == 3)
        #expect(received.balance == Self.balance)
        site.onClaimDailyCredits { _ throws(GenerationFault) in throw GenerationFault(.riskControl) }
        let refused = try await desk.claim(for: account, onlyIfEmpty: false)
        #expect(refused.received == 0)
        #expect(refused.refusal?.kind == .riskControl)
        #expect(refused.balance == Self.balance)
        #expect(try await desk.balance(of: account) == Self.balance)
        #expect(site.calls.count == 4)
    }

    @Test("a claim for the empty-handed leaves others alone")
    func onlyIfEmpty() async throws {
        site.onCredits { _ in Self.balance }
        let claim = try await desk().claim(for: account, onlyIfEmpty: true)
        #expect(claim.received == 0)
        #expect(site.calls == [.credits(account.id)])
    }

    @Test("equal questions at the same time are asked once, and share a failure")
    func singleFlight() async throws {
        let gate = Gate()
        let desk = desk()
        site.onCredits { _ throws(GenerationFault) in
            await gate.pass()
            throw GenerationFault(.upstreamBusy)
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    do {
                        _ = try await desk.balance(of: self.account)
                        return false
                    } catch let fault as GenerationFault {
                        return fault.kind == .upstreamBusy
                    }
                }
            }
            try await site.waitForCalls { $0.count == 1 }
            while desk.users(of: account.id) < 4 { await Task.yield() }
            gate.open()
            for try await failed in group { #expect(failed) }
        }
        #expect(site.calls.count == 1)
        // Nobody was waiting any more: the next one asks again.
        await #expect(throws: GenerationFault(.upstreamBusy)) { try await desk.balance(of: account) }
        #expect(site.calls.count == 2)
    }

    @Test("few accounts are asked about at the same time")
    func parallel() async throws {
        let gate = Gate()
        let desk = desk { $0.parallel = 2 }
        site.onCredits { _ in
            await gate.pass()
            return Self.balance
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...5 {
                group.addTask { _ = try await desk.balance(of: .sample(number)) }
            }
            while (1...5).reduce(0, { $0 + desk.users(of: .sample($1)) }) < 5 { await Task.yield() }
            try await site.waitForCalls { $0.count == 2 }
            #expect(site.calls.count == 2)
            gate.open()
            try await group.waitForAll()
        }
        #expect(site.calls.count == 5)
    }

    @Test("a caller that leaves does not take the question from the others")
    func cancellation() async throws {
        let gate = Gate()
        let desk = desk()
        site.onCredits { _ throws(GenerationFault) in
            await gate.pass()
            return Self.balance
        }
        let first = Task { try await desk.balance(of: account) }
        try await site.waitForCalls { $0.count == 1 }
        let second = Task { try await desk.balance(of: account) }
        while desk.users(of: account.id) < 2 { await Task.yield() }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        gate.open()
        #expect(try await first.value == Self.balance)
    }

    @Test("what is kept has a limit")
    func bounded() async throws {
        site.onCredits { _ in Self.balance }
        let desk = desk { $0.accounts = 3 }
        for number in 1...10 {
            _ = try await desk.balance(of: .sample(number))
            #expect(desk.knownAccounts <= 3)
        }
    }
}

/// Holds everybody back until it is opened.
private final class Gate: Sendable {
    private let stream: AsyncStream<Never>
    private let end: AsyncStream<Never>.Continuation

    init() { (stream, end) = AsyncStream<Never>.makeStream() }

    func open() { end.finish() }

    func pass() async { for await _ in stream {} }
}
