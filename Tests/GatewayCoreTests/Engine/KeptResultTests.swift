import GatewayCore
import GatewayTesting
import Logging
import Synchronization
import Testing

/// What becomes of results after their generation has ended: copies, previews, fresh links.
@Suite(.timeLimit(.minutes(10))) struct KeptResultTests {
    private struct FixedPreviews: PreviewMaker {
        let make: @Sendable () async throws -> [MadePreview]

        func previews(of media: StoredMedia, in store: any MediaStore) async throws -> [MadePreview] {
            try await make()
        }
    }

    private struct Bench {
        let time = ManualTime()
        let store = MemoryStore()
        let media = MemoryMedia()
        let site = ScriptedUpstream()
        let engine: Engine

        init(keeps: Bool, previews: (any PreviewMaker)? = nil) {
            var configuration = EngineConfiguration()
            configuration.archivesMedia = keeps
            engine = Engine(
                configuration: configuration, jobs: store, accounts: store, usage: store, media: media,
                inputs: MemoryInputs(), vault: TestVault(), upstream: site, time: time, holder: "test",
                typicalRunTime: { _ in nil },
                mediaIndex: store, previews: previews, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }

        /// Runs one generation with this result to its end, then `body`.
        func run(_ output: RemoteOutput, _ body: @escaping @Sendable (Bench, Job) async throws -> Void) async throws {
            site.onSubmit { _, _, _ in .accepted(Observation(reading: .succeeded([output]))) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await engine.run() }
                let request = NewGeneration(
                    task: .textToImage(.sample()), requestedModel: "jimeng-4.5", owner: "owner", fingerprint: "f",
                    accounts: [.sample()])
                guard case .started(let job) = try await engine.start(request) else {
                    throw GenerationFault(.internalError)
                }
                let ended = try await engine.wait(for: job.id, until: time.now + .seconds(100_000))
                try await body(self, ended)
                group.cancelAll()
            }
        }

        /// The stored output once it is as wished.
        func output(of job: Job, when isReady: (GenerationOutput) -> Bool) async throws -> GenerationOutput {
            while true {
                if let output = try await store.job(job.id)?.outputs.first, isReady(output) { return output }
                await Task.yield()
            }
        }
    }

    private static let picture = Array("RIFF....WEBP".utf8)

    private static func file(_ bytes: [UInt8] = picture) -> RemoteFile {
        RemoteFile(byteCount: Int64(bytes.count), mimeType: "image/webp", body: ByteChunks(bytes))
    }

    @Test func `a link that says it has died is not tried, and its fresh one is written down`() async throws {
        let bench = Bench(keeps: false)
        let asked = Mutex<[String]>([])
        bench.site.onFreshLink { _, _ in
            asked.withLock { $0.append("fresh") }
            return "https://cdn.example/fresh"
        }
        bench.site.onDownload { url, _ in
            asked.withLock { $0.append(url) }
            return Self.file()
        }
        let output = RemoteOutput(
            url: "https://cdn.example/dead", uri: "a/b", expiresAt: bench.time.now + .seconds(-1))
        try await bench.run(output) { bench, job in
            let file = try await bench.engine.content(of: job, output: 0)
            #expect(try await ByteChunks.collect(file.body) == Self.picture)
            let newer = try #require(try await bench.store.job(job.id))
            #expect(newer.outputs[0].remote.url == "https://cdn.example/fresh")
            _ = try await bench.engine.content(of: newer, output: 0)
        }
        #expect(asked.withLock { $0 } == ["fresh", "https://cdn.example/fresh", "https://cdn.example/fresh"])
    }

    @Test func `a link that the site refuses is asked for anew, another failure is told`() async throws {
        let bench = Bench(keeps: false)
        let fault = Mutex(GenerationFault(.resultDownloadFailed, httpStatus: 403))
        bench.site.onFreshLink { _, _ in "https://cdn.example/fresh" }
        bench.site.onDownload { url, _ throws(GenerationFault) in
            if url.hasSuffix("fresh") { return Self.file() }
            throw fault.withLock { $0 }
        }
        try await bench.run(RemoteOutput(url: "https://cdn.example/dead", uri: "a/b")) { bench, job in
            _ = try await bench.engine.content(of: job, output: 0)
            fault.withLock { $0 = GenerationFault(.resultDownloadFailed, httpStatus: 500) }
            await #expect(throws: GenerationFault.self) { _ = try await bench.engine.content(of: job, output: 0) }
        }
    }

    @Test func `previews are kept with the copy, counted, and recorded`() async throws {
        let bench = Bench(
            keeps: true,
            previews: FixedPreviews {
                [MadePreview(variant: .thumbnail, format: .webp, bytes: [1, 2, 3], width: 4, height: 5)]
            })
        bench.site.onDownload { _, _ in Self.file() }
        try await bench.run(RemoteOutput(url: "https://cdn.example/a")) { bench, job in
            let output = try await bench.output(of: job) { $0.stored?.previews != nil }
            let stored = try #require(output.stored)
            #expect(
                stored.previews == [
                    StoredPreview(variant: "thumbnail", fileExtension: "webp", byteCount: 3, width: 4, height: 5)
                ])
            #expect(bench.media.keys == [stored.key, try #require(stored.thumbnailKey)])
            #expect(try await bench.store.mediaTotals() == MediaTotals(files: 1, bytes: 15))
        }
    }

    @Test func `copies and previews are recorded without reading the generation again`() async throws {
        let bench = Bench(
            keeps: true, previews: FixedPreviews { [MadePreview(variant: .thumbnail, format: .webp, bytes: [1])] })
        bench.site.onDownload { _, _ in Self.file() }
        try await bench.run(RemoteOutput(url: "https://cdn.example/a")) { bench, job in
            let page = { try await bench.store.jobs(matching: JobFilter()).jobs }
            while try await page().first?.outputs.first?.stored?.previews == nil { await Task.yield() }
            #expect(bench.store.jobReads == 0)
            #expect(try await page().first?.revision == job.revision + 2)
        }
    }

    @Test func `previews of a file that is removed meanwhile go as well`() async throws {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let (removed, remove) = AsyncStream.makeStream(of: Void.self)
        let bench = Bench(
            keeps: true,
            previews: FixedPreviews {
                start.finish()
                for await _ in removed {}
                return [MadePreview(variant: .thumbnail, format: .webp, bytes: [1])]
            })
        bench.site.onDownload { _, _ in Self.file() }
        let retention = MediaRetention(
            configuration: MediaRetention.Configuration(), jobs: bench.store, index: bench.store, media: bench.media,
            time: bench.time, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await bench.run(RemoteOutput(url: "https://cdn.example/a")) { bench, job in
            for await _ in started {}
            let now = bench.time.now + .seconds(1)
            let condemned = try await bench.store.condemnMedia(.old(keptBefore: now, limit: 1), at: now)
            #expect(condemned.count == 1)
            #expect(try await retention.sweep() == 1)
            remove.finish()
            while try await bench.store.mediaTotals().files == 0 { await Task.yield() }
            #expect(bench.media.count == 1)
            bench.time.advance(by: .seconds(7200))
            #expect(try await retention.sweep() == 1)
            #expect(bench.media.count == 0)
            #expect(try await bench.output(of: job) { _ in true }.removedAt == now)
        }
    }

    @Test func `where nothing here can make a preview the site's cover is kept`() async throws {
        let bench = Bench(keeps: true, previews: FixedPreviews { throw MediaFault(.unavailable) })
        bench.site.onDownload { url, _ in
            Self.file(url.hasSuffix("cover") ? [0xFF, 0xD8, 0xFF, 0] : Self.picture)
        }
        let output = RemoteOutput(url: "https://cdn.example/a", coverURL: "https://cdn.example/cover")
        try await bench.run(output) { bench, job in
            let stored = try #require(try await bench.output(of: job) { $0.stored?.previews != nil }.stored)
            #expect(stored.thumbnailKey == MediaKey(stored.id, .thumbnail, fileExtension: "jpg"))
            #expect(bench.media.count == 2)
        }
    }
}
