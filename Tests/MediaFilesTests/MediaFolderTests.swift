import Foundation
import GatewayCore
import GatewayTesting
import Logging
import NIOPosix
import Testing

@testable import MediaFiles

@Suite("The media folder", .timeLimit(.minutes(1)))
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

    // MARK: - Keeping

    @Test("a picture is kept whole under the month of its id, with its type, size and checksum")
    func keeping() async throws {
        try await withFolder { (folder) async throws in
            let bytes = Picture.png(width: 2304, height: 1728) + [UInt8](repeating: 7, count: 700_000)
            let media = try await folder.keep(ByteChunks(bytes, chunkSize: 1000), limit: 1 << 30, now: now)
            #expect(media.fileExtension == "png")
            #expect(media.mimeType == "image/png")
            #expect(media.byteCount == Int64(bytes.count))
            #expect((media.width, media.height) == (2304, 1728))
            #expect(media.createdAt == now)
            #expect(media.id.createdAt == now)
            #expect(files() == ["2026/09/\(media.id).png"])
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
            let found = try await folder.find(media.id, fileExtension: media.fileExtension)
            #expect(found?.mimeType == kind.mimeType)
        }
    }

    @Test("files kept at once do not touch one another")
    func concurrency() async throws {
        try await withFolder { (folder) async throws in
            let kept = try await withThrowingTaskGroup(of: (UInt8, StoredMedia).self) { group in
                for number in UInt8(1)...16 {
                    group.addTask {
                        let bytes = [UInt8](repeating: number, count: 300_000)
                        return (number, try await folder.keep(ByteChunks(bytes), limit: 1 << 20, now: now))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(kept.map(\.1.id)).count == 16)
            for (number, media) in kept {
                let file = try #require(try await folder.find(media.id, fileExtension: "bin"))
                let bytes = try await ByteChunks.collect(folder.read(file, range: 0..<file.byteCount))
                #expect(bytes == [UInt8](repeating: number, count: 300_000))
            }
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
            let file = try #require(try await folder.find(media.id, fileExtension: "bin"))
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

    @Test("a file that went away while it was read is an error, not a short answer")
    func vanished() async throws {
        try await withFolder { (folder) async throws in
            let media = try await folder.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            let file = try #require(try await folder.find(media.id, fileExtension: "bin"))
            var longer = file
            longer.byteCount = 100
            let short = await #expect(throws: MediaFault.self) {
                try await ByteChunks.collect(folder.read(longer, range: 0..<100))
            }
            #expect(short?.kind == .unavailable)
            try await folder.remove(media.id, fileExtension: "bin")
            let gone = await #expect(throws: MediaFault.self) {
                try await ByteChunks.collect(folder.read(file, range: 0..<3))
            }
            #expect(gone?.kind == .unavailable)
        }
    }

    @Test("a removed file is not found; removing it again is fine")
    func removing() async throws {
        try await withFolder { (folder) async throws in
            let media = try await folder.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            try await folder.remove(media.id, fileExtension: "png")
            #expect(try await folder.find(media.id, fileExtension: "bin") != nil)
            try await folder.remove(media.id, fileExtension: "bin")
            #expect(try await folder.find(media.id, fileExtension: "bin") == nil)
            #expect(files().isEmpty)
            try await folder.remove(media.id, fileExtension: "bin")
        }
    }

    @Test(
        "a name from outside never becomes a path",
        arguments: [
            ("../../../../etc/passwd", "bin"), ("media_../../../../etc/pas", "bin"), ("", "bin"), ("media_", "png"),
            ("media_01m7k3vfv000000000000", "png"), ("media_01M7K3VFV000000000000", "png"),
            ("media_01m7k3vfv00000000000\u{0}", "png"), ("media_01m7k3vfv00000000000/", "png"),
            ("media_01m7k3vfv000000000000", "../png"), ("media_01m7k3vfv000000000000", ""),
            ("media_01m7k3vfv000000000000", "part"), ("media_01m7k3vfv000000000000", "PNG"),
            ("media_01m7k3vfv000000000000", "png/../../../secret.bin"), ("media_éééééééééé0", "png"),
        ])
    func hostileNames(_ name: (id: String, fileExtension: String)) async throws {
        try await withFolder { (folder) async throws in
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            try Data("secret".utf8).write(to: URL(fileURLWithPath: root + "/secret.bin"))
            let id = MediaID(rawValue: name.id)
            #expect(try await folder.find(id, fileExtension: name.fileExtension) == nil)
            try await folder.remove(id, fileExtension: name.fileExtension)
            let forged = MediaFile(id: id, fileExtension: name.fileExtension, mimeType: "image/png", byteCount: 6)
            let bytes = try? await ByteChunks.collect(folder.read(forged, range: 0..<6))
            #expect(bytes == nil || bytes == [])
            #expect(files() == ["secret.bin"])
        }
    }

    @Test("a link in the place of a file is not followed")
    func links() async throws {
        try await withFolder { (folder) async throws in
            let media = try await folder.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            let path = root + "/" + files()[0]
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/hostname")
            #expect(try await folder.find(media.id, fileExtension: "bin") == nil)
            let forged = MediaFile(id: media.id, fileExtension: "bin", mimeType: "", byteCount: 3)
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
            #expect(files() == ["2026/09/\(media.id).bin", "incoming/future.part", "incoming/young.part"])
        }
    }
}
