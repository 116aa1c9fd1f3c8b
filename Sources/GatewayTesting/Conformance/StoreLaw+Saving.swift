import GatewayCore
import Testing

extension StoreLaw {
    static let savingLaws: [StoreLaw] = [
        StoreLaw("a save raises the revision by one and is found again") { (subject) async throws in
            let job = try await subject.store.add(.sample())
            let saved = try await subject.store.save(
                job.with { $0.state = .submitting }, expecting: .queued, lease: nil)
            #expect(saved.revision == job.revision + 1)
            #expect(saved.state == .submitting)
            #expect(try await subject.store.job(job.id) == saved)
            #expect(try await subject.reopen().job(job.id) == saved)
        },
        StoreLaw("every member that moves comes back as it was saved") { (subject) async throws in
            let job = try await subject.store.add(.fullSample)
            let moved = job.with { $0.fillPosition() }
            let saved = try await subject.store.save(moved, expecting: .queued, lease: nil)
            #expect(saved == moved.with { $0.revision += 1 })
            #expect(try await subject.store.job(job.id) == saved)
            #expect(try await subject.store.unfinishedJobs(after: nil, limit: 1) == [saved])
            #expect(try await subject.store.jobs(matching: JobFilter()).jobs == [saved])
            #expect(try await subject.reopen().job(job.id) == saved)
        },
        StoreLaw("every member that moves can be emptied again") { (subject) async throws in
            let job = try await subject.store.add(.fullSample)
            let filled = try await subject.store.save(
                job.with { $0.fillPosition() }, expecting: .queued, lease: nil)
            let empty = job.with {
                $0.state = .queued
                $0.revision = filled.revision
            }
            let saved = try await subject.store.save(empty, expecting: .submitting, lease: nil)
            #expect(try await subject.store.job(job.id) == saved)
            #expect(saved == empty.with { $0.revision += 1 })
        },
        StoreLaw("progress is not kept") { (subject) async throws in
            let job = try await subject.store.add(.sample())
            let saved = try await subject.store.save(
                job.with { $0.progress.percent = 40 }, expecting: .queued, lease: nil)
            #expect(saved.progress.percent == 40)
            #expect(try await subject.store.job(job.id)?.progress == JobProgress())
        },
        StoreLaw("what was asked is never rewritten") { (subject) async throws in
            let job = try await subject.store.add(.sample(1, owner: "owner-1"))
            let forged = Job.sample(1, owner: "owner-2", task: .textToImage(.sample(prompt: "something else")))
            _ = try await subject.store.save(forged, expecting: .queued, lease: nil)
            #expect(try await subject.store.job(job.id) == job.with { $0.revision = 1 })
        },
        StoreLaw("a save that expects another state is refused and writes nothing") { (subject) async throws in
            let job = try await subject.store.add(.sample(), through: .submitting)
            await expectConflict("another state") {
                let moved = job.with { $0.state = .running }
                _ = try await subject.store.save(moved, expecting: .unknown, lease: nil)
            }
            #expect(try await subject.store.job(job.id) == job)
        },
        StoreLaw("a save of an old or a future revision is refused and writes nothing") { (subject) async throws in
            let job = try await subject.store.add(.sample(), through: .preparing, .queued)
            for revision in [job.revision - 1, job.revision + 1] {
                await expectConflict("revision \(revision)") {
                    let moved = job.with {
                        $0.revision = revision
                        $0.state = .submitting
                    }
                    _ = try await subject.store.save(moved, expecting: .queued, lease: nil)
                }
            }
            #expect(try await subject.store.job(job.id) == job)
        },
        StoreLaw("a save of a job that is not there is refused") { (subject) async throws in
            await expectConflict("no such job") {
                _ = try await subject.store.save(.sample(), expecting: .queued, lease: nil)
            }
            #expect(try await subject.store.job(.sample()) == nil)
        },
        StoreLaw("of racing writers exactly one wins") { (subject) async throws in
            let store = subject.store
            let job = try await store.add(.sample())
            let winners = await withTaskGroup(of: Bool.self) { group in
                for number in 1...16 {
                    group.addTask {
                        let moved = job.with {
                            $0.state = .submitting
                            $0.submitID = .sample(number)
                        }
                        return (try? await store.save(moved, expecting: .queued, lease: nil)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
            #expect(try await store.job(job.id)?.revision == 1)
        },
        StoreLaw("states follow one another only as they may") { (subject) async throws in
            var number = 0
            for from in JobState.allCases {
                for to in JobState.allCases {
                    number += 1
                    let job = try await subject.store.add(.sample(number), through: from.path)
                    let moved = job.with { $0.state = to }
                    if from == to || (legalSteps[from] ?? []).contains(to) {
                        let saved = try await subject.store.save(moved, expecting: from, lease: nil)
                        #expect(saved.state == to, "\(from) to \(to)")
                    } else {
                        await expectConflict("\(from) to \(to)") {
                            _ = try await subject.store.save(moved, expecting: from, lease: nil)
                        }
                        #expect(try await subject.store.job(job.id) == job, "\(from) to \(to)")
                    }
                }
            }
        },
        StoreLaw("only an ended job can be removed, and once") { (subject) async throws in
            let running = try await subject.store.add(.sample(1), through: .submitting, .running)
            let ended = try await subject.store.add(.sample(2), through: .failed)
            #expect(try await subject.store.removeJob(running.id) == false)
            #expect(try await subject.store.removeJob(ended.id) == true)
            #expect(try await subject.store.removeJob(ended.id) == false)
            #expect(try await subject.store.job(running.id) == running)
            #expect(try await subject.reopen().job(ended.id) == nil)
        },
        StoreLaw("run times are kept by model and resolution and replaced one by one") { (subject) async throws in
            #expect(try await subject.store.runTimes().isEmpty)
            let first = RunTimeKey(model: "jimeng-4.5", resolution: "2k")
            let second = RunTimeKey(model: "jimeng-4.5", resolution: "4k")
            let old = RunTimeEstimate(mean: 12.25, deviation: 3.5, samples: 9)
            let new = RunTimeEstimate(mean: 13, deviation: 2, samples: 10)
            try await subject.store.saveRunTimes([first: old, second: old])
            try await subject.store.saveRunTimes([first: new])
            try await subject.store.saveRunTimes([:])
            #expect(try await subject.reopen().runTimes() == [first: new, second: old])
        },
        StoreLaw("a run time that is no number is not kept") { (subject) async throws in
            let key = RunTimeKey(model: "m", resolution: "r")
            try await subject.store.saveRunTimes([key: RunTimeEstimate(mean: .nan, deviation: 1, samples: 1)])
            #expect(try await subject.store.runTimes().isEmpty)
        },
    ]

    /// The table of ``JobState``, written out once more.
    private static let legalSteps: [JobState: Set<JobState>] = [
        .queued: [.preparing, .submitting, .failed, .canceled],
        .preparing: [.queued, .submitting, .failed, .canceled],
        .submitting: [.queued, .unknown, .running, .succeeded, .partial, .failed, .canceled],
        .unknown: [.running, .succeeded, .partial, .failed, .canceled],
        .running: [.succeeded, .partial, .failed, .canceled],
    ]
}

extension GenerationOutput {
    /// An output that was copied.
    static func kept(_ number: Int) -> GenerationOutput {
        GenerationOutput(
            remote: .sample(number),
            stored: StoredMedia(
                id: MediaID(rawValue: "media_0000000000000000000\(number)"), fileExtension: "webp",
                mimeType: "image/webp", byteCount: 5_000_000_000, sha256: String(repeating: "a", count: 64),
                width: 2304, height: 1728, createdAt: .sample))
    }
}

extension Job {
    /// Puts something into every member that may change.
    mutating func fillPosition() {
        state = .submitting
        account = .sample(2)
        region = .sg
        submitID = .sample(5)
        historyID = "9223372036854775807"
        submissions = 3
        refusals = [
            AccountRefusal(account: .sample(1), fault: GenerationFault(.insufficientCredits, ret: "1006")),
            AccountRefusal(
                account: .sample(3),
                fault: GenerationFault(.upstreamHTTPError, failCode: "2038", logID: "20260921", httpStatus: 502)),
        ]
        notBefore = .sample + .seconds(30)
        cancelRequested = true
        startedAt = .sample + .milliseconds(1)
        submittedAt = .sample + .milliseconds(2)
        completedAt = .sample + .milliseconds(3)
        outputs = [.kept(1), GenerationOutput(remote: RemoteOutput(url: "https://example/图片?a=1&b=\"2\""))]
        fault = GenerationFault(.contentPolicyViolation, ret: "0", failCode: "2038", logID: "log-编号")
        fault?.accountsTried = 2
    }
}
