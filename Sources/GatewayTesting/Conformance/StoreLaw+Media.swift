import GatewayCore
import Testing

extension StoreLaw {
    private static let hour = Duration.seconds(3600)

    static let mediaLaws = [
        StoreLaw("the files of outputs are counted once, with what was made from them") { (subject) async throws in
            let store = subject.store
            let first = try await store.ended(1, with: [.file(1, bytes: 10), .file(2, bytes: 20)])
            try await store.ended(2, with: [.file(1, bytes: 10)])
            #expect(try await store.mediaTotals() == MediaTotals(files: 2, bytes: 30))
            try await store.addMadeBytes(5, to: .numbered(1))
            try await store.addMadeBytes(5, to: .numbered(77))
            try await store.addMadeBytes(-1000, to: .numbered(1))
            // Entering them again changes nothing.
            #expect(try await store.saveOutputs(first.outputs, of: first.id, at: first.revision))
            #expect(try await subject.reopen().mediaTotals() == MediaTotals(files: 2, bytes: 35))
        },
        StoreLaw("a file goes with the last generation that names it") { (subject) async throws in
            let store = subject.store
            let jobs = [
                try await store.ended(1, with: [.file(1), .file(2)]), try await store.ended(2, with: [.file(1)]),
            ]
            let files = [MediaID.numbered(1), .numbered(2), .numbered(77)]
            #expect(try await store.condemnMedia(.unused(files), at: .sample).isEmpty)
            #expect(try await store.removeJob(jobs[0].id))
            #expect(try await store.condemnMedia(.unused(files), at: .sample).map(\.id) == [.numbered(2)])
            #expect(try await store.condemnMedia(.unused(files), at: .sample).isEmpty)
            #expect(try await store.removeJob(jobs[1].id))
            #expect(try await store.condemnMedia(.unused(files), at: .sample).map(\.id) == [.numbered(1)])
        },
        StoreLaw("outputs that no longer name a file do not use it") { (subject) async throws in
            let store = subject.store
            let job = try await store.ended(1, with: [.file(1), .file(2)])
            _ = try await store.updateOutputs(of: job) { outputs in
                outputs = [GenerationOutput(remote: .sample(1), stored: .file(2))]
            }
            let files = [MediaID.numbered(1), .numbered(2)]
            #expect(try await store.condemnMedia(.unused(files), at: .sample).map(\.id) == [.numbered(1)])
        },
        StoreLaw("the files of a job that is gone are known, and abandoned after a while") { (subject) async throws in
            let store = subject.store
            let orphan = [GenerationOutput(remote: .sample(1), stored: .file(1))]
            #expect(try await !store.saveOutputs(orphan, of: .sample(404), at: 3))
            try await store.ended(1, with: [.file(2)])
            func abandoned(_ instant: Timestamp) async throws -> [MediaID] {
                try await store.condemnMedia(.abandoned(keptBefore: instant, limit: 10), at: .sample + hour).map(\.id)
            }
            #expect(try await abandoned(.sample) == [])
            #expect(try await abandoned(.sample + .milliseconds(1)) == [.numbered(1)])
        },
        StoreLaw("a file entered without a generation is abandoned, one that a generation names is not") {
            (subject) async throws in
            let store = subject.store
            try await store.ended(1, with: [.file(1)])
            for number in 1...2 { try await store.enterUnnamed(.file(number)) }
            let reopened = try await subject.reopen()
            #expect(try await reopened.mediaTotals() == MediaTotals(files: 2, bytes: 2))
            let abandoned = try await reopened.condemnMedia(
                .abandoned(keptBefore: .sample + hour, limit: 10), at: .sample + hour)
            #expect(abandoned.map(\.id) == [.numbered(2)])
        },
        StoreLaw("a condemned file is in no output and no total, and listed until it is settled") {
            (subject) async throws in
            let job = try await subject.store.ended(1, with: [.file(1, bytes: 10), .file(2, bytes: 20)])
            let condemned = try await subject.store.condemnMedia(
                .old(keptBefore: .sample + hour, limit: 1), at: .sample + hour)
            let expected = CondemnedMedia(
                id: .numbered(1), fileExtension: "webp", byteCount: 10, condemnedAt: .sample + hour)
            #expect(condemned == [expected])
            let store = try await subject.reopen()
            #expect(try await store.condemnedMedia(limit: 10) == [expected])
            #expect(try await store.condemnedMedia(limit: 0) == [])
            #expect(try await store.mediaTotals() == MediaTotals(files: 1, bytes: 20))
            let outputs = try #require(try await store.job(job.id)?.outputs)
            #expect(outputs[0] == GenerationOutput(remote: job.outputs[0].remote, removedAt: .sample + hour))
            #expect(outputs[1] == job.outputs[1])
            try await store.settleRemovals(of: [.numbered(1), .numbered(2), .numbered(77)])
            #expect(try await store.condemnedMedia(limit: 10) == [])
            #expect(try await store.mediaTotals() == MediaTotals(files: 1, bytes: 20))
        },
        StoreLaw("a condemned file that is entered again stays") { (subject) async throws in
            let store = subject.store
            try await store.ended(1, with: [.file(1)])
            #expect(try await store.condemnMedia(.old(keptBefore: .sample + hour, limit: 9), at: .sample).count == 1)
            try await store.ended(2, with: [.file(1)])
            #expect(try await store.condemnedMedia(limit: 10) == [])
            try await store.settleRemovals(of: [.numbered(1)])
            #expect(try await store.mediaTotals().files == 1)
        },
        StoreLaw("age is counted from the last time a file was entered") { (subject) async throws in
            let store = subject.store
            try await store.ended(1, with: [.file(1), .file(2), .file(3)])
            try await store.ended(2, with: [.file(2, keptAt: .sample + hour)])
            try await store.ended(3, with: [.file(3, keptAt: .sample + .seconds(-3600))])
            let old = MediaRule.old(keptBefore: .sample + .milliseconds(1), limit: 10)
            #expect(try await store.condemnMedia(old, at: .sample).map(\.id) == [.numbered(1), .numbered(3)])
        },
        StoreLaw("excess is taken oldest first, only as much as needed, and no favourites") {
            (subject) async throws in
            let store = subject.store
            for number in 1...5 {
                try await store.ended(
                    number, with: [.file(number, bytes: 10, keptAt: .sample + .seconds(Int64(number)))])
            }
            #expect(try await store.setFavourite(true, media: .numbered(1)))
            #expect(try await store.setFavourite(true, media: .numbered(2)))
            #expect(try await store.setFavourite(false, media: .numbered(2)))
            #expect(try await !store.setFavourite(true, media: .numbered(77)))
            func excess(_ bytes: Int64, limit: Int = 10) async throws -> [MediaID] {
                try await store.condemnMedia(
                    .excess(bytes: bytes, keptBefore: .sample + .seconds(5), limit: limit), at: .sample + hour
                ).map(\.id)
            }
            #expect(try await excess(0) == [])
            #expect(try await excess(1) == [.numbered(2)])
            #expect(try await excess(11, limit: 1) == [.numbered(3)])
            #expect(try await excess(1000) == [.numbered(4)])
            let all = MediaRule.old(keptBefore: .sample + hour, limit: 10)
            #expect(try await store.condemnMedia(all, at: .sample + hour).map(\.id) == [.numbered(5)])
        },
    ]
}

extension MediaID {
    fileprivate static func numbered(_ number: Int) -> MediaID {
        let digits = String(number, radix: 16)
        return MediaID(sha256: String(repeating: "0", count: 40 - digits.count) + digits)
    }
}

extension StoredMedia {
    fileprivate static func file(_ number: Int, bytes: Int64 = 1, keptAt: Timestamp = .sample) -> StoredMedia {
        StoredMedia(
            id: .numbered(number), fileExtension: "webp", mimeType: "image/webp", byteCount: bytes, sha256: "",
            width: 1, height: 2, createdAt: keptAt)
    }
}

extension JobStore {
    /// A job that has ended with copies of its results.
    @discardableResult
    fileprivate func ended(_ number: Int, with files: [StoredMedia]) async throws -> Job {
        let job = try await add(.sample(number), through: .submitting, .running, .succeeded)
        let outputs = files.enumerated().map { GenerationOutput(remote: .sample($0.offset), stored: $0.element) }
        return try #require(try await updateOutputs(of: job) { $0 = outputs })
    }
}
