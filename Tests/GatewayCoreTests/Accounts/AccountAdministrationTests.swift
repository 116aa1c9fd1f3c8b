import GatewayCore
import GatewayTesting
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct AccountAdministrationTests {
    private struct Bench {
        let time = ManualTime()
        let store: MemoryStore
        let site = ScriptedUpstream()
        let keeper: AccountKeeper
        let administration: AccountAdministration
        let load = Load()

        final class Load: Sendable {
            let running = Mutex(0)
        }

        init(store: MemoryStore = MemoryStore()) {
            self.store = store
            keeper = AccountKeeper(
                store: store, vault: TestVault(), time: time,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, chance: { 0.5 })
            administration = AccountAdministration(
                keeper: keeper, desk: AccountDesk(upstream: site, time: time, keeper: keeper),
                policy: TokenPolicy(staticKeys: [Secret("my-key")], allowsSessions: false),
                running: { [load] _ in load.running.withLock { $0 } })
        }

        func add(_ token: String, tags: [String] = []) async throws -> AccountDescription {
            try await administration.add(token: Secret(token), labels: AccountLabels(label: "a", tags: tags))
        }
    }

    @Test func `an added account shows the last four characters and the proxy's host only`() async throws {
        let bench = Bench()
        let account = try await bench.add("us-socks5://name:secret@proxy.lan:1080@0123456789abcdef")
        #expect(account.preview == "****cdef")
        #expect(account.proxyHost == "proxy.lan:1080")
        #expect(account.region == .us)
        #expect(account.status == .healthy)
        let dump = String(reflecting: account)
        #expect(!dump.contains("0123456789ab") && !dump.contains("secret") && !dump.contains("name:"))
        #expect(try await bench.administration.accounts() == [account])
    }

    @Test func `an account is there once, and after a restart`() async throws {
        let bench = Bench()
        let account = try await bench.add("0123456789abcdef", tags: ["a", "a", " b "])
        #expect(account.labels.tags == ["a", "b"])
        await #expect(throws: AccountProblem.alreadyThere(account.id)) { try await bench.add("cn-0123456789abcdef") }
        let next = Bench(store: bench.store)
        try await next.keeper.load()
        #expect(next.keeper.candidates(for: PoolQuery()).map { $0.session.reveal() } == ["0123456789abcdef"])
    }

    @Test(arguments: ["my-key", "sk-jm-1", "a,b", "", "http://nothing", "us-"])
    func `what is no single session can't be added`(token: String) async {
        let bench = Bench()
        let problem = await #expect(throws: AccountProblem.self) { try await bench.add(token) }
        guard case .invalidToken = problem else {
            Issue.record("refused as \(String(describing: problem))")
            return
        }
    }

    @Test func `candidates are enabled pool accounts with the right tag, region and id`() async throws {
        let bench = Bench()
        let first = try await bench.add("cn-0123456789ab0001", tags: ["team-a"])
        let second = try await bench.add("us-0123456789ab0002", tags: ["team-b", "video"])
        let third = try await bench.add("us-0123456789ab0003")
        _ = try await bench.administration.edit(third.id, AccountEdit(isEnabled: false))
        let ids = { (query: PoolQuery) in Set(bench.keeper.candidates(for: query).map(\.id)) }
        #expect(ids(PoolQuery()) == [first.id, second.id])
        #expect(ids(PoolQuery(regions: [.us])) == [second.id])
        #expect(ids(PoolQuery(tags: ["team-a", "other"])) == [first.id])
        #expect(ids(PoolQuery(tags: ["nobody"])) == [])
        #expect(ids(PoolQuery(account: second.id)) == [second.id])
        #expect(ids(PoolQuery(account: third.id)) == [])
        await bench.keeper.note(.failed(.riskControl), of: first.id)
        #expect(bench.keeper.candidates(for: PoolQuery()).map(\.id) == [second.id, first.id])
    }

    @Test func `a large pool gives each request a part, always the same parts, and together all that can serve`()
        async throws
    {
        let chances = Mutex(0.0)
        let store = MemoryStore()
        for number in 1...200 {
            _ = try await store.upsert(
                .sample(
                    number,
                    sealedCredential: try TestVault().seal(Secret("sandbox-\(number)\n")), origin: .pool,
                    health: number <= 60 ? .after(.riskControl) : AccountHealth()))
        }
        let keeper = AccountKeeper(
            store: store, vault: TestVault(), time: ManualTime(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, chance: { chances.withLock { $0 } })
        try await keeper.load()
        var parts: Set<Set<AccountID>> = []
        for step in 0...20 {
            chances.withLock { $0 = Double(step) / 20 }
            let part = Set(keeper.candidates(for: PoolQuery()).map(\.id))
            #expect(part.count <= PoolQuery.mostCandidates)
            parts.insert(part)
        }
        #expect(parts.count == 3)
        #expect(parts.reduce(into: Set()) { $0.formUnion($1) } == Set((61...200).map { .sample($0) }))
    }

    @Test func `an edit changes what it names and checks it`() async throws {
        let bench = Bench()
        let account = try await bench.add("0123456789abcdef", tags: ["x"])
        let edited = try await bench.administration.edit(
            account.id, AccountEdit(label: " studio ", proxy: .to(Secret("http://u:p@h:3128"))))
        #expect(edited.labels == AccountLabels(label: "studio", tags: ["x"]))
        #expect(edited.proxyHost == "h:3128")
        #expect(bench.keeper.candidates(for: PoolQuery()).first?.session.reveal() == "0123456789abcdef")
        #expect(
            try await bench.administration.edit(account.id, AccountEdit(proxy: AccountEdit.ProxyChange.none)).proxyHost
                == nil)
        for edit in [
            AccountEdit(label: String(repeating: "x", count: 65)), AccountEdit(label: "a\u{202E}b"),
            AccountEdit(tags: ["a b"]), AccountEdit(tags: (0..<17).map { "t\($0)" }), AccountEdit(note: "\u{0}"),
            AccountEdit(proxy: .to(Secret("ftp://h"))),
        ] {
            await #expect(throws: AccountProblem.self) { try await bench.administration.edit(account.id, edit) }
        }
        let stranger = AccountID.sample(404)
        await #expect(throws: AccountProblem.notFound(stranger)) {
            try await bench.administration.edit(stranger, AccountEdit(label: "x"))
        }
    }

    @Test func `an account goes only when nothing runs there`() async throws {
        let bench = Bench()
        let account = try await bench.add("0123456789abcdef")
        bench.load.running.withLock { $0 = 2 }
        await #expect(throws: AccountProblem.busy(account.id, running: 2)) {
            try await bench.administration.remove(account.id)
        }
        bench.load.running.withLock { $0 = 0 }
        // Only the store knows of this one.
        var job = try await bench.store.insert(.sample(candidates: [account.id]), joining: .never).job
        job = try await bench.store.save(
            job.with { job in
                job.state = .submitting
                job.account = account.id
            }, expecting: .queued, lease: nil)
        await #expect(throws: AccountProblem.busy(account.id, running: 1)) {
            try await bench.administration.remove(account.id)
        }
        #expect(bench.keeper.candidates(for: PoolQuery()).count == 1)
        _ = try await bench.store.save(job.with { $0.state = .failed }, expecting: .submitting, lease: nil)
        try await bench.administration.remove(account.id)
        #expect(bench.keeper.candidates(for: PoolQuery()).isEmpty)
        await #expect(throws: AccountProblem.notFound(account.id)) {
            try await bench.administration.account(account.id)
        }
    }

    @Test func `a check tells session and balance, and heals what has healed`() async throws {
        let bench = Bench()
        let account = try await bench.add("0123456789abcdef")
        bench.site.onSessionCheck { _ in false }
        let dead = try await bench.administration.check(account.id)
        #expect(dead.isAlive == false)
        #expect(dead.account.status == .sessionDead)
        bench.site.onSessionCheck { _ in true }
        bench.site.onCredits { _ in CreditBalance(gift: 60, purchase: 5, vip: 0) }
        let alive = try await bench.administration.check(account.id)
        #expect(alive.isAlive == true)
        #expect(alive.account.status == .healthy)
        #expect(alive.account.balance?.total == 65)
        #expect(alive.account.balance?.readAt == bench.time.now)
        #expect(try await bench.store.account(account.id)?.balance == alive.account.balance)
        #expect(try await bench.store.account(account.id)?.health.condition == .healthy)
    }

    @Test func `a pause of risk control ends when an administrator says so`() async throws {
        let bench = Bench()
        let account = try await bench.add("0123456789abcdef")
        await bench.keeper.note(.failed(.riskControl, kind: .image), of: account.id)
        #expect(try await bench.administration.account(account.id).status == .riskControl)
        #expect(try await bench.administration.clearPause(account.id).status == .healthy)
    }

    @Test func `an import adds what can be used and names the rest by place`() async throws {
        let bench = Bench()
        let known = try await bench.add("0123456789abcdef")
        let report = try await bench.administration.importAccounts(
            Secret("us-0123456789abcde1\n0123456789abcdef\nsk-jm-nothing\nhk-0123456789abcde2"),
            labels: AccountLabels(tags: ["new"]))
        #expect(report.added.map(\.region) == [.us, .hk])
        #expect(report.added.allSatisfy { $0.labels.tags == ["new"] })
        #expect(report.known == [known.id])
        #expect(report.rejected.map(\.number) == [3])
    }

    @Test func `accounts of another key are listed among the others, page after page, and can only be removed`()
        async throws
    {
        let bench = Bench()
        let sealed = try TestVault().seal(Secret("0123456789abcdef\n"))
        let unreadable: Set = [2, 3, 4, 5]
        for number in 1...7 {
            _ = try await bench.store.upsert(
                .sample(number, sealedCredential: unreadable.contains(number) ? [] : sealed, origin: .pool))
        }
        var pages: [[AccountDescription]] = []
        repeat {
            let cursor = pages.last?.last?.id
            pages.append(try await bench.administration.accounts(after: cursor, limit: 2))
        } while pages.last?.count == 2
        #expect(pages.map(\.count) == [2, 2, 2, 1])
        #expect(pages.joined().map(\.id) == (1...7).map { .sample($0) })
        for (number, account) in zip(1..., pages.joined()) {
            #expect(account.status == (unreadable.contains(number) ? .unreadable : .healthy))
        }
        let lost = AccountID.sample(2)
        #expect(try await bench.administration.account(lost).status == .unreadable)
        await #expect(throws: AccountProblem.unreadable(lost)) { try await bench.administration.check(lost) }
        await #expect(throws: AccountProblem.unreadable(lost)) {
            try await bench.administration.edit(lost, AccountEdit(label: "x"))
        }
        try await bench.administration.remove(lost)
        await #expect(throws: AccountProblem.notFound(lost)) { try await bench.administration.account(lost) }
        #expect(try await bench.administration.accounts(limit: 7).count == 6)
    }

    @Test func `every account of the pool is counted after a start, those that can't be opened too`() async throws {
        let bench = Bench()
        let sealed = try TestVault().seal(Secret("0123456789abcdef\n"))
        for number in 1...450 {
            _ = try await bench.store.upsert(
                .sample(
                    number, sealedCredential: number.isMultiple(of: 9) ? [] : sealed, origin: .pool,
                    isEnabled: !number.isMultiple(of: 10)))
        }
        _ = try await bench.store.upsert(.sample(451, sealedCredential: sealed, origin: .token))
        try await bench.keeper.load()
        let counts = bench.keeper.counts(at: bench.time.now)
        #expect(counts.values.reduce(0, +) == 450)
        #expect(counts["unreadable"] == 50)
        #expect(counts["disabled"] == 40)
        #expect(counts["healthy"] == 360)
        try await bench.administration.remove(.sample(9))
        // A token account counts once it is used.
        #expect(try await bench.keeper.credential(of: .sample(451)) != nil)
        #expect(bench.keeper.counts(at: bench.time.now)["unreadable"] == 49)
        #expect(bench.keeper.counts(at: bench.time.now)["healthy"] == 361)
    }

    @Test func `a store that fails is said to, and nothing is half done`() async throws {
        let bench = Bench()
        let account = try await bench.add("0123456789abcdef")
        bench.store.fail(with: StoreFault(.unavailable, detail: "disk full"))
        await #expect(throws: AccountProblem.storeUnavailable) { try await bench.administration.remove(account.id) }
        await #expect(throws: AccountProblem.storeUnavailable) { try await bench.add("us-0123456789abcdef") }
        bench.store.fail(with: nil)
        #expect(bench.keeper.candidates(for: PoolQuery()).map(\.id) == [account.id])
    }
}

extension InsertOutcome {
    fileprivate var job: Job {
        get throws {
            guard case .inserted(let job) = self else { throw GenerationFault(.internalError) }
            return job
        }
    }
}
