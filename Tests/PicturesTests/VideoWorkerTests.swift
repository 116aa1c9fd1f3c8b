import Foundation
import Logging
import Testing

@testable import Pictures

/// The worker against small shell scripts that play ffmpeg, and against ffmpeg itself where it is installed.
@Suite("The video worker", .timeLimit(.minutes(10)))
struct VideoWorkerTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("video-\(UUID())")

    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/videos")) ?? []).sorted()
    }

    private func drawing(_ name: String = "film-1-low", frames: Int = 48) -> VideoDrawing {
        VideoDrawing(
            name: name, background: "<svg/>", overlay: "<svg/>", width: 320, height: 180, frameRate: 24,
            frameCount: frames, isHighQuality: false)
    }

    /// A worker whose program is a script; the last argument it gets is the file to write.
    private func worker(
        _ script: String, clock: HandClock = HandClock(), keptBytes: Int = 1 << 20,
        layer: @escaping VideoWorker.Layer = { _, width, height in Array("\(width)x\(height)".utf8) }
    ) throws -> VideoWorker {
        let path = folder.appendingPathComponent("program").path
        try "#!/bin/sh\nfor output; do :; done\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        var configuration = VideoWorker.Configuration()
        configuration.program = path
        configuration.keptBytes = keptBytes
        return VideoWorker(
            folder: folder.path + "/videos", configuration: configuration, clock: clock, logger: Self.logger,
            layer: layer)
    }

    @Test("makes a file once, and leaves nothing else behind")
    func once() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let worker = try worker(
            #"echo run >> "$0.count"; cat "$(dirname "$output")"/*.background "$(dirname "$output")"/*.overlay > "$output""#
        )
        let bytes = try await worker.video(drawing())
        // What the program read were the two layers, the first of them larger.
        #expect(String(decoding: bytes, as: UTF8.self) == "400x224320x180")
        #expect(try await worker.video(drawing()) == bytes)
        let runs = try String(contentsOfFile: folder.path + "/program.count", encoding: .utf8)
        #expect(runs == "run\n")
        #expect(files == ["sandbox-video-film-1-low.mp4"])
    }

    @Test("keeps the files used last, within their bound")
    func bound() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let worker = try worker(#"head -c 1000 /dev/zero > "$output""#, keptBytes: 4_500)
        for number in 0..<6 { _ = try await worker.video(drawing("film-\(number)")) }
        #expect(files == (2..<6).map { "sandbox-video-film-\($0).mp4" })
        // One that is too large is given and not kept.
        let large = try self.worker(#"head -c 5000 /dev/zero > "$output""#, keptBytes: 4_500)
        #expect(try await large.video(drawing("large")).count == 5_000)
        #expect(files == [])
    }

    @Test("fails when the program does, when it writes nothing, and when there is none")
    func failures() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for script in [#"echo x > "$output"; exit 1"#, "exit 0", "kill -9 $$"] {
            let worker = try worker(script)
            await #expect(throws: PictureError.crashed) { try await worker.video(drawing()) }
            #expect(files == [])
        }
        var configuration = VideoWorker.Configuration()
        configuration.program = "/nonexistent/ffmpeg"
        let missing = VideoWorker(
            folder: folder.path + "/videos", configuration: configuration, logger: Self.logger
        ) { _, _, _ in [] }
        await #expect(throws: PictureError.unavailable(.program)) { try await missing.video(drawing()) }
        let nowhere = VideoWorker(folder: "/nonexistent/videos", logger: Self.logger) { _, _, _ in [] }
        await #expect(throws: PictureError.unavailable(.folder)) { try await nowhere.video(drawing()) }
        let unlucky = try worker("exit 0") { _, _, _ in throw PictureError.unavailable(.library) }
        await #expect(throws: PictureError.unavailable(.library)) { try await unlucky.video(drawing()) }
    }

    @Test("ends a program that takes too long")
    func deadline() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let clock = HandClock()
        let worker = try worker("exec sleep 1000", clock: clock)
        let task = Task { try await worker.video(drawing()) }
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(61))
        await #expect(throws: PictureError.deadline) { try await task.value }
        #expect(files == [])
    }

    @Test("ends the program when its caller goes away")
    func cancelled() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let clock = HandClock()
        let worker = try worker("exec sleep 1000", clock: clock)
        let task = Task { try await worker.video(drawing()) }
        await clock.waitForSleepers(1)
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        #expect(files == [])
    }

    @Test("draws nothing that has no name, an odd side or too many frames")
    func refused() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let worker = try worker("exit 0")
        var wrong = [drawing(""), drawing("../x"), drawing("a/b"), drawing(frames: 0), drawing(frames: 5_000)]
        for (width, height) in [(321, 180), (320, 181), (0, 0), (-2, 16), (40_000, 16)] {
            var drawing = drawing()
            (drawing.width, drawing.height) = (width, height)
            wrong.append(drawing)
        }
        for drawing in wrong {
            await #expect(throws: PictureError.self) { try await worker.video(drawing) }
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/videos"))
    }

    @Test("removes what an earlier worker left, and nothing else")
    func leftovers() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let videos = folder.path + "/videos"
        try FileManager.default.createDirectory(atPath: videos, withIntermediateDirectories: true)
        for name in ["sandbox-video-old.mp4", "sandbox-video-old.part", "mine.mp4"] {
            try Data([1]).write(to: URL(fileURLWithPath: videos + "/" + name))
        }
        let worker = try worker(#"echo new > "$output""#)
        _ = try await worker.video(drawing("new"))
        #expect(files == ["mine.mp4", "sandbox-video-new.mp4"])
    }

    private static let hasFFmpeg = ["/usr/bin/ffmpeg", "/usr/local/bin/ffmpeg"].contains {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test("makes a video that plays, with ffmpeg", .enabled(if: hasFFmpeg))
    func real() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let worker = VideoWorker(folder: folder.path + "/videos", logger: Self.logger) { _, width, height in
            FlatPicture(width: width, height: height, red: 200, green: 30, blue: 90)?.bytes ?? []
        }
        let bytes = try await worker.video(drawing(frames: 49))
        #expect(Array(bytes[4..<12]) == Array("ftypisom".utf8))
        let index = try #require(bytes.firstRange(of: Array("moov".utf8)))
        let data = try #require(bytes.firstRange(of: Array("mdat".utf8)))
        #expect(index.lowerBound < data.lowerBound)
        #expect(bytes.count > 1_000)
    }

    @Test(
        "is read by ffmpeg where nothing could be drawn", .enabled(if: hasFFmpeg),
        arguments: [(854, 480), (720, 1_680)])
    func still(width: Int, height: Int) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("still.mp4")
        try Data(try #require(StillVideo(width: width, height: height, milliseconds: 2_000)).bytes).write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "ffmpeg", "-nostdin", "-v", "error", "-xerror", "-err_detect", "explode", "-i", file.path, "-f", "null",
            "-",
        ]
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        let complaints = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(complaints.isEmpty)
    }
}
