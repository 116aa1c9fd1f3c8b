package import Logging
import Subprocess

/// Draws videos: the layers as pictures, the moving file of them by ffmpeg in a child process. One at a time, each within a
/// deadline; finished files are kept in a folder, up to a number of bytes. Nothing runs between two requests.
package final class VideoWorker: Sendable {
    package struct Configuration: Sendable {
        /// How long ffmpeg may work on one video before it is ended.
        package var deadline: Duration = .seconds(60)
        /// How many requests may wait in line; more are refused with ``PictureError/busy``.
        package var queueLimit = 64
        /// Bound of the kept files, in bytes.
        package var keptBytes = 256 << 20
        /// The program, by name (looked for in `PATH`) or by absolute path.
        package var program = "ffmpeg"

        package init() {}
    }

    /// Draws an SVG at exactly this size as a PNG that keeps its transparency. Throws ``PictureError``.
    package typealias Layer = @Sendable (_ svg: String, _ width: Int, _ height: Int) async throws -> [UInt8]

    private let configuration: Configuration
    private let layer: Layer
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let line: WaitingLine
    private let shelf: VideoShelf

    /// `folder` is made when it is first needed (its parent has to exist) and should hold nothing else: files in it that an
    /// earlier worker left are removed then. The deadline is measured by `clock`.
    package init(
        folder: String, configuration: Configuration = .init(), clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger, layer: @escaping Layer
    ) {
        self.configuration = configuration
        self.layer = layer
        self.clock = clock
        self.logger = logger
        line = WaitingLine(limit: configuration.queueLimit)
        shelf = VideoShelf(folder: folder, limit: configuration.keptBytes)
    }

    /// As the other initialiser, with layers drawn by a picture worker, which has to be running.
    package convenience init(
        folder: String, pictures: PictureWorker, configuration: Configuration = .init(), logger: Logger
    ) {
        self.init(folder: folder, configuration: configuration, logger: logger) { svg, width, height in
            try await pictures.render(svg: svg, width: width, height: height, format: .png)
        }
    }

    /// The MP4 file of a drawing.
    ///
    /// Throws ``PictureError``: `unavailable(.program)` when ffmpeg is not installed, `deadline` and `crashed` when it does not
    /// come to an end; or `CancellationError` when the caller is cancelled, which ends ffmpeg too.
    package func video(_ drawing: VideoDrawing) async throws -> [UInt8] {
        try drawing.validate()
        if let kept = shelf.take(drawing.name) { return kept }
        return try await line.perform {
            // Somebody before in line may have wanted the same.
            if let kept = shelf.take(drawing.name) { return kept }
            return try await draw(drawing)
        }
    }

    private func draw(_ drawing: VideoDrawing) async throws -> [UInt8] {
        try shelf.open()
        let program = try await ChildProgram.locate(configuration.program)
        let background = shelf.path(drawing.name, "background")
        let overlay = shelf.path(drawing.name, "overlay")
        let output = shelf.path(drawing.name, "part")
        defer { for path in [background, overlay, output] { VideoShelf.remove(path) } }
        let (width, height) = (drawing.width, drawing.height)
        let scenery = try await layer(
            drawing.background, VideoDrawing.backgroundSide(width), VideoDrawing.backgroundSide(height))
        let caption = try await layer(drawing.overlay, width, height)
        guard VideoShelf.write(scenery, to: background), VideoShelf.write(caption, to: overlay) else {
            throw PictureError.unavailable(.folder)
        }
        let arguments = drawing.arguments(background: background, overlay: overlay, output: output)
        guard try await run(program, arguments: arguments) else {
            logger.warning("video not drawn", metadata: ["video.name": "\(drawing.name)"])
            throw PictureError.crashed
        }
        guard let bytes = shelf.put(drawing.name, from: output) else { throw PictureError.crashed }
        return bytes
    }

    /// Runs the program to its end and tells whether that was a good one. Ends it at the deadline, or when the caller is
    /// cancelled.
    private func run(_ program: Executable, arguments: [String]) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool?.self) { group in
            group.addTask {
                let result = try await Subprocess.run(
                    program, arguments: Arguments(arguments), environment: ChildEnvironment.minimal, input: .none,
                    output: .discarded, error: .discarded)
                return result.terminationStatus.isSuccess
            }
            group.addTask { [clock, deadline = configuration.deadline] in
                try await clock.sleep(for: deadline)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let isSuccess = first else {
                logger.warning("ffmpeg ended at deadline")
                throw PictureError.deadline
            }
            return isSuccess
        }
    }
}
