import Foundation
import Synchronization

/// The built `jimeng` program beside the test bundle, for tests that must kill a real process.
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

    func serve(folder: String, upstream: String) throws -> Serving {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = [
            "serve", "--port", "0", "--data-dir", folder, "--upstream", upstream, "--log-format", "json",
        ]
        process.environment = ["JIMENG_UPSTREAM_POLL_FLOOR_MS": "100", "PATH": "/usr/bin:/bin"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        return Serving(process: process, output: pipe.fileHandleForReading)
    }

    /// A running gateway.
    final class Serving {
        private let process: Process
        private let output: FileHandle

        init(process: Process, output: FileHandle) {
            self.process = process
            self.output = output
        }

        /// The port it says it listens on.
        func port() async throws -> Int {
            let (chunks, input) = AsyncStream.makeStream(of: Data.self)
            output.readabilityHandler = { handle in
                let chunk = handle.availableData
                if chunk.isEmpty { input.finish() } else { input.yield(chunk) }
            }
            defer { output.readabilityHandler = nil }
            var text = ""
            for await chunk in chunks {
                text += String(decoding: chunk, as: UTF8.self)
                // The line is whole once its end is there.
                guard let mark = text.firstRange(of: "\"http.address\":\"http://127.0.0.1:"),
                    text[mark.upperBound...].contains("\n")
                else { continue }
                if let port = Int(text[mark.upperBound...].prefix { $0.isNumber }) { return port }
            }
            throw TestProblem("the gateway ended before it listened: \(text)")
        }

        /// `kill -9`.
        func kill() {
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }
}
