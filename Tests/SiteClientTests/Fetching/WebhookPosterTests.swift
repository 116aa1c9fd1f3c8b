import GatewayCore
import GatewayTesting
import Testing

@testable import SiteClient

/// In these tests 127.0.0.1 stands for the machine's own services and 127.0.0.2 for the public internet.
@Suite("Sending webhooks", .timeLimit(.minutes(10)))
struct WebhookPosterTests {
    private static let policy = AddressPolicy(
        refused: AddressPolicy.standard.refused.filter { $0 != IPNetwork("127.0.0.0/8") }
            + ["127.0.0.0/31"].compactMap(IPNetwork.init))

    private func poster(_ port: Int, time: any TimeSource = ManualTime()) -> WebhookPoster {
        var configuration = SafeFetcher.Configuration()
        configuration.ports = [port]
        return WebhookPoster(
            configuration: configuration, policy: Self.policy,
            resolver: { host in
                switch host {
                case "public.test": ["127.0.0.2"].compactMap { IPAddress($0) }
                case "unreachable-first.test": ["127.0.0.3", "127.0.0.2"].compactMap { IPAddress($0) }
                case "mixed.test": ["127.0.0.2", "127.0.0.1"].compactMap { IPAddress($0) }
                default: IPAddress(host).map { [$0] } ?? []
                }
            }, time: time)
    }

    private func message(_ url: String) -> WebhookMessage {
        WebhookMessage(
            url: Secret(url), headers: ["content-type": "application/json", "webhook-id": "msg_1"],
            body: Array(#"{"type":"generation.succeeded"}"#.utf8))
    }

    @Test("the message arrives whole, once, and with nothing else that belongs to anybody")
    func sending() async throws {
        try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in .status(204) }) { server in
            let status = try await poster(server.port).send(message("http://public.test:\(server.port)/hook?key=1"))
            #expect(status == 204)
            #expect(server.requests.count == 1)
            let head = try #require(server.requests.first).lowercased()
            #expect(head.hasPrefix("post /hook?key=1 http/1.1\r\n"))
            #expect(head.contains("\r\nwebhook-id: msg_1\r\n"))
            #expect(head.contains("\r\ncontent-length: 31\r\n"))
            for name in ["cookie", "authorization", "referer"] { #expect(!head.contains("\r\n\(name):")) }
        }
    }

    @Test("any status is an answer; a redirect is not followed", arguments: [200, 302, 404, 500])
    func statuses(_ status: Int) async throws {
        let answer: ScriptedServer.Answer =
            status == 302 ? .redirect("http://127.0.0.2/elsewhere") : .status(status)
        try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in answer }) { server in
            let found = try await poster(server.port).send(message("http://127.0.0.2:\(server.port)/"))
            #expect(found == status)
            #expect(server.requests.count == 1)
        }
    }

    @Test(
        "what only this machine can reach gets nothing",
        arguments: [
            "http://127.0.0.1:PORT/", "http://mixed.test:PORT/", "http://127.0.0.2:1/", "ftp://127.0.0.2:PORT/",
        ])
    func refused(_ url: String) async throws {
        try await ScriptedServer.with(host: "127.0.0.1", answer: { _ in .status(200) }) { server in
            let url = url.replacing("PORT", with: "\(server.port)")
            await #expect(throws: WebhookFault.addressNotAllowed) { try await poster(server.port).send(message(url)) }
            #expect(server.history.isEmpty)
        }
    }

    @Test("an address that can't be connected to gives way to the next one")
    func nextAddress() async throws {
        try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in .status(200) }) { server in
            let url = "http://unreachable-first.test:\(server.port)/"
            let status = try await poster(server.port).send(message(url))
            #expect(status == 200)
        }
    }

    @Test("a receiver that answers nothing is given up after ten seconds")
    func silence() async throws {
        try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in .hanging("") }) { server in
            let time = ManualTime()
            let poster = poster(server.port, time: time)
            let message = message("http://127.0.0.2:\(server.port)/")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    _ = await #expect(throws: WebhookFault.timeout) { try await poster.send(message) }
                }
                while server.requests.isEmpty { await Task.yield() }
                try await time.waitForSleeper(until: .sample + .seconds(10))
                time.advance(by: .seconds(10))
                try await group.waitForAll()
            }
        }
    }

    @Test("an endless answer is not read")
    func endless() async throws {
        try await ScriptedServer.with(
            host: "127.0.0.2", answer: { _ in .endless("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n") }
        ) { server in
            let status = try await poster(server.port).send(message("http://127.0.0.2:\(server.port)/"))
            #expect(status == 200)
            await server.wait(for: .closed)
        }
    }

    @Test("nobody listening is unreachable")
    func nobody() async throws {
        let port = try await ScriptedServer.with(host: "127.0.0.2", answer: { _ in .status(200) }) { $0.port }
        await #expect(throws: WebhookFault.unreachable) {
            try await poster(port).send(message("http://127.0.0.2:\(port)/"))
        }
    }
}
