import Foundation
import Synchronization

/// The built `jimeng` program beside the test bundle, for tests that must stop or kill a real process.
struct Program {
    private let path: String

    init() throws {
        // The bundle's own path is the first argument of the runner, or found in its mapped files.
        let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        let bundle =
            maps.split(separator: "\n").compactMap { line in
                line.firstRange(of: "/").map { String(line[$0.lowerBound...]) }
            }.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        path = URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("jimeng").path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw TestProblem("no program at \(path)") }
    }

    /// `upstream`: base URL in place of the site; nil = none, for the gateway's own sandbox.
    /// `preparation`: a line of shell that runs first, in a mount namespace of the process's own.
    func serve(
        folder: String, upstream: String?, settings: [String: String] = [:], preparation: String? = nil
    ) throws -> Serving {
        let process = Process()
        var arguments = ["serve", "--port", "0", "--data-dir", folder, "--log-format", "json"]
        if let upstream { arguments += ["--upstream", upstream] }
        if let preparation {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
            process.arguments =
                ["--map-root-user", "--mount", "/bin/sh", "-c", "\(preparation) && exec \"$0\" \"$@\"", path]
                + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: path)
            process.arguments = arguments
        }
        var environment = ["JIMENG_UPSTREAM_POLL_FLOOR_MS": "100", "PATH": "/usr/bin:/bin"]
        for (key, value) in settings {
            environment["JIMENG_" + key.uppercased().replacingOccurrences(of: ".", with: "_")] = value
        }
        process.environment = environment
        return try Serving(process)
    }

    /// Runs a command to its end and gives what it printed on standard output.
    func run(_ arguments: [String]) async throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        let end = Ending()
        process.terminationHandler = { end.resolve($0.terminationReason == .exit ? $0.terminationStatus : -9) }
        try process.run()
        let handle = pipe.fileHandleForReading
        // Reading blocks, which no thread of the tests' own may do.
        let bytes: Data = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: (try? handle.readToEnd()) ?? Data())  // What is missing fails the test.
            }
        }
        let status = await end.value()
        withExtendedLifetime(process) {}
        return (status, String(decoding: bytes, as: UTF8.self))
    }

    /// A running gateway. Killed when nobody holds it any more.
    final class Serving: Sendable {
        private let process: Mutex<Process>
        let identifier: Int32
        private let text = Text()
        private let end = Ending()
        private let lines: AsyncStream<Void>

        fileprivate init(_ process: sending Process) throws {
            let pipe = Pipe()
            process.standardOutput = pipe
            process.standardError = pipe
            let (lines, news) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            self.lines = lines
            let end = end
            process.terminationHandler = { end.resolve($0.terminationReason == .exit ? $0.terminationStatus : -9) }
            try process.run()
            identifier = process.processIdentifier
            self.process = Mutex(process)
            // A thread that reads: the handler of a file handle can't be taken away safely while it runs.
            let handle = pipe.fileHandleForReading
            let text = text
            Thread.detachNewThread {
                // Not `availableData`, which ends the process when a signal interrupts it.
                var chunk = [UInt8](repeating: 0, count: 65_536)
                while true {
                    let count = read(handle.fileDescriptor, &chunk, chunk.count)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { break }
                    text.append(String(decoding: chunk[..<count], as: UTF8.self))
                    news.yield()
                }
                news.finish()
            }
        }

        deinit {
            Foundation.kill(identifier, SIGKILL)
        }

        /// What it has written so far, to both outputs.
        var output: String { text.whole }

        /// The port it says it listens on.
        func port() async throws -> Int {
            var news = lines.makeAsyncIterator()
            while true {
                let text = output
                // The line is whole once its end is there.
                if let mark = text.firstRange(of: "\"http.address\":\"http://127.0.0.1:"),
                    text[mark.upperBound...].contains("\n"),
                    let port = Int(text[mark.upperBound...].prefix { $0.isNumber })
                {
                    return port
                }
                guard await news.next() != nil else {
                    throw TestProblem("the gateway ended before it listened: \(text)")
                }
            }
        }

        func client() async throws -> APIClient {
            APIClient(base: "http://127.0.0.1:\(try await port())")
        }

        func signal(_ number: Int32) {
            Foundation.kill(identifier, number)
        }

        /// `kill -9`, and waits until the process is gone.
        func kill() async {
            signal(SIGKILL)
            _ = await end.value()
        }

        /// Waits for the end and gives the exit status; -9 after a signal.
        func status() async -> Int32 {
            await end.value()
        }
    }

    /// Text that grows.
    private final class Text: Sendable {
        private let pieces = Mutex("")

        var whole: String { pieces.withLock { $0 } }

        func append(_ piece: String) { pieces.withLock { $0 += piece } }
    }

    /// How a process ended, for whoever waits for it.
    private final class Ending: Sendable {
        private struct State {
            var status: Int32?
            var waiting: [CheckedContinuation<Int32, Never>] = []
        }

        private let state = Mutex(State())

        func resolve(_ status: Int32) {
            let waiting = state.withLock { state in
                state.status = status
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume(returning: status) }
        }

        func value() async -> Int32 {
            await withCheckedContinuation { continuation in
                let status = state.withLock { state in
                    if state.status == nil { state.waiting.append(continuation) }
                    return state.status
                }
                if let status { continuation.resume(returning: status) }
            }
        }
    }
}

/// A folder of its own under the temporary folder, removed when nobody holds it any more.
final class TestFolder: Sendable {
    let path = NSTemporaryDirectory() + "jimeng-test-\(UUID().uuidString)"

    deinit {
        try? FileManager.default.removeItem(atPath: path)  // A leftover in the temporary folder does no harm.
    }
}
