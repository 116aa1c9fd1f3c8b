import GatewayCore
import Testing

extension StoreLaw {
    static let accountLaws: [StoreLaw] = [
        StoreLaw("an account comes back as it was, also after reopening") { (subject) async throws in
            let account = StoredAccount.sample(
                1, region: .jp, isSandbox: false, sealedCredential: Array(0...255), preview: "abcd****wxyz",
                createdAt: .sample + .milliseconds(1), lastUsedAt: .sample + .milliseconds(2),
                restriction: AccountRestriction(reason: .riskControl, until: .sample + .seconds(60)))
            try await subject.store.upsert(account)
            #expect(try await subject.store.account(account.id) == account)
            #expect(try await subject.store.account(.sample(2)) == nil)
            #expect(try await subject.reopen().account(account.id) == account)
        },
        StoreLaw("an account that is there gets the new credential, and keeps its creation and restriction") {
            (subject) async throws in
            let restriction = AccountRestriction(reason: .noCredits, until: .sample + .seconds(600))
            try await subject.store.upsert(.sample(restriction: restriction))
            let renewed = StoredAccount.sample(
                sealedCredential: [9], preview: "new", createdAt: .sample + .seconds(5),
                lastUsedAt: .sample + .seconds(5))
            try await subject.store.upsert(renewed)
            var expected = renewed
            expected.createdAt = .sample
            expected.restriction = restriction
            #expect(try await subject.store.account(.sample()) == expected)
        },
        StoreLaw("accounts come by id in pages") { (subject) async throws in
            for number in [3, 1, 5, 2, 4] { try await subject.store.upsert(.sample(number)) }
            let first = try await subject.store.accounts(after: nil, limit: 3)
            #expect(first.map(\.id) == [1, 2, 3].map { .sample($0) })
            let second = try await subject.store.accounts(after: first.last?.id, limit: 3)
            #expect(second.map(\.id) == [4, 5].map { .sample($0) })
            #expect(try await subject.store.accounts(after: second.last?.id, limit: 3).isEmpty)
        },
        StoreLaw("a restriction is set, replaced and lifted; one of a missing account is ignored") {
            (subject) async throws in
            try await subject.store.upsert(.sample())
            for reason in [AccountRestriction.Reason.busy, .blocked, .sessionExpired, .dailyLimit] {
                let restriction = AccountRestriction(reason: reason, until: .sample + .seconds(9))
                try await subject.store.setRestriction(restriction, of: .sample())
                #expect(try await subject.store.account(.sample())?.restriction == restriction)
            }
            try await subject.store.setRestriction(nil, of: .sample())
            #expect(try await subject.store.account(.sample()) == .sample())
            try await subject.store.setRestriction(AccountRestriction(reason: .busy, until: .sample), of: .sample(404))
            #expect(try await subject.store.account(.sample(404)) == nil)
        },
        StoreLaw("idle accounts are removed, but for those that unfinished jobs name") { (subject) async throws in
            let store = subject.store
            for number in 1...6 {
                let lastUsed: Timestamp = number == 6 ? .sample + .seconds(100) : .sample
                try await store.upsert(.sample(number, lastUsedAt: lastUsed))
            }
            try await store.add(.sample(1, candidates: [.sample(1), .sample(2)]))
            let running = try await store.add(.sample(2, candidates: []), through: .submitting)
            _ = try await store.save(running.with { $0.account = .sample(3) }, expecting: .submitting, lease: nil)
            try await store.add(.sample(3, candidates: [.sample(4)]), through: .submitting, .running, .succeeded)
            #expect(try await store.removeIdleAccounts(lastUsedBefore: .sample) == 0)
            #expect(try await store.removeIdleAccounts(lastUsedBefore: .sample + .seconds(100)) == 2)
            let left = try await store.accounts(after: nil, limit: 10)
            #expect(left.map(\.id) == [1, 2, 3, 6].map { .sample($0) })
        },
    ]
}
