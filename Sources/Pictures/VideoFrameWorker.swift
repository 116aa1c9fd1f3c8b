package import Logging
import Subprocess

/// Takes the first picture out of a video by ffmpeg, in a child process that may use so much time and memory and no more,
/// knows no protocol but local files and reads the file as nothing but the type it was recognised as. One at a time.
package final class VideoFrameWorker: Sendable {
    package struct Configuration: Sendable {
        /// How long ffmpeg may work on one video before it is ended.
        package var deadline: Duration = .seconds(20)
        /// Most seconds of processor time.
        package var processorSeconds = 20
        /// Most address space, in KiB.
        package var memoryKiB = 2 << 20
        /// How many requests may wait in line; more are refused with ``PictureError/busy``.
        package var queueLimit = 64
        /// Largest picture that is taken, in bytes.
        package var outputBytes = 16 << 20
        /// The program, by name (looked for in `PATH`) or by absolute path.
        package var program = "ffmpeg"

        package init() {}
    }

    /// What a video file was recognised as.
    package enum Container: String, Sendable {
        /// MP4 and QuickTime.
        case mov
        /// WebM.
        case matroska
    }

    private let configuration: Configuration
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let line: WaitingLine

    /// The deadline is measured by `clock`.
    package init(
        configuration: Configuration = .init(), clock: any Clock<Duration> = ContinuousClock(), logger: Logger
    ) {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        line = WaitingLine(limit: configuration.queueLimit)
    }

    /// The first picture of the video at `path` (absolute), as a JPEG whose longest side has at most `longestSide` pixels.
    ///
    /// Throws ``PictureError``: `unavailable(.program)` when ffmpeg is not installed, `refused(.unreadable)` when it finds no
    /// picture, `deadline`, `busy`; or `CancellationError` when the caller is cancelled, which ends ffmpeg too.
    package func firstFrame(of path: String, _ container: Container, longestSide: Int) async throws -> [UInt8] {
        guard path.hasPrefix("/"), (16...PictureLimits.side).contains(longestSide) else {
            throw PictureError.refused(.unreadable)
        }
        return try await line.perform { [self] in
            // Only to tell a missing program from an unreadable video.
            _ = try await ChildProgram.locate(configuration.program)
            let arguments = arguments(for: path, container, longestSide: longestSide)
            let bytes = try await run(arguments)
            guard let header = PictureHeader(bytes), header.kind == .jpeg else {
                throw PictureError.refused(.unreadable)
            }
            return bytes
        }
    }

    private func arguments(for path: String, _ container: Container, longestSide: Int) -> [String] {
        let scale =
            "scale=w='min(iw,\(longestSide))':h='min(ih,\(longestSide))'"
            + ":force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuvj420p"
        let limits = "ulimit -v \"$1\"; ulimit -t \"$2\"; ulimit -c 0; shift 2; exec \"$@\""
        return [
            "-c", limits, "sh", "\(configuration.memoryKiB)", "\(configuration.processorSeconds)",
            configuration.program, "-nostdin", "-v", "error", "-threads", "1", "-max_alloc", "\(512 << 20)",
            "-protocol_whitelist", "file", "-max_pixels", "\(PictureLimits.pixels)", "-f", container.rawValue,
            "-i", "file:\(path)", "-map", "0:v:0", "-an", "-sn", "-dn", "-frames:v", "1", "-vf", scale,
            "-filter_threads", "1", "-threads", "1", "-c:v", "mjpeg", "-q:v", "3", "-f", "image2pipe", "pipe:1",
        ]
    }

    /// Runs the program to its end. Ends it at the deadline, or when the caller is cancelled.
    private func run(_ arguments: [String]) async throws -> [UInt8] {
        let shell = try await ChildProgram.locate("/bin/sh")
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { [configuration] in
                let result = try await Subprocess.run(
                    shell, arguments: Arguments(arguments), environment: ChildEnvironment.minimal,
                    input: .none, output: .bytes(limit: configuration.outputBytes), error: .discarded)
                guard result.terminationStatus.isSuccess else { throw PictureError.refused(.unreadable) }
                return result.standardOutput
            }
            group.addTask { [clock, deadline = configuration.deadline] in
                try await clock.sleep(for: deadline)
                return nil
            }
            defer { group.cancelAll() }
            do {
                guard let first = try await group.next(), let bytes = first else {
                    logger.warning("ffmpeg ended at deadline")
                    throw PictureError.deadline
                }
                return bytes
            } catch let error as PictureError {
                throw error
            } catch {
                try Task.checkCancellation()
                throw PictureError.crashed
            }
        }
    }
}
