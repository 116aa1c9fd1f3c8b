import Foundation
import Logging
import Testing

@testable import Pictures

@Suite("The first picture of a video", .timeLimit(.minutes(10)))
struct VideoFrameWorkerTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let hasProgram = FileManager.default.isExecutableFile(atPath: "/usr/bin/ffmpeg")

    private func withFile(_ bytes: [UInt8], _ body: (String) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "/jimeng-frame-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try await body(path)
    }

    @Test("it is a JPEG of the video's shape, no larger than wished", .enabled(if: Self.hasProgram))
    func frame() async throws {
        let video = try #require(StillVideo(width: 640, height: 320, milliseconds: 1000))
        try await withFile(video.bytes) { (path) async throws in
            let worker = VideoFrameWorker(logger: Self.logger)
            let large = try await worker.firstFrame(of: path, .mov, longestSide: 1280)
            let small = try await worker.firstFrame(of: path, .mov, longestSide: 100)
            #expect(PictureHeader(large).map { [$0.width, $0.height] } == [640, 320])
            #expect(PictureHeader(small).map { [$0.width, $0.height] } == [100, 50])
            #expect(PictureHeader(small)?.kind == .jpeg)
        }
    }

    @Test("a file that only says where to look is not followed", .enabled(if: Self.hasProgram))
    func playlist() async throws {
        let video = try #require(StillVideo(width: 640, height: 320, milliseconds: 1000))
        try await withFile(video.bytes) { (target) async throws in
            let lists = ["ffconcat version 1.0\nfile '\(target)'\n", "#EXTM3U\n#EXTINF:1,\n\(target)\n"]
            for list in lists {
                try await withFile(Array(list.utf8)) { (path) async throws in
                    await #expect(throws: PictureError.refused(.unreadable)) {
                        try await VideoFrameWorker(logger: Self.logger).firstFrame(of: path, .mov, longestSide: 100)
                    }
                }
            }
        }
    }

    @Test("a program that is not there is said to be missing")
    func missing() async {
        var configuration = VideoFrameWorker.Configuration()
        configuration.program = "/nowhere/ffmpeg"
        let worker = VideoFrameWorker(configuration: configuration, logger: Self.logger)
        await #expect(throws: PictureError.unavailable(.program)) {
            try await worker.firstFrame(of: "/tmp/a", .mov, longestSide: 100)
        }
    }
}
