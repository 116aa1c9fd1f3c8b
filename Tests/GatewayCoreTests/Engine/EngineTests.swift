import GatewayCore
import GatewayTesting
import Logging
import Synchronization
import Testing

/// The engine with a scripted site, a store in memory and a clock moved by hand.
@Suite(.timeLimit(.minutes(10))) struct EngineTests {
    /// An engine with everything around it.
    struct Bench {
        let time = ManualTime()
        let store: MemoryStore
        let media = MemoryMedia()
        let inputs = MemoryInputs()
        let site = ScriptedUpstream()
        let engine: Engine

        init(
            store: MemoryStore = MemoryStore(), configure: (inout EngineConfiguration) -> Void = { _ in },
            lacking: @escaping @Sendable (String, MediaKind, [AccountID]) -> Set<AccountID> = { _, _, _ in [] }
        ) {
            self.store = store
            var configuration = EngineConfiguration()
            configuration.archivesMedia = false
            configure(&configuration)
            site.onLedger { _ in AccountLedger(entries: [], readSince: .sample) }
            engine = Engine(
                configuration: configuration, jobs: store, accounts: store, usage: store, media: media, inputs: inputs,
                vault: TestVault(),
                upstream: site, time: time, holder: "test", typicalRunTime: { _ in nil },
                model: { name in
                    Model(
                        id: name, kind: .image, displayName: name, upstreamKeys: [.cn: name], resolutions: ["2k"],
                        acceptsGiftCredits: false)
                },
                lacking: lacking,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }

        /// Runs the engine while `body` works.
        func run(_ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await engine.run() }
                try await body(self)
                group.cancelAll()
            }
        }

        func request(
            _ number: Int = 1, accounts: [AccountCredential] = [.sample()], join: JoinRule = .never,
            idempotencyKey: String? = nil
        ) -> NewGeneration {
            NewGeneration(
                task: .textToImage(.sample()), requestedModel: "jimeng-4.5", owner: "owner",
                idempotencyKey: idempotencyKey, fingerprint: "f\(number)", join: join, accounts: accounts)
        }

        func start(_ number: Int = 1, accounts: [AccountCredential] = [.sample()]) async throws -> Job {
            guard case .started(let job) = try await engine.start(request(number, accounts: accounts)) else {
                throw GenerationFault(.internalError)
            }
            return job
        }
    }

    static func output(_ name: String = "a") -> RemoteOutput {
        RemoteOutput(url: "https://cdn.example/\(name).webp")
    }

    /// A job's wait that ends only with the job.
    static func end(of job: Job, in bench: Bench) async throws -> Job {
        try await bench.engine.wait(for: job.id, until: bench.time.now + .seconds(100_000))
    }

    @Test func `the job is on disk as submitting before the request leaves`() async throws {
        let bench = Bench()
        bench.site.onSubmit { _, id, _ in
            let stored = try? await bench.store.unfinishedJobs(after: nil, limit: 10).first
            #expect(stored?.state == .submitting)
            #expect(stored?.submitID == id)
            return .accepted(Observation(reading: .succeeded([Self.output()]), historyID: "1"))
        }
        try await bench.run { bench in
            let job = try await Self.end(of: bench.start(), in: bench)
            #expect(job.state == .succeeded)
            #expect(try await bench.store.job(job.id)?.state == .succeeded)
            #expect(try await bench.store.job(job.id)?.historyID == "1")
        }
    }

    @Test func `many jobs of one account are watched by common queries`() async throws {
        let bench = Bench()
        bench.site.onSubmit { _, _, _ in .accepted(Observation(reading: .running, historyID: "1")) }
        bench.site.onObserve { jobs, _ in
            Dictionary(
                uniqueKeysWithValues: jobs.map { ($0.submitID, Observation(reading: .succeeded([Self.output()]))) })
        }
        try await bench.run { bench in
            var jobs: [Job] = []
            for number in 0..<100 { jobs.append(try await bench.start(number)) }
            try await bench.site.waitForSubmits(100)
            while bench.site.observes.flatMap(\.self).count < 100 { try await bench.time.advanceToNextSleeper() }
            for job in jobs { #expect(try await Self.end(of: job, in: bench).state == .succeeded) }
            #expect(bench.site.observes.count <= 12)
            #expect(bench.site.observes.allSatisfy { $0.count <= 20 })
        }
    }

    @Test func `a lost answer is looked up until it is found`() async throws {
        let bench = Bench()
        bench.site.onSubmit { _, _, _ in .unknown(GenerationFault(.upstreamUnreachable)) }
        let looks = Counter()
        bench.site.onObserve { jobs, _ in
            guard looks.next() >= 3 else { return [:] }
            return [jobs[0].submitID: Observation(reading: .succeeded([Self.output()]), historyID: "5")]
        }
        try await bench.run { bench in
            let job = try await bench.start()
            try await bench.site.waitForSubmits(1)
            while bench.site.observes.count < 3 { try await bench.time.advanceToNextSleeper() }
            let ended = try await Self.end(of: job, in: bench)
            #expect(ended.state == .succeeded)
            #expect(ended.historyID == "5")
            #expect(bench.site.submits.count == 1)
        }
    }

    @Test(arguments: [JobState.submitting, .unknown, .running])
    func `after a restart a job the site may have is looked up and never sent again`(state: JobState) async throws {
        let store = MemoryStore()
        let first = Bench(store: store)
        let credential = AccountCredential.sample()
        _ = try await store.upsert(
            StoredAccount(
                id: credential.id, region: credential.region, isSandbox: credential.isSandbox,
                sealedCredential: try TestVault().seal(Secret(credential.session.reveal() + "\n")), preview: "****",
                createdAt: first.time.now, lastUsedAt: first.time.now))
        var job = Job.sample(1, candidates: [credential.id])
        _ = try await store.insert(job, joining: .never)
        job.account = credential.id
        job.region = credential.region
        job.submitID = SubmitID(rawValue: "11111111-1111-4111-8111-111111111111")
        job.submissions = 1
        job.submittedAt = first.time.now
        job.state = .submitting
        job = try await store.save(job, expecting: .queued, lease: nil)
        if state != .submitting {
            job.state = state
            job = try await store.save(job, expecting: .submitting, lease: nil)
        }
        let id = job.id
        let bench = Bench(store: store)
        bench.site.onObserve { jobs, account in
            #expect(account == credential)
            return [jobs[0].submitID: Observation(reading: .succeeded([Self.output()]), historyID: "8")]
        }
        try await bench.run { bench in
            while bench.site.observes.isEmpty { try await bench.time.advanceToNextSleeper() }
            let ended = try await bench.engine.wait(for: id, until: bench.time.now + .seconds(1000))
            #expect(ended.state == .succeeded)
            #expect(bench.site.submits.isEmpty)
        }
    }

    @Test func `a job that was only queued is sent after a restart`() async throws {
        let store = MemoryStore()
        let credential = AccountCredential.sample()
        _ = try await store.upsert(
            StoredAccount(
                id: credential.id, region: credential.region, isSandbox: credential.isSandbox,
                sealedCredential: try TestVault().seal(Secret(credential.session.reveal() + "\n")), preview: "****",
                createdAt: .sample, lastUsedAt: .sample))
        let job = Job.sample(1, candidates: [credential.id])
        _ = try await store.insert(job, joining: .never)
        let bench = Bench(store: store)
        bench.site.onSubmit { _, _, _ in .accepted(Observation(reading: .succeeded([Self.output()]))) }
        try await bench.run { bench in
            try await bench.site.waitForSubmits(1)
            #expect(
                try await bench.engine.wait(for: job.id, until: bench.time.now + .seconds(1000)).state == .succeeded)
        }
    }

    @Test func `the same idempotency key makes one job`() async throws {
        let bench = Bench()
        bench.site.onSubmit { _, _, _ in .accepted(Observation(reading: .running)) }
        try await bench.run { bench in
            let rule = JoinRule.idempotencyKey(since: bench.time.now)
            guard
                case .started(let job) = try await bench.engine.start(bench.request(1, join: rule, idempotencyKey: "k")),
                case .joined(let same) = try await bench.engine.start(bench.request(1, join: rule, idempotencyKey: "k")),
                case .keyReused = try await bench.engine.start(bench.request(2, join: rule, idempotencyKey: "k"))
            else {
                Issue.record("the key did not decide")
                return
            }
            #expect(job.id == same.id)
            try await bench.site.waitForSubmits(1)
        }
    }

    @Test func `a cancelled queued job never leaves`() async throws {
        let bench = Bench { $0.maximumInFlight[.image] = 1 }
        bench.site.onSubmit { _, _, _ in .accepted(Observation(reading: .running)) }
        try await bench.run { bench in
            _ = try await bench.start(1)
            try await bench.site.waitForSubmits(1)
            let second = try await bench.start(2)
            #expect(try await bench.engine.cancel(second.id)?.state == .canceled)
            #expect(try await bench.store.job(second.id)?.state == .canceled)
            #expect(bench.site.submits.count == 1)
        }
    }

    @Test func `a wait ends at its deadline and the job goes on`() async throws {
        let bench = Bench()
        bench.site.onSubmit { _, _, _ in .accepted(Observation(reading: .running)) }
        bench.site.onObserve { jobs, _ in [jobs[0].submitID: Observation(reading: .running)] }
        try await bench.run { bench in
            let job = try await bench.start()
            try await bench.site.waitForSubmits(1)
            let deadline = bench.time.now + .seconds(5)
            async let waiting = bench.engine.wait(for: job.id, until: deadline)
            try await bench.time.waitForSleeper(until: deadline)
            bench.time.advance(to: deadline)
            let waited = try await waiting
            #expect(!waited.state.isTerminal)
        }
    }

    @Test func `while draining nothing new is taken and waiters are answered`() async throws {
        let bench = Bench()
        bench.site.onSubmit { _, _, _ in .accepted(Observation(reading: .running)) }
        bench.site.onObserve { jobs, _ in [jobs[0].submitID: Observation(reading: .running)] }
        try await bench.run { bench in
            let job = try await bench.start()
            try await bench.site.waitForSubmits(1)
            let deadline = bench.time.now + .seconds(5000)
            let waited = Task { try await bench.engine.wait(for: job.id, until: deadline) }
            try await bench.time.waitForSleeper(until: deadline)
            bench.engine.drain()
            await #expect(throws: GenerationFault.self) { try await waited.value }
            await #expect(throws: GenerationFault.self) { _ = try await bench.engine.start(bench.request(2)) }
            #expect(await bench.engine.status.isDraining)
        }
    }

    @Test func `results are copied into the media store`() async throws {
        let bench = Bench { $0.archivesMedia = true }
        bench.site.onSubmit { _, _, _ in .accepted(Observation(reading: .succeeded([Self.output()]))) }
        bench.site.onDownload { url, _ in
            #expect(url == "https://cdn.example/a.webp")
            return RemoteFile(byteCount: 12, mimeType: "image/webp", body: ByteChunks(Array("RIFF....WEBP".utf8)))
        }
        try await bench.run { bench in
            let job = try await Self.end(of: bench.start(), in: bench)
            while try await bench.store.job(job.id)?.outputs.first?.stored == nil { await Task.yield() }
            #expect(bench.media.count == 1)
        }
    }

    @Test func `a stop during an upload leaves the job to the next start`() async throws {
        let bench = Bench()
        let isUploading = Watched(false)
        bench.site.onUpload { _, _, _ throws(GenerationFault) in
            isUploading.update { $0 = true }
            try? await Task.sleep(for: .seconds(3600))  // Ends with the cancellation.
            throw GenerationFault(.uploadTimeout)
        }
        let id = Mutex<GenerationID?>(nil)
        try await bench.run { bench in
            var request = bench.request()
            request.task = .imageToImage(.sample(), inputs: [.sample()])
            guard case .started(let job) = try await bench.engine.start(request) else { return }
            id.withLock { $0 = job.id }
            try await isUploading.wait { $0 }
        }
        let started = try #require(id.withLock { $0 })
        let job = try #require(try await bench.store.job(started))
        #expect(job.state == .preparing)
        #expect(job.refusals.isEmpty)
    }

    @Test func `a stop before the request has left leaves the job to the next start`() async throws {
        let bench = Bench()
        bench.site.onSubmit { _, _, _ in
            try? await Task.sleep(for: .seconds(3600))  // Ends with the cancellation.
            return .notSent(GenerationFault(.upstreamUnreachable))
        }
        let id = Mutex<GenerationID?>(nil)
        try await bench.run { bench in
            let job = try await bench.start()
            id.withLock { $0 = job.id }
            try await bench.site.waitForSubmits(1)
        }
        let started = try #require(id.withLock { $0 })
        let job = try #require(try await bench.store.job(started))
        #expect(job.state == .queued)
        #expect(job.submissions == 0)
        #expect(job.refusals.isEmpty)
    }

    /// One account repeats the job after a while, with two the other one would take it.
    @Test(arguments: [1, 2])
    func `a cancellation during a submission that is refused ends the job`(accounts: Int) async throws {
        let bench = Bench()
        let isOpen = Watched(false)
        bench.site.onSubmit { _, _, _ in
            try? await isOpen.wait { $0 }  // Cancellation only: then the test is over.
            return .refused(GenerationFault(.upstreamBusy))
        }
        try await bench.run { bench in
            let job = try await bench.start(accounts: (1...accounts).map { .sample($0) })
            try await bench.site.waitForSubmits(1)
            let deadline = bench.time.now + .seconds(5)
            async let cancelled = bench.engine.cancel(job.id)
            try await bench.time.waitForSleeper(until: deadline)
            isOpen.update { $0 = true }
            #expect(try await cancelled?.state == .canceled)
            #expect(bench.site.submits.count == 1)
        }
    }

    @Test func `an end that could not be stored is told to nobody`() async throws {
        let bench = Bench()
        bench.site.onSubmit { _, _, _ in .refused(GenerationFault(.riskControl, ret: "1019")) }
        try await bench.run { bench in
            _ = try await Self.end(of: bench.start(1), in: bench)
            bench.store.failNextSave(to: .failed, with: StoreFault(.unavailable, detail: "disk full"))
            let second = try await bench.start(2)
            // It is read again after a second, and fails then, on disk.
            let retry = bench.time.now + .seconds(1)
            try await bench.time.waitForSleeper(until: retry)
            #expect(try await bench.engine.job(second.id)?.state == .queued)
            bench.time.advance(to: retry)
            #expect(try await Self.end(of: second, in: bench).fault?.kind == .riskControl)
            #expect(try await bench.store.job(second.id)?.state == .failed)
        }
    }

    @Test func `the inputs of a job that found no account are removed`() async throws {
        let bench = Bench()
        bench.site.onSubmit { _, _, _ in .refused(GenerationFault(.riskControl, ret: "1019")) }
        try await bench.run { bench in
            _ = try await Self.end(of: bench.start(1), in: bench)
            let input = try await bench.inputs.spool(ByteChunks(Array("GIF89a".utf8)), limits: InputLimits())
            var request = bench.request(2)
            request.task = .imageToImage(.sample(), inputs: [input])
            guard case .started(let job) = try await bench.engine.start(request) else { return }
            #expect(try await Self.end(of: job, in: bench).state == .failed)
            while !bench.inputs.names.isEmpty { await Task.yield() }
        }
    }

    @Test func `an owner has so many unfinished jobs, repeats of them not counted, and gets the place back`()
        async throws
    {
        let bench = Bench()
        bench.site.onSubmit { _, _, _ in .accepted(Observation(reading: .succeeded([Self.output()]), historyID: "1")) }
        var first = bench.request(1, join: .idempotencyKey(since: .sample), idempotencyKey: "key")
        first.ownerLimit = 1
        guard case .started(let job) = try await bench.engine.start(first) else {
            throw GenerationFault(.internalError)
        }
        guard case .joined(let joined) = try await bench.engine.start(first) else {
            throw GenerationFault(.internalError)
        }
        #expect(joined.id == job.id)
        var second = bench.request(2)
        second.ownerLimit = 1
        guard case .ownerLimitReached = try await bench.engine.start(second) else {
            throw GenerationFault(.internalError)
        }
        #expect(try await bench.store.unfinishedJobs(after: nil, limit: 10).count == 1)
        let again = second
        try await bench.run { bench in
            _ = try await Self.end(of: job, in: bench)
            guard case .started = try await bench.engine.start(again) else { throw GenerationFault(.internalError) }
        }
    }
}
