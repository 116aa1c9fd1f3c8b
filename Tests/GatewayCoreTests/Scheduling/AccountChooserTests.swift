import GatewayCore
import Testing

@Suite struct AccountChooserTests {
    private let now = Timestamp(seconds: 100)

    private func candidate(
        _ name: String, load: Int = 0, used: Int64? = nil, restriction: AccountRestriction.Reason? = nil,
        until: Int64 = 200
    ) -> AccountChooser.Candidate {
        AccountChooser.Candidate(
            id: AccountID(rawValue: name), load: load, lastUsedAt: used.map { Timestamp(seconds: $0) },
            restriction: restriction.map { AccountRestriction(reason: $0, until: Timestamp(seconds: until)) })
    }

    private func choose(_ candidates: [AccountChooser.Candidate]) -> Result<AccountID, GenerationFault> {
        var generator = SystemRandomNumberGenerator()
        return AccountChooser.choose(among: candidates, at: now, using: &generator)
    }

    @Test func `the least loaded account wins, then the one used longest ago`() {
        #expect(choose([candidate("a", load: 2), candidate("b", load: 1)]) == .success(AccountID(rawValue: "b")))
        #expect(choose([candidate("a", used: 50), candidate("b", used: 40)]) == .success(AccountID(rawValue: "b")))
        #expect(choose([candidate("a", used: 50), candidate("b")]) == .success(AccountID(rawValue: "b")))
    }

    @Test func `a restricted account is chosen only when no other is open`() {
        let restricted = candidate("a", restriction: .noCredits)
        #expect(choose([restricted, candidate("b", load: 9)]) == .success(AccountID(rawValue: "b")))
        #expect(choose([restricted]) == .success(AccountID(rawValue: "a")))
        #expect(choose([candidate("a", restriction: .riskControl, until: 100)]) == .success(AccountID(rawValue: "a")))
    }

    @Test func `risk control and bans stop submissions for good`() {
        guard case .failure(let fault) = choose([candidate("a", restriction: .riskControl)]) else {
            Issue.record("an account under risk control was chosen")
            return
        }
        #expect(fault.kind == .riskControl)
        #expect(fault.retryAfter == .seconds(100))
        #expect(choose([]) == .failure(GenerationFault(.noAvailableAccount)))
    }
}
