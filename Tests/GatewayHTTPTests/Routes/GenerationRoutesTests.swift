import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Generations as records", .timeLimit(.minutes(10)))
struct GenerationRoutesTests {
    private static let path = "/v1/generations/gen_000000000001"

    /// A gateway with one generation of `sandbox-demo`.
    private func gateway(
        stateAfterCancel: JobState? = .canceled, contents: [UInt8] = FakeGenerations.webp,
        media: MemoryMedia = MemoryMedia(), _ plan: @escaping @Sendable (inout Job) -> Void
    ) async throws -> Gateway {
        let gateway = Gateway(
            media: media,
            generations: {
                FakeGenerations(time: $0, contents: contents, stateAfterCancel: stateAfterCancel, plan: plan)
            })
        _ = try await gateway.generate(
            #"{"prompt":"p","model":"jimeng","n":1,"async":true,"metadata":{"k":"v"}}"#)
        return gateway
    }

    @Test("a running generation shows how far it is")
    func running() async throws {
        let gateway = try await gateway { job in
            job.state = .running
            job.historyID = "28765432100"
            job.progress.percent = 42
            job.progress.queuePosition = 3
            job.progress.queueLength = 120
            job.progress.expectedEnd = .sample + .seconds(9)
        }
        let answer = try await gateway.send(.get, Self.path)
        #expect(answer.status == 200)
        #expect(answer["retry-after"] == "9")
        #expect(
            answer.json == [
                "id": "gen_000000000001", "object": "generation", "task_id": "gen_000000000001", "kind": "image",
                "status": "running", "progress": 42, "queue_position": 3, "queue_total": 120, "eta_seconds": 9,
                "model": "jimeng", "prompt": "p", "ratio": "1:1", "resolution": "2k", "duration": .null,
                "created_at": 1_790_000_000, "started_at": .null, "completed_at": .null, "expires_at": .null,
                "data": [], "url": .null, "error": .null, "history_id": "28765432100", "credits_quoted": .null,
                "credits_used": .null, "credits_status": .null, "notices": ["model_alias:jimeng-4.5"],
                "poll_url": .string(Self.path),
                "metadata": ["k": "v"],
            ])
    }

    @Test("an ended one shows its results or its reason")
    func ended() async throws {
        let done = try await gateway { $0.finish(2) }.send(.get, Self.path)
        #expect(done.json["progress"] == 100)
        #expect(done.json["data"]?.array?.count == 2)
        #expect(done.json["url"] == .string(RemoteOutput.sample(1).url))
        #expect(done["retry-after"] == nil)
        let failed = try await gateway { $0.fail(.outputFiltered) }.send(.get, Self.path)
        #expect(failed.status == 200)
        #expect(failed.json["status"] == "failed")
        #expect(failed.json["error"]?["code"] == "output_filtered")
    }

    @Test("nobody sees another's generation, and nobody without a key sees any")
    func ownership() async throws {
        let gateway = try await gateway { $0.finish() }
        for method in [HTTPRequest.Method.get, .delete] {
            let other = try await gateway.send(method, Self.path, token: "sandbox-other")
            #expect(other.status == 404)
            #expect(other.code == "generation_not_found")
        }
        #expect(try await gateway.send(.get, Self.path + "/content/0", token: "sandbox-other").status == 404)
        #expect(try await gateway.send(.get, Self.path, token: nil).status == 401)
        #expect(try await gateway.send(.get, "/v1/generations/gen_999999999999").status == 404)
        #expect(try await gateway.send(.get, "/v1/generations/..%2F").status == 404)
    }

    @Test("a look can wait for a change of state")
    func waitForChange() async throws {
        let gateway = try await gateway { $0.state = .queued }
        async let answer = gateway.send(.get, Self.path + "?wait=30")
        try await gateway.time.waitForSleeper(until: .sample + .seconds(30))
        gateway.generations.update { $0.state = .running }
        #expect(try await answer.json["status"] == "running")
    }

    @Test("a look that waits in vain shows the newest progress")
    func waitInVain() async throws {
        let gateway = try await gateway { $0.state = .running }
        async let answer = gateway.send(.get, Self.path + "?wait=30")
        try await gateway.time.waitForSleeper(until: .sample + .seconds(30))
        gateway.generations.update { $0.progress.percent = 70 }
        gateway.time.advance(by: .seconds(30))
        #expect(try await answer.json["progress"] == 70)
    }

    @Test("the wait has bounds", arguments: ["61", "-1", "x"])
    func waitBounds(_ wait: String) async throws {
        let gateway = try await gateway { $0.state = .running }
        let answer = try await gateway.send(.get, Self.path + "?wait=" + wait)
        #expect(answer.code == "value_out_of_range")
        #expect(answer.error["param"] == "wait")
    }

    @Test("the file is served from here, whole and in parts")
    func content() async throws {
        let media = MemoryMedia()
        let stored = try await media.keep(ByteChunks(FakeGenerations.webp), limit: 1000, now: .sample)
        let gateway = try await gateway(contents: [], media: media) { $0.finish(1, stored: [stored]) }
        let whole = try await gateway.send(.get, Self.path + "/content/0")
        #expect(whole.status == 200)
        #expect(whole["content-type"] == "image/webp")
        #expect(whole["accept-ranges"] == "bytes")
        #expect(whole.text.utf8.count == FakeGenerations.webp.count)
        let part = try await gateway.send(.get, Self.path + "/content/0", headers: [.range: "bytes=8-11"])
        #expect(part.status == 206)
        #expect(part.text == "WEBP")
        #expect(part["content-range"] == "bytes 8-11/\(FakeGenerations.webp.count)")
    }

    @Test("without a copy the site's file is passed on")
    func passedOn() async throws {
        let gateway = try await gateway { $0.finish() }
        let answer = try await gateway.send(.get, Self.path + "/content/0")
        #expect(answer.status == 200)
        #expect(answer["content-length"] == "\(FakeGenerations.webp.count)")
        #expect(answer.text.hasSuffix("picture"))
        let part = try await gateway.send(.get, Self.path + "/content/0", headers: [.range: "bytes=8-11"])
        #expect(part.status == 206)
        #expect(part.text == "WEBP")
        #expect(part["content-length"] == "4")
        #expect(part["content-range"] == "bytes 8-11/\(FakeGenerations.webp.count)")
        let beyond = try await gateway.send(.get, Self.path + "/content/0", headers: [.range: "bytes=900-"])
        #expect(beyond.status == 416)
    }

    @Test("a file that is not there is told apart from one that is not there yet")
    func noContent() async throws {
        let running = try await gateway { $0.state = .running }.send(.get, Self.path + "/content/0")
        #expect(running.status == 409)
        #expect(running.code == "generation_not_finished")
        #expect(running["x-should-retry"] == "false")
        let done = try await gateway { $0.finish() }
        for index in ["1", "-1", "x"] {
            #expect(try await done.send(.get, Self.path + "/content/" + index).code == "media_not_found")
        }
        let failed = try await gateway { $0.fail(.outputFiltered) }.send(.get, Self.path + "/content/0")
        #expect(failed.code == "content_expired")
        let empty = try await gateway(contents: []) { $0.finish() }
        async let gone = empty.send(.get, Self.path + "/content/0")
        try await empty.passAttempts()
        #expect(try await gone.code == "content_expired")
    }

    @Test("a generation can be stopped while that is possible")
    func cancel() async throws {
        let gateway = try await gateway { $0.state = .queued }
        let answer = try await gateway.send(.delete, Self.path)
        #expect(answer.status == 200)
        #expect(answer.json["status"] == "canceled")
        let late = try await self.gateway(stateAfterCancel: nil) { $0.state = .running }
        let refused = try await late.send(.delete, Self.path)
        #expect(refused.status == 409)
        #expect(refused.code == "generation_not_cancellable")
        #expect(refused.error["message"] == "A running generation cannot be cancelled.")
    }

    @Test("an ended generation is removed with its files")
    func remove() async throws {
        let media = MemoryMedia()
        let stored = try await media.keep(ByteChunks(FakeGenerations.webp), limit: 1000, now: .sample)
        let gateway = try await gateway(media: media) { $0.finish(1, stored: [stored]) }
        let answer = try await gateway.send(.delete, Self.path)
        #expect(answer.json == ["id": "gen_000000000001", "object": "generation.deleted", "deleted": true])
        #expect(media.count == 0)
        #expect(try await gateway.send(.get, Self.path).status == 404)
    }
}
