import GatewayCore
import Testing

extension StoreLaw {
    static let insertionLaws: [StoreLaw] = [
        StoreLaw("an inserted job is found by its id, also after reopening") { (subject) async throws in
            let job = Job.sample()
            #expect(try await subject.store.insert(job, joining: .never) == .inserted(job))
            #expect(try await subject.store.job(job.id) == job)
            let reopened = try await subject.reopen()
            #expect(try await reopened.job(job.id) == job)
            #expect(try await reopened.unfinishedJobs(after: nil, limit: 10) == [job])
        },
        StoreLaw("a job that was never inserted is not found") { (subject) async throws in
            #expect(try await subject.store.job(.sample(404)) == nil)
        },
        StoreLaw("every member of a new job comes back as it was") { (subject) async throws in
            let job = Job.fullSample
            #expect(try await subject.store.insert(job, joining: .never) == .inserted(job))
            #expect(try await subject.store.job(job.id) == job)
            #expect(try await subject.reopen().job(job.id) == job)
        },
        StoreLaw("an id that exists is refused") { (subject) async throws in
            try await subject.store.add(.sample(1))
            await expectConflict("second insertion of one id") {
                _ = try await subject.store.insert(.sample(1, owner: "somebody else"), joining: .never)
            }
            #expect(try await subject.store.job(.sample(1))?.owner == "owner-1")
        },
        StoreLaw("a job that is not queued is no new job") { (subject) async throws in
            await expectConflict("insertion of a running job") {
                _ = try await subject.store.insert(.sample().with { $0.state = .running }, joining: .never)
            }
            #expect(try await subject.store.job(.sample()) == nil)
        },
        StoreLaw("an idempotency key joins the same request and refuses another one") { (subject) async throws in
            let store = subject.store
            let rule = JoinRule.idempotencyKey(since: .sample)
            let first = Job.sample(1, idempotencyKey: "key", fingerprint: "same")
            #expect(try await store.insert(first, joining: rule) == .inserted(first))
            let again = Job.sample(2, idempotencyKey: "key", fingerprint: "same", createdAt: .sample + .seconds(1))
            #expect(try await store.insert(again, joining: rule) == .joined(first))
            let other = Job.sample(3, idempotencyKey: "key", fingerprint: "other")
            #expect(try await store.insert(other, joining: rule) == .keyReused)
            #expect(try await store.job(again.id) == nil)
            #expect(try await store.job(other.id) == nil)
        },
        StoreLaw("what an insertion would join can be asked for without inserting") { (subject) async throws in
            let store = subject.store
            let key = JoinRule.idempotencyKey(since: .sample)
            let request = JoinRule.fingerprint(since: .sample)
            func earlier(
                _ rule: JoinRule, key: String? = "key", _ fingerprint: String = "same", owner: String = "owner-1"
            ) async throws -> InsertOutcome? {
                try await store.earlierJob(
                    owner: owner, idempotencyKey: key, fingerprint: fingerprint, joining: rule)
            }
            #expect(try await earlier(key) == nil)
            let job = try await store.add(.sample(1, idempotencyKey: "key", fingerprint: "same"))
            #expect(try await earlier(key) == .joined(job))
            #expect(try await earlier(key, "other") == .keyReused)
            #expect(try await earlier(key, key: "another") == nil)
            #expect(try await earlier(key, key: nil) == nil)
            #expect(try await earlier(key, owner: "owner-2") == nil)
            #expect(try await earlier(request, key: nil) == .joined(job))
            #expect(try await earlier(request, key: nil, "other") == nil)
            #expect(try await earlier(.never) == nil)
            #expect(try await earlier(.fingerprint(since: .sample + .seconds(1))) == nil)
        },
        StoreLaw("an idempotency key belongs to its owner") { (subject) async throws in
            let rule = JoinRule.idempotencyKey(since: .sample)
            try await subject.store.add(.sample(1, idempotencyKey: "key", fingerprint: "same"))
            let other = Job.sample(2, owner: "owner-2", idempotencyKey: "key", fingerprint: "same")
            #expect(try await subject.store.insert(other, joining: rule) == .inserted(other))
        },
        StoreLaw("an idempotency key is forgotten before the given instant, and not at it") { (subject) async throws in
            let store = subject.store
            try await store.add(.sample(1, idempotencyKey: "key", fingerprint: "old"))
            let new = Job.sample(2, idempotencyKey: "key", fingerprint: "new", createdAt: .sample + .seconds(2))
            #expect(try await store.insert(new, joining: .idempotencyKey(since: .sample)) == .keyReused)
            let later = JoinRule.idempotencyKey(since: .sample + .seconds(1))
            #expect(try await store.insert(new, joining: later) == .inserted(new))
            #expect(try await store.insert(new.as(.sample(3)), joining: later) == .joined(new))
        },
        StoreLaw("without a key the rule of keys joins nothing") { (subject) async throws in
            let rule = JoinRule.idempotencyKey(since: .sample)
            try await subject.store.add(.sample(1, fingerprint: "same"))
            let new = Job.sample(2, fingerprint: "same")
            #expect(try await subject.store.insert(new, joining: rule) == .inserted(new))
        },
        StoreLaw("a job that ended before any submission frees its idempotency key") { (subject) async throws in
            let store = subject.store
            let rule = JoinRule.idempotencyKey(since: .sample)
            for (number, end) in [JobState.failed, .canceled].enumerated() {
                let key = "key \(end)"
                try await store.add(.sample(10 + number, idempotencyKey: key, fingerprint: "same"), through: end)
                let next = Job.sample(20 + number, idempotencyKey: key, fingerprint: "other")
                #expect(try await store.insert(next, joining: rule) == .inserted(next), "after \(end)")
            }
        },
        StoreLaw("a job that failed after a submission keeps its idempotency key") { (subject) async throws in
            let store = subject.store
            let job = Job.sample(1, idempotencyKey: "key", fingerprint: "same")
            let failed = try await store.add(job, through: .submitting, .failed)
            #expect(failed.submissions == 1)
            let again = Job.sample(2, idempotencyKey: "key", fingerprint: "same")
            #expect(try await store.insert(again, joining: .idempotencyKey(since: .sample)) == .joined(failed))
        },
        StoreLaw("a fingerprint joins the newest equal request of the same owner within the time given") {
            (subject) async throws in
            let store = subject.store
            try await store.add(.sample(1, fingerprint: "same"))
            let newest = try await store.add(.sample(2, fingerprint: "same", createdAt: .sample + .seconds(5)))
            try await store.add(.sample(3, fingerprint: "other", createdAt: .sample + .seconds(6)))
            let retry = Job.sample(4, fingerprint: "same", createdAt: .sample + .seconds(7))
            #expect(try await store.insert(retry, joining: .fingerprint(since: .sample)) == .joined(newest))
            #expect(
                try await store.insert(retry, joining: .fingerprint(since: newest.createdAt)) == .joined(newest))
            let stranger = Job.sample(5, owner: "owner-2", fingerprint: "same")
            #expect(try await store.insert(stranger, joining: .fingerprint(since: .sample)) == .inserted(stranger))
            let late = JoinRule.fingerprint(since: .sample + .seconds(6))
            #expect(try await store.insert(retry, joining: late) == .inserted(retry))
        },
        StoreLaw("a fingerprint does not join a job that failed before any submission") { (subject) async throws in
            let store = subject.store
            let rule = JoinRule.fingerprint(since: .sample)
            try await store.add(.sample(1, fingerprint: "same"), through: .failed)
            let second = Job.sample(2, fingerprint: "same")
            #expect(try await store.insert(second, joining: rule) == .inserted(second))
            let ended = try await store.add(.sample(3, fingerprint: "sent"), through: .submitting, .failed)
            #expect(try await store.insert(.sample(4, fingerprint: "sent"), joining: rule) == .joined(ended))
        },
        StoreLaw("the rule that joins nothing makes a job of every request") { (subject) async throws in
            try await subject.store.add(.sample(1, idempotencyKey: "key", fingerprint: "same"))
            let second = Job.sample(2, idempotencyKey: "key", fingerprint: "same")
            #expect(try await subject.store.insert(second, joining: .never) == .inserted(second))
        },
        StoreLaw("twenty equal requests at once make one job") { (subject) async throws in
            let store = subject.store
            let inserted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 1...20 {
                    group.addTask {
                        let job = Job.sample(number, idempotencyKey: "key", fingerprint: "same")
                        let outcome = try await store.insert(job, joining: .idempotencyKey(since: .sample))
                        if case .inserted = outcome { return true }
                        return false
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(inserted == 1)
            #expect(try await store.unfinishedJobs(after: nil, limit: 100).count == 1)
        },
    ]
}

extension Job {
    /// A new job with something in every member, Chinese text among it.
    static let fullSample = Job.sample(
        9_999_999, owner: "key_组长",
        task: .textToImage(
            TextToImage(
                model: "jimeng-4.5", prompt: "黄昏的灯塔,'单引号' \"双引号\" \\ \n\t\u{0} 🌊", negativePrompt: "模糊", ratio: nil,
                intelligentRatio: true, resolution: "4k", size: PixelSize(width: 5404, height: 3040), count: 4,
                sampleStrength: 0.1, seed: .max, isSeries: true)),
        requestedModel: "即梦", notices: ["size was mapped", "画幅已调整"], user: "用户; DROP TABLE job",
        metadata: ["a": "1", "键": "值"],
        idempotencyKey: "k-%_'", fingerprint: String(repeating: "f", count: 64),
        candidates: [.sample(3), .sample(1), .sample(2)], sealedWebhook: [0, 255, 7],
        createdAt: Timestamp(milliseconds: 1_790_000_000_123))

    /// The same request under another id.
    func `as`(_ id: GenerationID) -> Job {
        Job(
            id: id, owner: owner, task: task, requestedModel: requestedModel, notices: notices, user: user,
            metadata: metadata, idempotencyKey: idempotencyKey, fingerprint: fingerprint, candidates: candidates,
            sealedWebhook: sealedWebhook, createdAt: createdAt)
    }
}
