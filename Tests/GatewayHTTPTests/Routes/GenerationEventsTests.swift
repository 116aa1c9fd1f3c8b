import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("The events of a generation", .timeLimit(.minutes(10)))
struct GenerationEventsTests {
    private func gateway(_ state: JobState) async throws -> Gateway {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.state = state } })
        _ = try await gateway.generate(#"{"prompt":"p","async":true}"#)
        return gateway
    }

    private static let path = "/v1/generations/gen_000000000001/events"

    @Test("every change is an event, and the end is the last")
    func changes() async throws {
        let gateway = try await gateway(.queued)
        async let answer = gateway.send(.get, Self.path)
        await gateway.generations.waitForFollower()
        try await gateway.time.waitForSleeper(until: .sample + .seconds(10))
        gateway.time.advance(by: .seconds(10))
        try await gateway.time.waitForSleeper(until: .sample + .seconds(20))
        gateway.generations.update { $0.finish() }
        let result = try await answer
        #expect(result.status == 200)
        #expect(result["content-type"] == "text/event-stream; charset=utf-8")
        #expect(result["x-generation-id"] == "gen_000000000001")
        #expect(result.text.contains(": keep-alive\n\n"))
        let events = try Self.events(result.text)
        #expect(events.map(\.name) == ["generation.status", "generation.succeeded"])
        #expect(events[0].data["status"] == "queued")
        #expect(events[1].data["status"] == "succeeded")
        #expect(events[1].data["url"] == .string(RemoteOutput.sample(1).url))
    }

    @Test("progress within a state has a name of its own")
    func progress() async throws {
        let gateway = try await gateway(.running)
        async let answer = gateway.send(.get, Self.path)
        await gateway.generations.waitForFollower()
        gateway.generations.update { $0.progress.percent = 40 }
        gateway.generations.update { $0.fail(.riskControl) }
        let events = try Self.events(try await answer.text)
        #expect(events.map(\.name) == ["generation.status", "generation.progress", "generation.failed"])
        #expect(events[1].data["progress"] == 40)
        #expect(events[2].data["error"]?["code"] == "risk_control")
    }

    @Test("what the client has is not told again")
    func resumes() async throws {
        let gateway = try await gateway(.running)
        gateway.generations.update { $0.finish() }
        let whole = try await gateway.send(.get, Self.path)
        let id = try #require(try Self.events(whole.text).last?.id)
        let again = try await gateway.send(.get, Self.path, headers: [.lastEventID: id])
        #expect(again.status == 204)
        let other = try await gateway.send(.get, Self.path, headers: [.lastEventID: "running.0.0.0"])
        #expect(try Self.events(other.text).map(\.name) == ["generation.succeeded"])
    }

    @Test("a stream ends after an hour")
    func bounded() async throws {
        let gateway = try await gateway(.running)
        async let answer = gateway.send(.get, Self.path)
        try await gateway.time.waitForSleepers()
        gateway.time.advance(by: .seconds(3600))
        #expect(try Self.events(try await answer.text).map(\.name) == ["generation.status"])
    }

    @Test("a foreign generation has no events")
    func foreign() async throws {
        let gateway = try await gateway(.running)
        #expect(try await gateway.send(.get, Self.path, token: "sandbox-other").status == 404)
    }

    struct Event {
        var name: String
        var id: String
        var data: JSONValue
    }

    static func events(_ text: String) throws -> [Event] {
        try text.split(separator: "\n\n").filter { !$0.hasPrefix(":") }.map { block in
            let lines = block.split(separator: "\n")
            func value(_ field: String) throws -> String {
                String(try #require(lines.first { $0.hasPrefix(field + ": ") }?.dropFirst(field.count + 2)))
            }
            return Event(
                name: try value("event"), id: try value("id"), data: try JSONValue.parse(try value("data")))
        }
    }
}
