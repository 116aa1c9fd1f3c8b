import GatewayCore
import Testing

extension StoreLaw {
    private static let account = AccountID.sample()
    private static let end = Timestamp.sample + .seconds(30)

    static let leaseLaws: [StoreLaw] = [
        StoreLaw("a free lease is taken, a held one is refused to others") { (subject) async throws in
            let token = try await subject.store.acquireLease(of: account, holder: "a", now: .sample, until: end)
            #expect(token?.account == account)
            #expect(try await subject.store.acquireLease(of: account, holder: "b", now: .sample, until: end) == nil)
            let other = try await subject.store.acquireLease(of: .sample(2), holder: "b", now: .sample, until: end)
            #expect(other?.account == .sample(2))
        },
        StoreLaw("its holder takes a lease again with the same token and extends it") { (subject) async throws in
            let store = subject.store
            let first = try await store.acquireLease(of: account, holder: "a", now: .sample, until: end)
            let again = try await store.acquireLease(
                of: account, holder: "a", now: .sample + .seconds(20), until: end + .seconds(20))
            #expect(first == again)
            #expect(first != nil)
            #expect(try await store.acquireLease(of: account, holder: "b", now: end, until: end + .seconds(60)) == nil)
        },
        StoreLaw("an expired lease goes to the next holder under a greater number") { (subject) async throws in
            let store = subject.store
            let first = try #require(try await store.acquireLease(of: account, holder: "a", now: .sample, until: end))
            let early = Timestamp(milliseconds: end.milliseconds - 1)
            #expect(try await store.acquireLease(of: account, holder: "b", now: early, until: end) == nil)
            let second = try #require(
                try await store.acquireLease(of: account, holder: "b", now: end, until: end + .seconds(30)))
            #expect(second.number > first.number)
            #expect(try await store.renewLease(first, until: end + .seconds(90)) == false)
            #expect(try await store.renewLease(second, until: end + .seconds(90)) == true)
        },
        StoreLaw("a renewed lease lasts until its new end") { (subject) async throws in
            let store = subject.store
            let token = try #require(try await store.acquireLease(of: account, holder: "a", now: .sample, until: end))
            #expect(try await store.renewLease(token, until: end + .seconds(30)))
            #expect(try await store.acquireLease(of: account, holder: "b", now: end, until: end + .seconds(60)) == nil)
            let later = end + .seconds(30)
            #expect(
                try await store.acquireLease(of: account, holder: "b", now: later, until: later + .seconds(30)) != nil)
        },
        StoreLaw("a released lease is free, and its number is never used again") { (subject) async throws in
            let store = subject.store
            let first = try #require(try await store.acquireLease(of: account, holder: "a", now: .sample, until: end))
            try await store.releaseLease(first)
            #expect(try await store.renewLease(first, until: end) == false)
            let second = try #require(try await store.acquireLease(of: account, holder: "b", now: .sample, until: end))
            #expect(second.number > first.number)
            try await store.releaseLease(first)
            #expect(try await store.renewLease(second, until: end) == true)
            let reopened = try await subject.reopen()
            let third = try #require(
                try await reopened.acquireLease(of: account, holder: "c", now: end, until: end + .seconds(30)))
            #expect(third.number > second.number)
        },
        StoreLaw("of racing holders exactly one gets the lease") { (subject) async throws in
            let store = subject.store
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 1...16 {
                    group.addTask {
                        try await store.acquireLease(of: account, holder: "h\(number)", now: .sample, until: end) != nil
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
        },
        StoreLaw("a save under a held lease is written, under a lost one refused") { (subject) async throws in
            let store = subject.store
            let job = try await store.add(.sample())
            let first = try #require(try await store.acquireLease(of: account, holder: "a", now: .sample, until: end))
            let saved = try await store.save(job.with { $0.state = .submitting }, expecting: .queued, lease: first)
            let second = try #require(
                try await store.acquireLease(of: account, holder: "b", now: end, until: end + .seconds(30)))
            await expectConflict("a lost lease") {
                _ = try await store.save(saved.with { $0.state = .running }, expecting: .submitting, lease: first)
            }
            #expect(try await store.job(job.id) == saved)
            await expectConflict("a lease of another account") {
                let stranger = LeaseToken(account: .sample(7), number: second.number)
                _ = try await store.save(saved.with { $0.state = .running }, expecting: .submitting, lease: stranger)
            }
            try await store.releaseLease(second)
            await expectConflict("a released lease") {
                _ = try await store.save(saved.with { $0.state = .running }, expecting: .submitting, lease: second)
            }
            #expect(try await store.job(job.id) == saved)
        },
    ]
}
