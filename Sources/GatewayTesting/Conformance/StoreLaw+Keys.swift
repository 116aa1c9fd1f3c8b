package import GatewayCore
import Testing

extension StoreLaw {
    static let keys: [StoreLaw] = [
        StoreLaw("every member of a key comes back as it was, also after reopening") { subject in
            let plain = GatewayKey.sample(1)
            let full = GatewayKey.sample(
                2, name: "团队 \"b\"", predecessor: .init(digest: String(repeating: "f", count: 64), until: .sample),
                isEnabled: false, expiresAt: .sample + .seconds(9), rules: .fullSample,
                createdAt: .sample + .milliseconds(1), lastUsedAt: .sample + .seconds(5))
            try await subject.store.insertKey(full)
            try await subject.store.insertKey(plain)
            #expect(try await subject.store.keys() == [plain, full])
            #expect(try await subject.reopen().keys() == [plain, full])
        },
        StoreLaw("no two keys share an id") { subject in
            try await subject.store.insertKey(.sample(1))
            await expectConflict("the same id") {
                try await subject.store.insertKey(.sample(1, digest: String(repeating: "a", count: 64)))
            }
            #expect(try await subject.store.keys() == [.sample(1)])
        },
        StoreLaw("no two keys share a secret, former ones included") { subject in
            let former = GatewayKey.Predecessor(digest: String(repeating: "f", count: 64), until: .sample)
            try await subject.store.insertKey(.sample(1, predecessor: former))
            try await subject.store.insertKey(.sample(2))
            let taken = GatewayKey.sample(1).digest
            let clashes: [GatewayKey] = [
                .sample(3, digest: taken), .sample(3, digest: former.digest),
                .sample(3, predecessor: .init(digest: taken, until: .sample)), .sample(3, predecessor: former),
            ]
            for clash in clashes {
                await expectConflict("insertion") { try await subject.store.insertKey(clash) }
                let change = GatewayKey.sample(2, digest: clash.digest, predecessor: clash.predecessor)
                await expectConflict("change") { _ = try await subject.store.updateKey(change) }
            }
            #expect(try await subject.store.keys().map(\.id) == [.sample(1), .sample(2)])
        },
        StoreLaw("a change writes everything but creation and last use") { subject in
            try await subject.store.insertKey(.sample(1))
            try await subject.store.saveKeyUses([.sample(1): .sample + .seconds(60)])
            let change = GatewayKey.sample(
                1, name: "other", digest: String(repeating: "b", count: 64),
                predecessor: .init(digest: GatewayKey.sample(1).digest, until: .sample + .seconds(7)),
                isEnabled: false, expiresAt: .sample + .seconds(8), rules: .fullSample,
                createdAt: .sample + .seconds(100), lastUsedAt: nil)
            var expected = GatewayKey.sample(
                1, name: "other", digest: change.digest, predecessor: change.predecessor, isEnabled: false,
                expiresAt: change.expiresAt, rules: .fullSample, lastUsedAt: .sample + .seconds(60))
            expected.revision = 1
            #expect(try await subject.store.updateKey(change) == expected)
            #expect(try await subject.reopen().keys() == [expected])
        },
        StoreLaw("of two changes of one revision the first one counts") { subject in
            try await subject.store.insertKey(.sample(1))
            let first = try await subject.store.updateKey(.sample(1, name: "first"))
            await expectConflict("an old revision") {
                _ = try await subject.store.updateKey(.sample(1, name: "second"))
            }
            #expect(try await subject.store.keys() == [first])
            var again = first
            again.name = "third"
            #expect(try await subject.store.updateKey(again).revision == 2)
        },
        StoreLaw("a removed key is gone, and can't be changed") { subject in
            try await subject.store.insertKey(.sample(1))
            #expect(try await subject.store.removeKey(.sample(1)))
            #expect(try await subject.store.removeKey(.sample(1)) == false)
            await expectConflict("a missing key") { _ = try await subject.store.updateKey(.sample(1)) }
            #expect(try await subject.store.keys().isEmpty)
        },
        StoreLaw("the last use never goes back, and of a missing key it is ignored") { subject in
            try await subject.store.insertKey(.sample(1))
            try await subject.store.insertKey(.sample(2))
            try await subject.store.saveKeyUses([.sample(1): .sample + .seconds(9), .sample(7): .sample])
            try await subject.store.saveKeyUses([.sample(1): .sample + .seconds(3), .sample(2): .sample])
            #expect(try await subject.store.keys().map(\.lastUsedAt) == [.sample + .seconds(9), .sample])
            #expect(try await subject.store.keys().map(\.revision) == [0, 0])
        },
    ]
}

extension KeyRules {
    /// Every member set.
    package static var fullSample: KeyRules {
        var rules = KeyRules()
        rules.kinds = [.image, .video]
        rules.models = ["jimeng-4.5", "upscale"]
        rules.accountTags = ["设计"]
        rules.regions = [.cn, .us]
        rules.networks = ["10.0.0.0/8", "2001:db8::/32"].compactMap { IPNetwork($0) }
        rules.requestsPerMinute = 60
        rules.jobsAtOnce = 3
        rules.scopes = Set(KeyScope.allCases)
        return rules
    }
}
