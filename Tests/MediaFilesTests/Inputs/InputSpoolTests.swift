import Foundation
import GatewayCore
import GatewayTesting
import Logging
import NIOPosix
import Testing

@testable import MediaFiles

@Suite("The input spool", .timeLimit(.minutes(10)))
struct InputSpoolTests {
    private let folder = NSTemporaryDirectory() + "/jimeng-spool-" + UUID().uuidString
    private let picture = Picture.png(width: 640, height: 480) + [UInt8](repeating: 9, count: 700_000)

    private func withSpool(_ body: (InputSpool) async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(
            InputSpool(
                folder: folder, threads: NIOThreadPool.singleton,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    }

    private func files() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    @Test(
        "a picture is kept whole with its checksums, type and size, for its owner only", arguments: [1, 997, 1 << 20])
    func spooling(chunkSize: Int) async throws {
        try await withSpool { (spool) async throws in
            let bytes = chunkSize == 1 ? Array(picture.prefix(5000)) : picture
            let input = try await spool.spool(ByteChunks(bytes, chunkSize: chunkSize), limits: InputLimits())
            #expect(input.kind == .image)
            #expect(input.byteCount == Int64(bytes.count))
            #expect(input.crc32 == CRC32.checksum(of: bytes))
            #expect(input.mimeType == "image/png")
            #expect(input.fileExtension == "png")
            #expect([input.width, input.height] == [640, 480])
            #expect(files() == [input.id])
            #expect(input.id.count == 27)
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + input.id)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            #expect(try await ByteChunks.collect(spool.read(input)) == bytes)
        }
    }

    @Test("the SHA-256 is that of the file")
    func checksum() async throws {
        try await withSpool { (spool) async throws in
            let input = try await spool.spool(ByteChunks(Picture.gif(width: 1, height: 1)), limits: InputLimits())
            #expect(input.sha256 == "e166f869cdc0a87f67fc5841ad08082c87d0ffa3c1d677956415ea3110e1fd3f")
        }
    }

    @Test("a film tells its length even when its index stands at the end")
    func video() async throws {
        try await withSpool { (spool) async throws in
            let film = MediaSamples.movie(milliseconds: 5042, indexAtEnd: true, dataLength: 900_000)
            let input = try await spool.spool(ByteChunks(film), limits: InputLimits())
            #expect(input.kind == .video)
            #expect(input.durationMilliseconds == 5042)
            #expect([input.width, input.height] == [640, 360])
        }
    }

    /// Gives chunks and counts how many were taken.
    private final class CountedChunks: AsyncSequence, AsyncIteratorProtocol, Sendable {
        typealias Element = [UInt8]
        typealias Failure = any Error
        private let first: [UInt8]
        private let total: Int
        private let taken = Counter()

        init(first: [UInt8], total: Int) {
            self.first = first
            self.total = total
        }

        var count: Int { taken.value }
        func makeAsyncIterator() -> CountedChunks { self }

        func next() async throws -> [UInt8]? {
            let number = taken.next()
            if number == 0 { return first }
            return number < total ? [UInt8](repeating: 0, count: 1000) : nil
        }
    }

    struct Limit: Sendable {
        let first: [UInt8]
        let kind: MaterialKind
    }

    @Test(
        "reading stops with the chunk that crosses the limit of the file's kind",
        arguments: [
            Limit(first: Picture.png(width: 1, height: 1), kind: .image),
            Limit(first: MediaSamples.fileType("isom"), kind: .video),
            Limit(first: MediaSamples.mp3(frames: nil, soundLength: 100), kind: .audio),
        ])
    func limits(_ sample: Limit) async throws {
        try await withSpool { (spool) async throws in
            var limits = InputLimits()
            (limits.image, limits.video, limits.audio) = (10_000, 20_000, 30_000)
            let body = CountedChunks(first: sample.first, total: 1000)
            let fault = await #expect(throws: InputFault.self) { try await spool.spool(body, limits: limits) }
            #expect(fault?.kind == .tooLarge(sample.kind, limit: limits[sample.kind]))
            #expect(Int64(body.count) <= limits[sample.kind] / 1000 + 2)
            #expect(files().isEmpty)
        }
    }

    @Test("a large file over the limit leaves nothing behind, one at the limit is kept")
    func largeLimit() async throws {
        try await withSpool { (spool) async throws in
            var limits = InputLimits()
            limits.image = Int64(picture.count) - 1
            await #expect(throws: InputFault(.tooLarge(.image, limit: limits.image))) {
                try await spool.spool(ByteChunks(picture), limits: limits)
            }
            #expect(files().isEmpty)
            limits.image += 1
            #expect(try await spool.spool(ByteChunks(picture), limits: limits).byteCount == limits.image)
        }
    }

    @Test("a sound in the clothes of a film obeys the limit of sounds")
    func soundLimit() async throws {
        try await withSpool { (spool) async throws in
            var limits = InputLimits()
            limits.audio = 100
            await #expect(throws: InputFault(.tooLarge(.audio, limit: 100))) {
                try await spool.spool(ByteChunks(MediaSamples.sound(brand: "isom", milliseconds: 10)), limits: limits)
            }
            #expect(files().isEmpty)
        }
    }

    @Test("a page is given up after its first bytes, before anything is on the disk")
    func page() async throws {
        try await withSpool { (spool) async throws in
            let body = CountedChunks(first: Array("<!doctype html><title>x</title>".utf8), total: 1000)
            await #expect(throws: InputFault(.unsupportedFormat)) { try await spool.spool(body, limits: InputLimits()) }
            #expect(body.count == 2)
            #expect(!FileManager.default.fileExists(atPath: folder))
        }
    }

    @Test("short, empty and sizeless bodies are refused", arguments: [0, 3, 5, 20])
    func short(count: Int) async throws {
        try await withSpool { (spool) async throws in
            let body = ByteChunks(Array(Picture.png(width: 9, height: 9).prefix(count)))
            await #expect(throws: InputFault(count == 0 ? .empty : .unsupportedFormat)) {
                try await spool.spool(body, limits: InputLimits())
            }
            #expect(files().isEmpty)
        }
    }

    @Test("a body that breaks off leaves nothing behind and throws its own error", arguments: [10, 600_000])
    func broken(count: Int) async throws {
        struct ConnectionLost: Error {}
        try await withSpool { (spool) async throws in
            let body = ByteChunks(Array(picture.prefix(count)), failure: ConnectionLost())
            await #expect(throws: ConnectionLost.self) { try await spool.spool(body, limits: InputLimits()) }
            #expect(files().isEmpty)
        }
    }

    @Test("a cancelled caller leaves nothing behind")
    func cancellation() async throws {
        try await withSpool { (spool) async throws in
            let (chunks, feed) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
            let task = Task { try await spool.spool(chunks, limits: InputLimits()) }
            feed.yield(picture)
            task.cancel()
            await #expect(throws: (any Error).self) { try await task.value }
            #expect(files().isEmpty)
            feed.finish()
        }
    }

    @Test("a folder that can't be written to is reported as unavailable")
    func badFolder() async throws {
        let spool = InputSpool(
            folder: "/dev/null/spool", threads: NIOThreadPool.singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await #expect(throws: InputFault(.unavailable)) {
            try await spool.spool(ByteChunks(picture), limits: InputLimits())
        }
    }

    @Test("files spooled at once do not touch one another")
    func concurrency() async throws {
        try await withSpool { (spool) async throws in
            let inputs = try await withThrowingTaskGroup(of: (Int, InputMaterial).self) { group in
                for number in 1...12 {
                    group.addTask {
                        let bytes = Picture.png(width: number, height: 1) + [UInt8](repeating: 1, count: 300_000)
                        return (number, try await spool.spool(ByteChunks(bytes), limits: InputLimits()))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(inputs.map(\.1.id)).count == 12)
            #expect(inputs.allSatisfy { $0.0 == $0.1.width })
            await spool.remove(inputs.map(\.1))
            #expect(files().isEmpty)
            await spool.remove(inputs.map(\.1))
        }
    }

    @Test(
        "an id of another form is neither read nor removed",
        arguments: ["../secret", "input_../../../../../../secret", "input_0000000000000000000/s", "secret", ""])
    func hostileIDs(_ id: String) async throws {
        try await withSpool { (spool) async throws in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data("secret".utf8).write(to: URL(fileURLWithPath: folder + "/secret"))
            let forged = InputMaterial(
                id: id, kind: .image, byteCount: 6, sha256: "", crc32: 0, mimeType: "image/png", fileExtension: "png")
            await #expect(throws: (any Error).self) { try await ByteChunks.collect(spool.read(forged)) }
            await spool.remove([forged])
            #expect(files() == ["secret"])
        }
    }

    @Test("the sweep removes what is older than an hour and not kept")
    func sweep() async throws {
        try await withSpool { (spool) async throws in
            let now = Timestamp(milliseconds: 1_790_000_000_000)
            await spool.sweep(keeping: [], now: now)
            let kept = try await spool.spool(ByteChunks(picture), limits: InputLimits())
            for (name, age) in [
                (kept.id, 9000.0), ("input_old", 3601), ("input_young", 3599), ("input_x.part", 3601),
            ] {
                let path = folder + "/" + name
                if name != kept.id { try Data([1]).write(to: URL(fileURLWithPath: path)) }
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSince1970: Double(now.seconds) - age)], ofItemAtPath: path)
            }
            await spool.sweep(keeping: [kept.id], now: now)
            #expect(files() == [kept.id, "input_young"].sorted())
        }
    }
}
