import Foundation
import GatewayCore
import GatewayTesting
import Logging
import NIOPosix
import Testing

@testable import MediaFiles

@Suite("The media folder", .timeLimit(.minutes(10)))
struct MediaFolderTests {
    private let root = NSTemporaryDirectory() + "/jimeng-media-" + UUID().uuidString
    private let now = Timestamp(milliseconds: 1_790_000_000_123)

    private func withFolder(_ body: (MediaFolder) async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try await body(
            MediaFolder(
                root: root, threads: NIOThreadPool.singleton,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    }

    /// Every file below the root, by its path from there.
    private func files() -> [String] {
        let entries = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return entries.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    private func mode(of path: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test("keeps the law", arguments: MediaStoreLaw.all)
    func keeps(_ law: MediaStoreLaw) async throws {
        try await withFolder { (folder) async throws in try await law.check(folder) }
    }

    @Test("the store of the tests keeps the law", arguments: MediaStoreLaw.all)
    func fakeKeeps(_ law: MediaStoreLaw) async throws { try await law.check(MemoryMedia()) }

    // MARK: - Keeping

    @Test("equal bytes are one file, which bears the time of the last keeping")
    func equalBytes() async throws {
        try await withFolder { (folder) async throws in
            let media = try await folder.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            _ = try await folder.keep(ByteChunks([1, 2, 3]), limit: 3, now: now + .seconds(7))
            #expect(files() == ["sha256/03/\(media.id).bin"])
            let changed = try FileCalls.look(at: root + "/" + files()[0])?.changedAt
            #expect(changed == now + .seconds(7))
        }
    }

    @Test("a file that was cut short from outside is replaced by the next keeping")
    func damaged() async throws {
        try await withFolder { (folder) async throws in
            let media = try await folder.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            try Data([1]).write(to: URL(fileURLWithPath: root + "/" + files()[0]))
            _ = try await folder.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            #expect(try await folder.find(media.key)?.byteCount == 3)
        }
    }

    @Test("files of earlier versions are found, read and removed under their old names")
    func earlierNames() async throws {
        try await withFolder { (folder) async throws in
            var generator = SeededGenerator()
            let id = MediaID.random(createdAt: now, using: &generator)
            let old = root + "/2026/09"
            try FileManager.default.createDirectory(atPath: old, withIntermediateDirectories: true)
            try Data([1, 2, 3]).write(to: URL(fileURLWithPath: "\(old)/\(id).webp"))
            let key = MediaKey(id, fileExtension: "webp")
            let file = try #require(try await folder.find(key))
            #expect(file.mimeType == "image/webp")
            #expect(try await ByteChunks.collect(folder.read(file, range: 0..<3)) == [1, 2, 3])
            try await folder.keep([9], as: MediaKey(id, .thumbnail, fileExtension: "webp"))
            #expect(files() == ["2026/09/\(id).webp", "2026/09/\(id)/thumbnail.webp"])
            #expect(try await folder.remove(id, fileExtension: "webp", unlessKeptAfter: Timestamp(seconds: 1 << 40)))
            #expect(files().isEmpty)
        }
    }

    @Test("a picture is kept whole under its checksum, with its type and size")
    func keeping() async throws {
        try await withFolder { (folder) async throws in
            let bytes = Picture.png(width: 2304, height: 1728) + [UInt8](repeating: 7, count: 700_000)
            let media = try await folder.keep(ByteChunks(bytes, chunkSize: 1000), limit: 1 << 30, now: now)
            #expect(media.fileExtension == "png")
            #expect(media.mimeType == "image/png")
            #expect(media.byteCount == Int64(bytes.count))
            #expect((media.width, media.height) == (2304, 1728))
            #expect(media.createdAt == now)
            #expect(files() == ["sha256/\(media.sha256.prefix(2))/\(media.id).png"])
            #expect(try Data(contentsOf: URL(fileURLWithPath: root + "/" + files()[0])) == Data(bytes))
            #expect(try mode(of: root + "/" + files()[0]) == 0o600)
            #expect(try mode(of: root) == 0o700)
        }
    }

    @Test("the checksum is the SHA-256 of the file")
    func checksum() async throws {
        try await withFolder { (folder) async throws in
            let media = try await folder.keep(ByteChunks(Array("abc".utf8), chunkSize: 1), limit: 3, now: now)
            #expect(media.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        }
    }

    struct Kind: Sendable, CustomTestStringConvertible {
        let bytes: [UInt8]
        let fileExtension: String
        let mimeType: String
        var size: Int?
        var testDescription: String { mimeType }
    }

    @Test(
        "the file's own bytes decide its type",
        arguments: [
            Kind(bytes: Picture.png(width: 9, height: 9), fileExtension: "png", mimeType: "image/png", size: 9),
            Kind(bytes: Picture.gif(width: 9, height: 9), fileExtension: "gif", mimeType: "image/gif", size: 9),
            Kind(bytes: Picture.webp(width: 9, height: 9), fileExtension: "webp", mimeType: "image/webp", size: 9),
            Kind(
                bytes: Picture.jpeg(width: 9, height: 9, metadata: 40_000), fileExtension: "jpg",
                mimeType: "image/jpeg", size: 9),
            Kind(bytes: [0xFF, 0xD8, 0xFF, 0xE0], fileExtension: "jpg", mimeType: "image/jpeg"),
            Kind(
                bytes: [0, 0, 0, 0x18] + Array("ftypisom".utf8) + [0, 0, 2, 0], fileExtension: "mp4",
                mimeType: "video/mp4"),
            Kind(
                bytes: Array("<html><script>".utf8), fileExtension: "bin",
                mimeType: "application/octet-stream"),
            Kind(bytes: [0], fileExtension: "bin", mimeType: "application/octet-stream"),
        ])
    func types(_ kind: Kind) async throws {
        try await withFolder { (folder) async throws in
            let media = try await folder.keep(ByteChunks(kind.bytes, chunkSize: 7), limit: 1 << 20, now: now)
            #expect(media.fileExtension == kind.fileExtension)
            #expect(media.mimeType == kind.mimeType)
            #expect(media.width == kind.size)
            #expect(media.height == kind.size)
            let found = try await folder.find(media.key)
            #expect(found?.mimeType == kind.mimeType)
        }
    }

    // MARK: - Failing

    @Test("a body over the limit is refused and leaves nothing behind; one at the limit is kept")
    func limit() async throws {
        try await withFolder { (folder) async throws in
            for chunkSize in [1 << 20, 10_000] {
                let body = ByteChunks([UInt8](repeating: 1, count: 600_001), chunkSize: chunkSize)
                let fault = await #expect(throws: MediaFault.self) {
                    try await folder.keep(body, limit: 600_000, now: now)
                }
                #expect(fault?.kind == .tooLarge)
                #expect(files().isEmpty)
            }
            let body = ByteChunks([UInt8](repeating: 1, count: 600_000))
            #expect(try await folder.keep(body, limit: 600_000, now: now).byteCount == 600_000)
        }
    }

    @Test("an empty body is refused and leaves nothing behind")
    func empty() async throws {
        try await withFolder { (folder) async throws in
            let fault = await #expect(throws: MediaFault.self) {
                try await folder.keep(ByteChunks([]), limit: 10, now: now)
            }
            #expect(fault?.kind == .empty)
            #expect(files().isEmpty)
        }
    }

    @Test("a body that breaks off leaves nothing behind and throws its own error")
    func brokenBody() async throws {
        struct ConnectionLost: Error {}
        try await withFolder { (folder) async throws in
            let body = ByteChunks([UInt8](repeating: 1, count: 900_000), failure: ConnectionLost())
            await #expect(throws: ConnectionLost.self) { try await folder.keep(body, limit: 1 << 30, now: now) }
            #expect(files().isEmpty)
        }
    }

    @Test("a cancelled caller leaves nothing behind")
    func cancellation() async throws {
        try await withFolder { (folder) async throws in
            let (chunks, feed) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
            let task = Task { try await folder.keep(chunks, limit: 1 << 30, now: now) }
            feed.yield([UInt8](repeating: 1, count: 400_000))
            task.cancel()
            await #expect(throws: (any Error).self) { try await task.value }
            #expect(files().isEmpty)
            feed.finish()
        }
    }

    @Test("a root that is no folder is reported as unavailable")
    func badRoot() async throws {
        let folder = MediaFolder(
            root: "/dev/null/media", threads: NIOThreadPool.singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let fault = await #expect(throws: MediaFault.self) {
            try await folder.keep(ByteChunks([1]), limit: 1, now: now)
        }
        #expect(fault?.kind == .unavailable)
        #expect(fault?.cause is FileCallError)
    }

    // MARK: - Reading

    @Test("ranges are read exactly, in chunks of at most 256 KiB")
    func ranges() async throws {
        try await withFolder { (folder) async throws in
            let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
            let media = try await folder.keep(ByteChunks(bytes), limit: 1 << 30, now: now)
            let file = try #require(try await folder.find(media.key))
            #expect(file.byteCount == 1_000_000)
            for range: Range<Int64> in [
                0..<1_000_000, 0..<1, 999_999..<1_000_000, 262_143..<262_145, 5..<5, 900_000..<2_000_000,
            ] {
                var read: [UInt8] = []
                for try await chunk in folder.read(file, range: range) {
                    #expect(chunk.count <= 256 << 10)
                    read += chunk
                }
                let inside = Int(range.lowerBound)..<min(1_000_000, Int(range.upperBound))
                #expect(read == Array(bytes[inside]), "\(range)")
            }
        }
    }

    @Test("a link in the place of a file is not followed")
    func links() async throws {
        try await withFolder { (folder) async throws in
            let media = try await folder.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            let path = root + "/" + files()[0]
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/hostname")
            #expect(try await folder.find(media.key) == nil)
            let forged = MediaFile(key: media.key, mimeType: "", byteCount: 3)
            await #expect(throws: MediaFault.self) {
                try await ByteChunks.collect(folder.read(forged, range: 0..<3))
            }
        }
    }

    // MARK: - Sweeping

    @Test("the sweep removes temporary files older than an hour and nothing else")
    func sweep() async throws {
        try await withFolder { (folder) async throws in
            #expect(try await folder.sweep(now: now) == 0)
            let media = try await folder.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            for (name, age) in [("old.part", 3601.0), ("young.part", 3599), ("future.part", -5)] {
                let path = root + "/incoming/" + name
                try Data([1]).write(to: URL(fileURLWithPath: path))
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSince1970: Double(now.seconds) - age)], ofItemAtPath: path)
            }
            #expect(try await folder.sweep(now: now) == 1)
            #expect(files() == ["incoming/future.part", "incoming/young.part", "sha256/03/\(media.id).bin"])
        }
    }
}
