import GatewayCore
import Testing

@Suite struct AccountChooserTests {
    private let now = Timestamp(seconds: 100)

    private func candidate(
        _ name: String, load: Int = 0, used: Int64? = nil, after faults: [GenerationFault.Kind] = [], at: Int64 = 100
    ) -> AccountChooser.Candidate {
        var health = AccountHealth()
        for fault in faults {
            health.take(
                .failed(fault, kind: .image), balance: nil, region: .cn, at: Timestamp(seconds: at), jitter: 0.5)
        }
        return AccountChooser.Candidate(
            id: AccountID(rawValue: name), load: load, lastUsedAt: used.map { Timestamp(seconds: $0) }, health: health)
    }

    private func choose(_ candidates: [AccountChooser.Candidate]) -> Result<AccountID, GenerationFault> {
        var generator = SystemRandomNumberGenerator()
        return AccountChooser.choose(among: candidates, at: now, using: &generator).map(\.id)
    }

    @Test func `the least loaded account wins, then the one used longest ago`() {
        #expect(choose([candidate("a", load: 2), candidate("b", load: 1)]) == .success(AccountID(rawValue: "b")))
        #expect(choose([candidate("a", used: 50), candidate("b", used: 40)]) == .success(AccountID(rawValue: "b")))
        #expect(choose([candidate("a", used: 50), candidate("b")]) == .success(AccountID(rawValue: "b")))
    }

    @Test func `an account with a free place goes before one without, however much it has`() {
        var full = candidate("a")
        full.hasPlace = false
        #expect(choose([full, candidate("b", load: 9, used: 50)]) == .success(AccountID(rawValue: "b")))
        #expect(choose([full]) == .success(AccountID(rawValue: "a")))
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let choice = AccountChooser.choose(
                among: [full, candidate("b")], picking: .random, at: now, using: &generator)
            #expect(choice.map(\.id) == .success(AccountID(rawValue: "b")))
        }
    }

    @Test func `a full account is waited for rather than a doubtful or resting one taken`() {
        var full = candidate("a", load: 9)
        full.hasPlace = false
        var doubtful = candidate("b")
        doubtful.isDoubtful = true
        let resting = candidate("c", after: [.upstreamBusy])
        #expect(choose([full, doubtful, resting]) == .success(AccountID(rawValue: "a")))
        #expect(AccountChooser.worthy([full, doubtful, resting], at: now).map(\.id.rawValue) == ["a"])
        #expect(AccountChooser.worthy([doubtful, resting], at: now).map(\.id.rawValue) == ["b"])
        #expect(AccountChooser.worthy([candidate("d", after: [.riskControl])], at: now).isEmpty)
    }

    @Test func `by chance means any that can serve, however busy, and no other`() {
        var generator = SystemRandomNumberGenerator()
        let candidates = [
            candidate("a", load: 9), candidate("b"), candidate("c", after: [.riskControl]),
        ]
        var chosen = Set<String>()
        for _ in 0..<200 {
            let choice = AccountChooser.choose(among: candidates, picking: .random, at: now, using: &generator)
            if case .success(let one) = choice { chosen.insert(one.id.rawValue) }
        }
        #expect(chosen == ["a", "b"])
    }

    @Test func `a doubtful account is chosen when no other is left`() {
        var doubtful = candidate("a")
        doubtful.isDoubtful = true
        #expect(choose([doubtful, candidate("b", load: 9)]) == .success(AccountID(rawValue: "b")))
        #expect(choose([doubtful]) == .success(AccountID(rawValue: "a")))
        #expect(
            choose([doubtful, candidate("b", after: [.riskControl])]) == .success(AccountID(rawValue: "a")))
    }

    @Test func `an account without credits is chosen only when no other is open, and not in a row`() {
        let empty = candidate("a", after: [.insufficientCredits], at: 90)
        #expect(choose([empty, candidate("b", load: 9)]) == .success(AccountID(rawValue: "b")))
        #expect(choose([empty]) == .success(AccountID(rawValue: "a")))
        guard case .failure(let fault) = choose([candidate("a", after: [.insufficientCredits], at: 95)]) else {
            Issue.record("an account was tried again five seconds after it had no credits")
            return
        }
        #expect(fault.kind == .insufficientCredits)
        #expect(choose([candidate("a", after: [.riskControl], at: -1700)]) == .success(AccountID(rawValue: "a")))
    }

    @Test func `risk control and bans stop submissions for good`() {
        guard case .failure(let fault) = choose([candidate("a", after: [.riskControl])]) else {
            Issue.record("an account under risk control was chosen")
            return
        }
        #expect(fault.kind == .riskControl)
        #expect(fault.retryAfter == .seconds(1800))
        #expect(choose([]) == .failure(GenerationFault(.noAvailableAccount)))
    }
}
