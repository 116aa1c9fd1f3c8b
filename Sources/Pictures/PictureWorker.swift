import CPicture
package import Logging
import Subprocess

/// Draws, converts and scales pictures in a child process of this program, so that libvips never gets into the server
/// and a decoder that dies on a hostile file takes nothing with it.
///
/// The owner runs ``run()`` for as long as pictures are wanted; the requests of all callers go to one child, one after the
/// other. The child is started by the first request, kept for the next ones and ended after `idleTime` without any. When it
/// dies, the request it was working on fails, unless the child had served others before (then the request gets one more try
/// in a fresh child, as it may not have been the cause); the requests in line go to the next child.
package final class PictureWorker: Sendable {
    package struct Configuration: Sendable {
        /// How long one request may be worked on before the child is ended.
        package var deadline: Duration = .seconds(20)
        /// How long the child is kept without work.
        package var idleTime: Duration = .seconds(30)
        /// How many requests may wait in line; more are refused with ``PictureError/busy``.
        package var queueLimit = 256

        package init() {}
    }

    private let executable: String
    private let arguments: [String]
    private let configuration: Configuration
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let queue: PictureQueue

    /// `executable` is an absolute path, normally this program's own, and `arguments` make it call
    /// ``PictureWorkerProcess/run()``. The deadline and the idle time are measured by `clock`. Nothing is started yet.
    package init(
        executable: String, arguments: [String], configuration: Configuration = .init(),
        clock: any Clock<Duration> = ContinuousClock(), logger: Logger
    ) {
        self.executable = executable
        self.arguments = arguments
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        self.queue = PictureQueue(limit: configuration.queueLimit)
    }

    // MARK: - Requests

    /// Draws an SVG at exactly `width` x `height` pixels. Only for drawings this program made: SVG from outside is never
    /// loaded.
    ///
    /// `quality` (1 to 100) is for WebP and JPEG, `effort` (0 fast to 6 small) for WebP; values outside are pulled in.
    /// Throws ``PictureError``, or `CancellationError` when the caller is cancelled. Requests made before ``run()`` wait for
    /// it.
    package func render(
        svg: String, width: Int, height: Int, format: PictureFormat = .webp, quality: Int = 80, effort: Int = 0
    ) async throws -> [UInt8] {
        try await perform(
            PictureRequest(
                work: .render, format: format, quality: Self.quality(quality), effort: UInt8(min(6, max(0, effort))),
                width: width, height: height, input: Array(svg.utf8)))
    }

    /// Encodes a WebP, PNG, JPEG or GIF (its first frame) anew at its own size, without its metadata.
    ///
    /// Takes `quality` and throws as ``render(svg:width:height:format:quality:effort:)``.
    package func convert(_ picture: [UInt8], to format: PictureFormat, quality: Int = 90) async throws -> [UInt8] {
        try await perform(
            PictureRequest(
                work: .convert, format: format, quality: Self.quality(quality), effort: 4, input: picture))
    }

    /// Scales a picture down so that its longest side is at most `longestSide` pixels; a smaller one keeps its size.
    ///
    /// Takes `quality` and throws as ``render(svg:width:height:format:quality:effort:)``.
    package func thumbnail(
        _ picture: [UInt8], longestSide: Int, format: PictureFormat = .webp, quality: Int = 80
    ) async throws -> [UInt8] {
        try await perform(
            PictureRequest(
                work: .thumbnail, format: format, quality: Self.quality(quality), effort: 4, width: longestSide,
                input: picture))
    }

    /// The version of libvips, such as `8.14.1`; starts the child to find out.
    ///
    /// Throws ``PictureError/unavailable(_:)`` when no picture work can be done here.
    package func libraryVersion() async throws -> String {
        String(decoding: try await perform(PictureRequest(work: .probe)), as: UTF8.self)
    }

    private static func quality(_ quality: Int) -> UInt8 {
        UInt8(min(100, max(1, quality)))
    }

    private func perform(_ request: PictureRequest) async throws -> [UInt8] {
        try request.validate()
        return try await queue.perform(request)
    }

    // MARK: - The child

    /// Serves requests until the calling task is cancelled; then ends the child, and every request under way or made later
    /// fails with ``PictureError/unavailable(_:)``. To be called once.
    package func run() async {
        // Writing to a child that has just died must be an error, not the end of this process.
        cpicture_ignore_broken_pipes()
        while let ticket = await queue.next() {
            await serve(ticket)
        }
        queue.close()
    }

    /// Starts a child for a request and keeps it for those that follow.
    private func serve(_ first: PictureQueue.Ticket) async {
        var current: PictureQueue.Ticket? = first
        do {
            let program = try await locate()
            _ = try await Subprocess.run(
                program, arguments: Arguments(arguments), environment: ChildEnvironment.minimal,
                input: .inputWriter, output: .sequence, error: .discarded
            ) { execution in
                logger.debug("picture worker started")
                // However this ends, the child has nothing left to do, and it holds nothing worth a goodbye.
                defer { try? execution.send(signal: .kill) }
                var output = execution.standardOutput.makeAsyncIterator()
                var answered = 0
                while let ticket = current {
                    let outcome = await withAlarm(after: configuration.deadline) {
                        try? execution.send(signal: .kill)
                    } during: {
                        await Self.exchange(ticket.request, writer: execution.standardInputWriter, output: &output)
                    }
                    current = nil
                    guard let answer = outcome.value else {
                        lost(ticket, hitDeadline: outcome.alarmed, childWasFresh: answered == 0)
                        return
                    }
                    queue.finish(ticket.id, Result { () throws(PictureError) in try answer.get() })
                    answered += 1
                    current = await withAlarm(after: configuration.idleTime) { [queue] in
                        queue.release()
                    } during: {
                        await queue.next()
                    }.value
                }
            }
        } catch {
            guard let current else { return }
            if Task.isCancelled {
                queue.finish(current.id, .failure(.unavailable(.stopped)))
            } else {
                logger.warning("picture worker not started", metadata: ["error.type": "\(type(of: error))"])
                queue.finish(current.id, .failure(.unavailable(.process)))
            }
        }
    }

    private func lost(_ ticket: PictureQueue.Ticket, hitDeadline: Bool, childWasFresh: Bool) {
        if Task.isCancelled {
            queue.finish(ticket.id, .failure(.unavailable(.stopped)))
        } else if hitDeadline {
            logger.warning("picture worker ended at deadline", metadata: ["picture.work": "\(ticket.request.work)"])
            queue.finish(ticket.id, .failure(.deadline))
        } else if childWasFresh || ticket.isSecondTry {
            logger.warning("picture worker died", metadata: ["picture.work": "\(ticket.request.work)"])
            queue.finish(ticket.id, .failure(.crashed))
        } else {
            logger.warning("picture worker died, trying again", metadata: ["picture.work": "\(ticket.request.work)"])
            queue.putBack(ticket.id)
        }
    }

    /// Sends a request and reads its answer; nil when the child ended or did not keep to the protocol.
    private static func exchange(
        _ request: PictureRequest, writer: StandardInputWriter, output: inout SubprocessOutputSequence.Iterator
    ) async -> PictureAnswer? {
        let frame = PictureFrame.wrap(request.encoded())
        var assembler = PictureFrame.Assembler(limit: PictureFrame.answerLimit)
        do {
            guard try await writer.write(frame) == frame.count else { return nil }
            while let piece = try await output.next() {
                let payload = try piece.withUnsafeBytes { bytes throws(PictureFrame.Assembler.TooLong) in
                    try assembler.add(bytes)
                }
                if let payload { return PictureAnswer(payload: payload) }
            }
        } catch {
            return nil
        }
        return nil
    }

    /// Runs `operation` and, when it takes longer than `limit`, calls `ring` once to make it end.
    private func withAlarm<Value>(
        after limit: Duration, ring: @escaping @Sendable () -> Void, during operation: () async -> Value
    ) async -> (value: Value, alarmed: Bool) {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { [clock] in
                do {
                    try await clock.sleep(for: limit)
                } catch {
                    return false
                }
                ring()
                return true
            }
            let value = await operation()
            group.cancelAll()
            return (value, await group.next() ?? false)
        }
    }

    /// The executable as the subprocess library wants it.
    private func locate() async throws -> Executable {
        let parts = executable.split(separator: "/", omittingEmptySubsequences: true)
        guard executable.hasPrefix("/"), let name = parts.last else { throw PictureError.unavailable(.process) }
        let folder = "/" + parts.dropLast().joined(separator: "/")
        return .path(try await Executable.name(String(name)).resolveExecutablePath(in: .custom(["PATH": folder])))
    }
}
