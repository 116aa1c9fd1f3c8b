import GatewayCore
import Testing

extension StoreLaw {
    static let accountLaws: [StoreLaw] = [
        StoreLaw("an account comes back as it was, also after reopening") { (subject) async throws in
            let account = StoredAccount.sample(
                1, region: .jp, isSandbox: false, sealedCredential: Array(0...255), preview: "****wxyz",
                createdAt: .sample + .milliseconds(1), lastUsedAt: .sample + .milliseconds(2), origin: .pool,
                labels: AccountLabels(label: "工作室 \"a\"", tags: ["team-a", "video"], note: "paid\nyearly"),
                isEnabled: false, health: .after(.riskControl),
                balance: BalanceReading(CreditBalance(gift: 1, purchase: 2, vip: 3), readAt: .sample))
            try await subject.store.upsert(account)
            #expect(try await subject.store.account(account.id) == account)
            #expect(try await subject.store.account(.sample(2)) == nil)
            #expect(try await subject.reopen().account(account.id) == account)
        },
        StoreLaw("a token account that is there gets the new credential, and keeps creation, health and balance") {
            (subject) async throws in
            let health = AccountHealth.after(.insufficientCredits)
            let balance = BalanceReading(CreditBalance(gift: 4, purchase: 0, vip: 0), readAt: .sample)
            let first = StoredAccount.sample(health: health, balance: balance)
            #expect(try await subject.store.upsert(first) == first)
            let renewed = StoredAccount.sample(
                sealedCredential: [9], preview: "new", createdAt: .sample + .seconds(5),
                lastUsedAt: .sample + .seconds(5))
            var expected = renewed
            expected.createdAt = .sample
            expected.health = health
            expected.balance = balance
            #expect(try await subject.store.upsert(renewed) == expected)
            #expect(try await subject.store.account(.sample()) == expected)
        },
        StoreLaw("a client's token changes nothing of a pool account but its last use") { (subject) async throws in
            let labels = AccountLabels(label: "a", tags: ["t"], note: "n")
            var account = StoredAccount.sample(origin: .pool, labels: labels, isEnabled: false)
            #expect(try await subject.store.addToPool(account) == account)
            account.lastUsedAt = .sample + .seconds(7)
            let seen = try await subject.store.upsert(
                .sample(sealedCredential: [7], preview: "other", lastUsedAt: .sample + .seconds(7)))
            #expect(seen == account)
            #expect(try await subject.store.account(.sample()) == account)
        },
        StoreLaw("a token account joins the pool once, with its past") { (subject) async throws in
            let health = AccountHealth.after(.riskControl)
            try await subject.store.upsert(.sample(health: health))
            let wanted = StoredAccount.sample(
                sealedCredential: [5], preview: "****abcd", createdAt: .sample + .seconds(9), origin: .pool,
                labels: AccountLabels(label: "studio"))
            var expected = wanted
            expected.createdAt = .sample
            expected.health = health
            #expect(try await subject.store.addToPool(wanted) == expected)
            var again = wanted
            again.labels.label = "another"
            #expect(try await subject.store.addToPool(again) == nil)
            #expect(try await subject.store.account(.sample()) == expected)
        },
        StoreLaw("an edit changes what it names, and only of pool accounts") { (subject) async throws in
            var account = StoredAccount.sample(origin: .pool, labels: AccountLabels(label: "a", tags: ["x"]))
            _ = try await subject.store.addToPool(account)
            account.isEnabled = false
            #expect(try await subject.store.edit(.sample(), StoredAccountChanges(isEnabled: false)) == account)
            account.labels = AccountLabels(label: "b", tags: ["y", "z"], note: "n")
            account.sealedCredential = [8, 8]
            let changes = StoredAccountChanges(labels: account.labels, sealedCredential: [8, 8])
            #expect(try await subject.store.edit(.sample(), changes) == account)
            #expect(try await subject.store.account(.sample()) == account)
            try await subject.store.upsert(.sample(2))
            #expect(try await subject.store.edit(.sample(2), changes) == nil)
            #expect(try await subject.store.account(.sample(2)) == .sample(2))
            #expect(try await subject.store.edit(.sample(404), changes) == nil)
        },
        StoreLaw("accounts come by id in pages") { (subject) async throws in
            for number in [3, 1, 5, 2, 4] { try await subject.store.upsert(.sample(number)) }
            let first = try await subject.store.accounts(nil, after: nil, limit: 3)
            #expect(first.map(\.id) == [1, 2, 3].map { .sample($0) })
            let second = try await subject.store.accounts(nil, after: first.last?.id, limit: 3)
            #expect(second.map(\.id) == [4, 5].map { .sample($0) })
            #expect(try await subject.store.accounts(nil, after: second.last?.id, limit: 3).isEmpty)
            _ = try await subject.store.addToPool(.sample(4, origin: .pool))
            #expect(try await subject.store.accounts(.pool, after: nil, limit: 9).map(\.id) == [.sample(4)])
            let tokens = try await subject.store.accounts(.token, after: .sample(1), limit: 9)
            #expect(tokens.map(\.id) == [2, 3, 5].map { .sample($0) })
        },
        StoreLaw("an older health never replaces a newer one; one of a missing account is ignored") {
            (subject) async throws in
            try await subject.store.upsert(.sample())
            let older = AccountHealth.after(.dailyLimitReached)
            let newer = AccountHealth.after(.dailyLimitReached, .riskControl)
            try await subject.store.saveHealth(older, of: .sample())
            #expect(try await subject.store.account(.sample())?.health == older)
            try await subject.store.saveHealth(newer, of: .sample())
            try await subject.store.saveHealth(older, of: .sample())
            #expect(try await subject.store.account(.sample())?.health == newer)
            try await subject.store.saveHealth(newer, of: .sample(404))
            #expect(try await subject.store.account(.sample(404)) == nil)
        },
        StoreLaw("an older balance never replaces a newer one") { (subject) async throws in
            try await subject.store.upsert(.sample())
            let newer = BalanceReading(CreditBalance(gift: 1, purchase: 0, vip: 0), readAt: .sample + .seconds(2))
            let older = BalanceReading(CreditBalance(gift: 9, purchase: 0, vip: 0), readAt: .sample + .seconds(1))
            try await subject.store.saveBalance(newer, of: .sample())
            try await subject.store.saveBalance(older, of: .sample())
            #expect(try await subject.store.account(.sample())?.balance == newer)
            try await subject.store.saveBalance(newer, of: .sample(404))
            #expect(try await subject.store.account(.sample(404)) == nil)
        },
        StoreLaw("an account goes with its lease and its uploads, but not while jobs of it are under way") {
            (subject) async throws in
            let store = subject.store
            for (number, state) in [JobState.preparing, .submitting, .unknown, .running].enumerated() {
                let id = AccountID.sample(number + 1)
                _ = try await store.addToPool(.sample(number + 1, origin: .pool))
                let job = try await store.add(.sample(number + 1, candidates: [id]))
                var current = job
                for next in state.path {
                    let previous = current.state
                    current = try await store.save(
                        current.with { job in
                            job.state = next
                            job.account = id
                        }, expecting: previous, lease: nil)
                }
                await expectConflict("\(state)") { _ = try await store.removeAccount(id) }
                #expect(try await store.account(id) != nil)
            }
            let idle = AccountID.sample(9)
            _ = try await store.addToPool(.sample(9, origin: .pool))
            try await store.add(.sample(9, candidates: [idle]))
            let end = Timestamp.sample + .seconds(60)
            let lease = try #require(try await store.acquireLease(of: idle, holder: "a", now: .sample, until: end))
            #expect(try await store.removeAccount(idle) == true)
            #expect(try await store.removeAccount(idle) == false)
            #expect(try await store.account(idle) == nil)
            #expect(try await store.renewLease(lease, until: end) == false)
        },
        StoreLaw("idle accounts are removed, but for those that unfinished jobs name") { (subject) async throws in
            let store = subject.store
            for number in 1...6 {
                let lastUsed: Timestamp = number == 6 ? .sample + .seconds(100) : .sample
                try await store.upsert(.sample(number, lastUsedAt: lastUsed))
            }
            _ = try await store.addToPool(.sample(7, origin: .pool))
            try await store.add(.sample(1, candidates: [.sample(1), .sample(2)]))
            let running = try await store.add(.sample(2, candidates: []), through: .submitting)
            _ = try await store.save(running.with { $0.account = .sample(3) }, expecting: .submitting, lease: nil)
            try await store.add(.sample(3, candidates: [.sample(4)]), through: .submitting, .running, .succeeded)
            #expect(try await store.removeIdleAccounts(lastUsedBefore: .sample) == 0)
            #expect(try await store.removeIdleAccounts(lastUsedBefore: .sample + .seconds(100)) == 2)
            let left = try await store.accounts(nil, after: nil, limit: 10)
            #expect(left.map(\.id) == [1, 2, 3, 6, 7].map { .sample($0) })
        },
    ]
}
