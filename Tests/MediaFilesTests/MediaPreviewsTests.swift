import Foundation
import GatewayCore
import GatewayTesting
import Logging
import NIOPosix
import Pictures
import Testing

@testable import MediaFiles

@Suite("Previews of kept files", .timeLimit(.minutes(10)))
struct MediaPreviewsTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let root = NSTemporaryDirectory() + "/jimeng-previews-" + UUID().uuidString

    private func maker(program: String = "ffmpeg") -> MediaPreviews {
        var frames = VideoFrameWorker.Configuration()
        frames.program = program
        return MediaPreviews(
            pictures: PictureWorker(executable: "/nowhere/jimeng", arguments: [], logger: Self.logger),
            frames: VideoFrameWorker(configuration: frames, logger: Self.logger),
            spool: MediaSpool(folder: root, threads: .singleton, logger: Self.logger))
    }

    private func media(_ bytes: [UInt8], in store: MemoryMedia) async throws -> StoredMedia {
        try await store.keep(ByteChunks(bytes), limit: 1 << 30, now: .sample)
    }

    @Test("a small picture is its own thumbnail, and an unknown file has none")
    func nothingToMake() async throws {
        let store = MemoryMedia()
        var small = try await media([0x89, 0x50, 0x4E, 0x47], in: store)
        (small.width, small.height) = (360, 10)
        #expect(try await maker().previews(of: small, in: store).isEmpty)
        small.previews = []
        #expect(small.thumbnailKey == small.key)
        small.height = 361
        #expect(small.thumbnailKey == nil)
        #expect(try await maker().previews(of: try await media([1], in: store), in: store).isEmpty)
    }

    @Test("a video without ffmpeg is told apart from one that can't be read")
    func missingProgram() async throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let store = MemoryMedia()
        let video = try await media([0, 0, 0, 8] + Array("ftypisom".utf8), in: store)
        let missing = await #expect(throws: MediaFault.self) {
            try await maker(program: "/nowhere/ffmpeg").previews(of: video, in: store)
        }
        #expect(missing?.kind == .unavailable)
        // What stands in for ffmpeg here finds no picture in anything.
        let unreadable = await #expect(throws: MediaFault.self) {
            try await maker(program: "/bin/false").previews(of: video, in: store)
        }
        #expect(unreadable?.kind == .unreadable)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root).isEmpty)
    }
}
