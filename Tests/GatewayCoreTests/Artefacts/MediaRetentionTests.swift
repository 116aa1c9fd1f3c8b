import GatewayCore
import GatewayTesting
import Logging
import Testing

@Suite("Retention of kept files", .timeLimit(.minutes(10)))
struct MediaRetentionTests {
    private struct Bench {
        let store = MemoryStore()
        let media = MemoryMedia()
        let time = ManualTime()

        func retention(_ configure: (inout MediaRetention.Configuration) -> Void = { _ in }) -> MediaRetention {
            var configuration = MediaRetention.Configuration()
            configure(&configuration)
            return MediaRetention(
                configuration: configuration, jobs: store, index: store, media: media, time: time,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }

        /// An ended job with copies of these bytes, kept so long ago.
        func job(_ number: Int, _ contents: [[UInt8]], age: Duration = .zero) async throws -> Job {
            var job = Job.sample(number)
            _ = try await store.insert(job, joining: .never)
            job.state = .canceled
            job = try await store.save(job, expecting: .queued, lease: nil)
            var outputs: [GenerationOutput] = []
            for bytes in contents {
                let stored = try await media.keep(ByteChunks(bytes), limit: 1000, now: time.now + (.zero - age))
                outputs.append(GenerationOutput(remote: .sample(number), stored: stored))
            }
            return try #require(try await store.updateOutputs(of: job) { $0 = outputs })
        }
    }

    @Test("a removed generation takes its files along, but not those of others")
    func removal() async throws {
        let bench = Bench()
        let first = try await bench.job(1, [[1], [2]])
        let second = try await bench.job(2, [[2]])
        #expect(try await bench.retention().removeGeneration(first.id))
        #expect(try await !bench.retention().removeGeneration(first.id))
        #expect(bench.media.keys == [try #require(second.outputs[0].stored).key])
        #expect(try await bench.retention().removeGeneration(second.id))
        #expect(bench.media.count == 0)
        #expect(try await bench.store.mediaTotals() == MediaTotals(files: 0, bytes: 0))
    }

    @Test("files go when they are too old, and their outputs say so")
    func age() async throws {
        let bench = Bench()
        let old = try await bench.job(1, [[1]], age: .seconds(86_401))
        let young = try await bench.job(2, [[2]], age: .seconds(86_399))
        #expect(try await bench.retention().sweep() == 0)
        #expect(try await bench.retention { $0.maximumAge = .seconds(86_400) }.sweep() == 1)
        #expect(bench.media.keys == [try #require(young.outputs[0].stored).key])
        let output = try #require(try await bench.store.job(old.id)?.outputs.first)
        #expect(output.stored == nil)
        #expect(output.removedAt == bench.time.now)
        #expect(!output.wantsCopy)
    }

    @Test("of too many bytes the oldest go, never those of the last hour or favourites")
    func size() async throws {
        let bench = Bench()
        let favourite = try await bench.job(1, [[1, 1]], age: .seconds(9000))
        let old = try await bench.job(2, [[2, 2]], age: .seconds(8000))
        let kept = try await bench.job(3, [[3, 3]], age: .seconds(7000))
        let fresh = try await bench.job(4, [[4, 4]], age: .seconds(60))
        let keys = try [favourite, old, kept, fresh].map { try #require($0.outputs[0].stored).key }
        #expect(try await bench.store.setFavourite(true, media: keys[0].id))
        #expect(try await bench.retention { $0.maximumBytes = 6 }.sweep() == 1)
        #expect(bench.media.keys == [keys[0], keys[2], keys[3]])
        #expect(try await bench.retention { $0.maximumBytes = 1 }.sweep() == 1)
        #expect(bench.media.keys == [keys[0], keys[3]])
    }

    @Test("an old file whose bytes another generation has just kept outlives its removal")
    func keptAgain() async throws {
        let bench = Bench()
        let old = try await bench.job(1, [[1]], age: .seconds(86_401))
        let next = try await bench.job(2, [])
        // Its copy is made, but not yet written down.
        let again = try await bench.media.keep(ByteChunks([1]), limit: 9, now: bench.time.now)
        bench.time.advance(by: .seconds(1))
        _ = try await bench.retention { $0.maximumAge = .seconds(86_400) }.sweep()
        #expect(try await bench.store.job(old.id)?.outputs.first?.stored == nil)
        let output = GenerationOutput(remote: .sample(2), stored: again)
        _ = try await bench.store.updateOutputs(of: next) { $0 = [output] }
        _ = try await bench.retention { $0.maximumAge = .seconds(86_400) }.sweep()
        #expect(bench.media.keys == [again.key])
        #expect(try await bench.store.mediaTotals().files == 1)
        // Unless it is removed by hand.
        #expect(try await bench.retention().removeGeneration(next.id))
        #expect(bench.media.count == 0)
    }

    @Test("what could not be removed is removed by a later round")
    func failing() async throws {
        let bench = Bench()
        let job = try await bench.job(1, [[1]])
        bench.media.fail(with: MediaFault(.unavailable))
        #expect(try await bench.retention().removeGeneration(job.id))
        #expect(try await bench.retention().sweep() == 0)
        #expect(bench.media.count == 1)
        bench.media.fail(with: nil)
        #expect(try await bench.retention().sweep() == 1)
        #expect(bench.media.count == 0)
        #expect(try await bench.store.condemnedMedia(limit: 1) == [])
    }
}
