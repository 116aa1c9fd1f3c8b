import GatewayCore
import GatewayTesting
import Hummingbird
import HummingbirdTesting
import Testing

@testable import GatewayHTTP

@Suite("Chats over real connections", .timeLimit(.minutes(10)))
struct ChatConnectionTests {
    private static func post(stream: Bool) -> String {
        let body = #"{"messages":[{"role":"user","content":"a lighthouse"}],"stream":\#(stream)}"#
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sandbox-demo\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private func gateway(_ state: JobState) -> Gateway {
        Gateway(generations: { FakeGenerations(time: $0) { $0.state = state } })
    }

    @Test("what a stream tells is sent when it is told")
    func streams() async throws {
        let gateway = gateway(.running)
        try await gateway.application.test(.live) { client in
            try await RawConnection.with(port: try #require(client.port)) { connection in
                try await connection.send(Self.post(stream: true))
                let start = try await connection.read(through: "please wait...")
                #expect(start.lowercased().contains("content-type: text/event-stream; charset=utf-8"))
                try await gateway.time.waitForSleeper(until: .sample + .seconds(10))
                gateway.time.advance(by: .seconds(10))
                #expect(try await connection.read(through: ": keep-alive").hasSuffix(": keep-alive"))
                gateway.generations.update { $0.finish() }
                #expect(try await connection.read(through: "[DONE]").contains("![image]("))
            }
        }
    }

    @Test(
        "a client that leaves what the site has stops nothing, and finds its generation when it asks again",
        arguments: [(true, JobState.running), (false, .running), (false, .unknown)])
    func comesBack(_ stream: Bool, _ state: JobState) async throws {
        let gateway = gateway(state)
        try await gateway.application.test(.live) { client in
            let port = try #require(client.port)
            try await RawConnection.with(port: port) { connection in
                try await connection.send(Self.post(stream: stream))
                try await gateway.time.waitForSleepers()
            }
            var events = gateway.generations.events.makeAsyncIterator()
            while let event = await events.next(), event != .left(.sample(1)) {}
            try await RawConnection.with(port: port) { connection in
                try await connection.send(Self.post(stream: stream))
                await gateway.generations.waitForFollowers(2)
                gateway.generations.update { $0.finish() }
                _ = try await connection.read(through: "![image](")
            }
        }
        #expect(gateway.generations.jobs.count == 1)
        #expect(gateway.generations.cancelled.isEmpty)
    }

    @Test("a client that leaves before the submission takes its generation along", arguments: [true, false])
    func leavesQueued(_ stream: Bool) async throws {
        let gateway = gateway(.queued)
        try await gateway.application.test(.live) { client in
            let port = try #require(client.port)
            try await RawConnection.with(port: port) { connection in
                try await connection.send(Self.post(stream: stream))
                try await gateway.time.waitForSleepers()
            }
            var events = gateway.generations.events.makeAsyncIterator()
            while let event = await events.next(), event != .cancelled(.sample(1)) {}
            try await RawConnection.with(port: port) { connection in
                try await connection.send(Self.post(stream: stream))
                try await gateway.time.waitForSleepers()
                gateway.generations.update(.sample(2)) { $0.finish() }
                _ = try await connection.read(through: "![image](")
            }
        }
        #expect(gateway.generations.cancelled == [.sample(1)])
    }
}
