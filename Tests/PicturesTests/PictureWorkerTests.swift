import Logging
import Testing

@testable import Pictures

/// The server side against small shell scripts that play the child: they read a request and print a frame, or misbehave.
@Suite("The picture worker", .timeLimit(.minutes(10)))
struct PictureWorkerTests {
    /// A child that reads a frame of `count` bytes and answers `done` with one byte.
    private static let probe = PictureFrame.wrap(PictureRequest(work: .probe).encoded())
    private static let readOne = "head -c \(probe.count) >/dev/null"
    private static func say(_ letter: Character) -> String { "printf '\\002\\000\\000\\000\\000\(letter)'" }

    private func worker(
        script: String, executable: String = "/bin/sh", clock: HandClock = HandClock(), queueLimit: Int = 256
    ) -> PictureWorker {
        var configuration = PictureWorker.Configuration()
        configuration.queueLimit = queueLimit
        return PictureWorker(
            executable: executable, arguments: ["-c", script], configuration: configuration, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Runs the worker around `body` and stops it afterwards.
    @discardableResult
    private func running<Value: Sendable>(
        _ worker: PictureWorker, _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await worker.run() }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    @Test("keeps its child for the next request")
    func reuse() async throws {
        let script = "\(Self.readOne); \(Self.say("a")); \(Self.readOne); \(Self.say("b")); cat >/dev/null"
        let worker = worker(script: script)
        let answers = try await running(worker) {
            [try await worker.libraryVersion(), try await worker.libraryVersion()]
        }
        #expect(answers == ["a", "b"])
    }

    @Test("passes pictures far larger than a pipe holds in both directions")
    func large() async throws {
        let input = PictureHeaderTests.png + [UInt8](repeating: 7, count: 3_000_000)
        let frame = PictureFrame.lengthBytes + PictureRequest.headerLength + input.count
        // The answer is 1,000,001 bytes long: the zero that says it is done, and a million more.
        let script =
            "head -c \(frame) >/dev/null; printf '\\101\\102\\017\\000'; head -c 1000001 /dev/zero; cat >/dev/null"
        let worker = worker(script: script)
        let output = try await running(worker) { try await worker.convert(input, to: .jpeg) }
        #expect(output == [UInt8](repeating: 0, count: 1_000_000))
    }

    @Test("starts anew after a crash, and the crash costs the request that met it")
    func crash() async throws {
        let worker = worker(script: "head -c 5 >/dev/null; exit 3")
        try await running(worker) {
            await #expect(throws: PictureError.crashed) { try await worker.libraryVersion() }
            await #expect(throws: PictureError.crashed) { try await worker.libraryVersion() }
        }
    }

    @Test("tries a request once more when the child that died on it had served others")
    func secondTry() async throws {
        // Each child serves one request and dies on the second.
        let worker = worker(script: "\(Self.readOne); \(Self.say("a")); head -c 5 >/dev/null; exit 3")
        let answers = try await running(worker) {
            [try await worker.libraryVersion(), try await worker.libraryVersion()]
        }
        #expect(answers == ["a", "a"])
    }

    @Test("ends a child that takes too long, and only that request fails")
    func deadline() async throws {
        let clock = HandClock()
        let worker = worker(script: "cat >/dev/null", clock: clock)
        try await running(worker) {
            let answer = Task { try await worker.libraryVersion() }
            await clock.waitForSleepers(1)
            clock.advance(by: .seconds(21))
            await #expect(throws: PictureError.deadline) { try await answer.value }
        }
    }

    @Test("ends a child that has been idle, and starts another one for the next request")
    func idle() async throws {
        let clock = HandClock()
        // A child that was asked a second time would not answer.
        let script = "\(Self.readOne); printf '\\002\\000\\000\\000\\000a'; head -c 1 >/dev/null"
        let worker = worker(script: script, clock: clock)
        try await running(worker) {
            let first = try await worker.libraryVersion()
            await clock.waitForSleepers(1)
            clock.advance(by: .seconds(31))
            let second = try await worker.libraryVersion()
            #expect([first, second] == ["a", "a"])
        }
    }

    @Test(
        "does not believe a child that speaks another language",
        arguments: ["printf 'Segmentation fault'", "printf '\\001\\000\\000\\000\\011'"])
    func nonsense(script: String) async throws {
        let worker = worker(script: "\(script); cat >/dev/null")
        try await running(worker) {
            await #expect(throws: PictureError.crashed) { try await worker.libraryVersion() }
        }
    }

    @Test(
        "says that there is no worker when it cannot be started", arguments: ["/nowhere/jimeng", "relative/path", "/"])
    func missing(executable: String) async throws {
        let worker = worker(script: "", executable: executable)
        try await running(worker) {
            await #expect(throws: PictureError.unavailable(.process)) { try await worker.libraryVersion() }
        }
    }

    @Test("passes on that the library is missing, with the package to install")
    func library() async throws {
        let worker = worker(script: "\(Self.readOne); printf '\\001\\000\\000\\000\\001'; cat >/dev/null")
        try await running(worker) {
            await #expect(throws: PictureError.unavailable(.library)) { try await worker.libraryVersion() }
        }
        #expect(PictureError.unavailable(.library).description.contains("libvips42"))
    }

    @Test("refuses when its line is full")
    func busy() async throws {
        let worker = worker(script: "", queueLimit: 0)
        await #expect(throws: PictureError.busy) { try await worker.libraryVersion() }
    }

    @Test("refuses everything once it was stopped")
    func stopped() async throws {
        let worker = worker(script: "cat >/dev/null")
        let run = Task { await worker.run() }
        run.cancel()
        await run.value
        await #expect(throws: PictureError.unavailable(.stopped)) { try await worker.libraryVersion() }
    }

    @Test("lets a request under way fail when it is stopped")
    func stoppedUnderWay() async throws {
        let clock = HandClock()
        let worker = worker(script: "cat >/dev/null", clock: clock)
        let run = Task { await worker.run() }
        let answer = Task { try await worker.libraryVersion() }
        await clock.waitForSleepers(1)
        run.cancel()
        await run.value
        await #expect(throws: PictureError.unavailable(.stopped)) { try await answer.value }
    }

    @Test("lets a caller leave")
    func cancelled() async throws {
        let worker = worker(script: "")
        let caller = Task { try await worker.libraryVersion() }
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
    }

    @Test("refuses what it can see to be wrong without a child")
    func early() async throws {
        let worker = worker(script: "")
        await #expect(throws: PictureError.refused(.unreadable)) { try await worker.convert([1, 2, 3], to: .png) }
        await #expect(throws: PictureError.refused(.tooLarge)) {
            try await worker.render(svg: "<svg/>", width: 20_000, height: 10)
        }
        await #expect(throws: PictureError.refused(.tooLarge)) {
            try await worker.render(svg: String(repeating: "x", count: (1 << 20) + 1), width: 10, height: 10)
        }
        await #expect(throws: PictureError.refused(.tooLarge)) {
            try await worker.thumbnail(PictureHeaderTests.gif, longestSide: 0)
        }
    }
}
