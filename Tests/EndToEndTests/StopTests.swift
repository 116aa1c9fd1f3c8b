import Foundation
import NIOCore
import NIOHTTP1
import SiteSandbox
import Testing
import WireJSON

/// How a process stops that is asked to.
@Suite(.timeLimit(.minutes(10))) struct StopTests {
    private static let token = "demo"

    @Test func `SIGTERM answers who waits, takes nothing new, and leaves the rest to the next start`() async throws {
        try await withSandbox(speed: 1, runSeconds: 4) { site, base in
            let (program, folder) = (try Program(), TestFolder())
            let first = try program.serve(folder: folder.path, upstream: base)
            let api = try await first.client()
            async let waiting = api.post("/v1/images/generations", token: Self.token, ["prompt": "a fox", "n": 1])
            while site.statistics().sessions.values.first?.jobs != 1 { try await Task.sleep(for: .milliseconds(10)) }
            first.signal(SIGTERM)

            let answer = try await waiting
            #expect(answer.status == 504)
            #expect(answer.json["error"]?["code"]?.string == "wait_timeout")
            let id = try #require(answer.headers.first(name: "x-generation-id"))
            #expect(await first.status() == 0)
            await #expect(throws: (any Error).self) {
                try await api.post("/v1/images/generations", token: Self.token, ["prompt": "a cat", "n": 1])
            }
            await api.shutdown()

            let second = try program.serve(folder: folder.path, upstream: base)
            let again = try await second.client()
            #expect(try await again.end(of: id, token: Self.token)["status"]?.string == "succeeded")
            await again.shutdown()
            second.signal(SIGINT)
            #expect(await second.status() == 0)
            #expect(site.statistics().sessions.values.first?.submits == 1)
            #expect(site.statistics().violations.isEmpty)
        }
    }

    @Test(arguments: [(SIGTERM, Int32(143)), (SIGINT, Int32(130))])
    func `a second signal ends a stop that takes its time`(signal: Int32, expected: Int32) async throws {
        let (program, folder) = (try Program(), TestFolder())
        let serving = try program.serve(folder: folder.path, upstream: nil)
        let half = try await Self.halfRequest(to: serving)
        serving.signal(SIGTERM)
        while !serving.output.contains("\"stopping\"") { try await Task.sleep(for: .milliseconds(10)) }
        serving.signal(signal)
        #expect(await serving.status() == expected, "\(serving.output)")
        #expect(serving.output.contains("second signal"))
        try? await half.close()  // The process closed it.
    }

    @Test func `a stop that is held up ends at its limit`() async throws {
        let (program, folder) = (try Program(), TestFolder())
        let serving = try program.serve(
            folder: folder.path, upstream: nil, settings: ["http.shutdown_seconds": "1"])
        let half = try await Self.halfRequest(to: serving)
        serving.signal(SIGTERM)
        #expect([0, 1].contains(await serving.status()), "\(serving.output)")
        #expect(!serving.output.contains("Fatal error"))
        try? await half.close()  // The process closed it.
    }

    /// A client that keeps the server waiting for the rest of its request.
    private static func halfRequest(to serving: Program.Serving) async throws -> any Channel {
        try await HalfRequest.send(
            to: try await serving.port(), path: "/v1/images/generations", token: "sandbox-demo",
            body: Array(#"{"prompt":"a fox","n":1}"#.utf8))
    }
}
