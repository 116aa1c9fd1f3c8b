import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Links that lead to the gateway", .timeLimit(.minutes(10)))
struct KeptLinksTests {
    private func gateway() -> Gateway {
        Gateway(generations: { FakeGenerations(time: $0, copiesLater: true) { $0.finish() } }) {
            $0.mediaLinks = .local
            $0.publicBaseURL = "https://pictures.example"
        }
    }

    private func ask(_ gateway: Gateway, _ kind: String) async throws -> Answer {
        switch kind {
        case "chat": try await ChatTests.ask(gateway)
        case "stream": try await ChatTests.ask(gateway, more: #","stream":true"#)
        case "keepalive": try await gateway.generate(query: "?keepalive=true")
        default: try await gateway.generate()
        }
    }

    @Test("an answer waits for the copy that its link leads to", arguments: ["image", "chat", "stream", "keepalive"])
    func waits(_ kind: String) async throws {
        let gateway = gateway()
        let stored = try await gateway.media.keep(ByteChunks(FakeGenerations.webp), limit: 1000, now: .sample)
        async let answer = ask(gateway, kind)
        await gateway.generations.waitForCopyWait()
        gateway.generations.update { $0.outputs[0].stored = stored }
        let result = try await answer
        #expect(result.text.contains("https://pictures.example/media/\(stored.id.rawValue)"))
        #expect(!result.text.contains(RemoteOutput.sample(1).url))
    }

    @Test("a copy that does not come in time is told, and the site's link stands in")
    func tooLate() async throws {
        let gateway = gateway()
        async let answer = gateway.generate()
        try await gateway.time.waitForSleeper(until: .sample + .seconds(60))
        gateway.time.advance(by: .seconds(60))
        let result = try await answer
        #expect(result.json["data"]?[0]?["url"] == .string(RemoteOutput.sample(1).url))
        #expect(result["x-jimeng-notice"] == "media_not_kept")
    }
}
