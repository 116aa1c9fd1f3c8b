import GatewayCore
import GatewayTesting
import Testing

@Suite("The scripted site", .timeLimit(.minutes(10)))
struct ScriptedUpstreamTests {
    @Test("calls are answered by the script and remembered in order")
    func script() async throws {
        let site = ScriptedUpstream()
        site.onSubmit { _, _, _ in .accepted(Observation(reading: .running, historyID: "1")) }
        site.onObserve { jobs, _ in [jobs[0].submitID: Observation(reading: .gone)] }
        guard case .accepted = await site.submit(.textToImage(.sample()), inputs: [:], id: .sample(7), as: .sample())
        else {
            Issue.record("the script was not followed")
            return
        }
        let watched = [1, 2].map { WatchedJob(submitID: .sample($0), historyID: nil, kind: .image) }
        #expect(try await site.observe(watched, as: .sample()) == [.sample(1): Observation(reading: .gone)])
        #expect(site.submits == [.sample(7)])
        #expect(site.observes == [[.sample(1), .sample(2)]])
        #expect(site.calls == [.submit(.sample(7), .sample()), .observe([.sample(1), .sample(2)], .sample())])
        try await site.waitForSubmits(1)
        try await site.waitForObserves(1)
    }

    @Test("a call that was not prepared fails the test")
    func unprepared() async {
        await withKnownIssue {
            let site = ScriptedUpstream()
            _ = await site.submit(.textToImage(.sample()), inputs: [:], id: .sample(), as: .sample())
        } matching: { issue in
            issue.comments.contains { $0.rawValue.contains("submit") }
        }
    }

    @Test("the vault gives back what it sealed and refuses what was altered")
    func vault() throws {
        let vault = TestVault()
        let sealed = try vault.seal(Secret("sandbox-demo 密"))
        #expect(try vault.open(sealed).reveal() == "sandbox-demo 密")
        #expect(try vault.seal(Secret("sandbox-demo 密")) != sealed)
        for index in sealed.indices {
            var altered = sealed
            altered[index] ^= 1
            #expect(throws: TestVault.Failure.self) { try vault.open(altered) }
        }
        #expect(vault.fingerprint(["a", "bc"]) != vault.fingerprint(["ab", "c"]))
        #expect(vault.fingerprint(["a"]) == TestVault().fingerprint(["a"]))
        #expect(vault.digest([1]).count == 64)
    }
}
