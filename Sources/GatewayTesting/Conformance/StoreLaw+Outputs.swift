import GatewayCore
import Testing

/// Changes to the outputs of ended jobs, which several hands make at once: copies, previews, fresh links, retention.
extension StoreLaw {
    static let outputLaws = [
        StoreLaw("outputs of an ended job are replaced without touching anything else") { (subject) async throws in
            let job = try await subject.store.add(.sample(), through: .submitting, .running, .succeeded)
            let outputs = [GenerationOutput.kept(1), GenerationOutput(remote: .sample(2))]
            #expect(try await subject.store.saveOutputs(outputs, of: job.id, at: job.revision))
            let expected = job.with {
                $0.outputs = outputs
                $0.revision += 1
            }
            #expect(try await subject.reopen().job(job.id) == expected)
        },
        StoreLaw("outputs of a missing job are ignored, those of a running one refused") { (subject) async throws in
            #expect(try await !subject.store.saveOutputs([.kept(1)], of: .sample(404), at: 0))
            let running = try await subject.store.add(.sample(), through: .submitting, .running)
            await expectConflict("outputs of a running job") {
                _ = try await subject.store.saveOutputs([.kept(1)], of: running.id, at: running.revision)
            }
            await expectConflict("a change to a running job") {
                _ = try await subject.store.updateOutputs(of: running) { $0 = [.kept(1)] }
            }
            #expect(try await subject.store.job(running.id) == running)
        },
        StoreLaw("outputs of an old or a future revision are refused, and their files not entered") {
            (subject) async throws in
            let job = try await subject.store.add(.sample(), through: .submitting, .running, .succeeded)
            for revision in [job.revision - 1, job.revision + 1] {
                await expectConflict("revision \(revision)") {
                    _ = try await subject.store.saveOutputs([.kept(1)], of: job.id, at: revision)
                }
            }
            #expect(try await subject.store.job(job.id) == job)
            #expect(try await subject.store.mediaTotals().files == 0)
        },
        StoreLaw("of two who saw the same outputs both changes survive") { (subject) async throws in
            let store = subject.store
            let seen = try await store.ended(with: [.kept(1)])
            let second = try #require(try await store.updateOutputs(of: seen) { $0[0].remote.url = "https://fresh" })
            let third = try #require(try await store.updateOutputs(of: seen) { $0[0].stored?.previews = [.sample] })
            #expect(third.outputs[0].remote.url == "https://fresh")
            #expect(third.outputs[0].stored?.previews == [.sample])
            #expect([second.revision, third.revision] == [seen.revision + 1, seen.revision + 2])
            #expect(try await subject.reopen().job(seen.id) == third)
        },
        StoreLaw("a change to outputs that were seen before a file was condemned does not bring it back") {
            (subject) async throws in
            let store = subject.store
            let seen = try await store.ended(with: [.kept(1), .kept(2)])
            let file = try #require(seen.outputs[0].stored?.id)
            let rule = MediaRule.old(keptBefore: .sample + .seconds(1), limit: 1)
            #expect(try await store.condemnMedia(rule, at: .sample).map(\.id) == [file])
            let changed = try #require(
                try await store.updateOutputs(of: seen) { outputs in
                    for index in outputs.indices {
                        outputs[index].remote.url = "https://fresh/\(index)"
                        outputs[index].stored?.previews = [.sample]
                    }
                })
            #expect(changed.outputs[0].stored == nil)
            #expect(changed.outputs[0].removedAt == .sample)
            #expect(changed.outputs[1].stored?.previews == [.sample])
            #expect(changed.outputs.map(\.remote.url) == ["https://fresh/0", "https://fresh/1"])
            #expect(try await store.condemnedMedia(limit: 9).map(\.id) == [file])
            #expect(try await subject.reopen().job(seen.id) == changed)
        },
        StoreLaw("changes to the same outputs at once all survive") { (subject) async throws in
            let store = subject.store
            let outputs = (0..<4).map { GenerationOutput(remote: .sample($0)) }
            let seen = try await store.ended(with: outputs)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in outputs.indices {
                    group.addTask {
                        _ = try await store.updateOutputs(of: seen) {
                            $0[index].stored = GenerationOutput.kept(index).stored
                        }
                    }
                }
                try await group.waitForAll()
            }
            let job = try #require(try await store.job(seen.id))
            #expect(job.outputs.map(\.stored) == outputs.indices.map { GenerationOutput.kept($0).stored })
            #expect(job.revision == seen.revision + outputs.count)
            #expect(try await store.mediaTotals().files == outputs.count)
        },
        StoreLaw("a change that changes nothing writes nothing, one to a removed job enters its files") {
            (subject) async throws in
            let store = subject.store
            let seen = try await store.ended(with: [GenerationOutput(remote: .sample(1))])
            #expect(try await store.updateOutputs(of: seen) { $0[0].stored = nil } == seen)
            #expect(try await store.job(seen.id) == seen)
            _ = try await store.removeJob(seen.id)
            #expect(try await store.updateOutputs(of: seen) { $0 = [.kept(1)] } == nil)
            #expect(try await store.mediaTotals().files == 1)
            let abandoned = MediaRule.abandoned(keptBefore: .sample + .seconds(1), limit: 9)
            #expect(try await store.condemnMedia(abandoned, at: .sample).count == 1)
        },
    ]
}

extension StoredPreview {
    fileprivate static let sample = StoredPreview(variant: "thumbnail", fileExtension: "webp", byteCount: 9)
}

extension JobStore {
    fileprivate func ended(with outputs: [GenerationOutput]) async throws -> Job {
        let job = try await add(.sample(), through: .submitting, .running, .succeeded)
        return try #require(try await updateOutputs(of: job) { $0 = outputs })
    }
}
