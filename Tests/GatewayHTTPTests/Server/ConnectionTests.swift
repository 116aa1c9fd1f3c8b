import GatewayCore
import GatewayTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import GatewayHTTP

@Suite("Real connections", .timeLimit(.minutes(10)))
struct ConnectionTests {
    private func live(
        _ gateway: Gateway, _ body: @escaping @Sendable (inout RawConnection) async throws -> Void
    ) async throws {
        try await gateway.application.test(.live) { client in
            try await RawConnection.with(port: try #require(client.port)) { try await body(&$0) }
        }
    }

    private func slow(_ state: JobState) -> Gateway {
        Gateway(generations: { FakeGenerations(time: $0) { $0.state = state } })
    }

    private static func post(_ body: String = #"{"prompt":"p"}"#, headers: String = "") -> String {
        "POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sandbox-demo\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
    }

    @Test("a client that leaves before the submission takes its generation along")
    func leavesQueued() async throws {
        let gateway = slow(.queued)
        try await live(gateway) { connection in
            try await connection.send(Self.post())
            try await gateway.time.waitForSleepers()
        }
        var events = gateway.generations.events.makeAsyncIterator()
        #expect(await events.next() == .waitEnded(.sample(1)))
        #expect(await events.next() == .left(.sample(1)))
        #expect(await events.next() == .cancelled(.sample(1)))
    }

    @Test(
        "a client that leaves later, or means to come back, leaves its generation running",
        arguments: [
            (JobState.running, ""), (.queued, "Idempotency-Key: k\r\n"),
        ])
    func leavesRunning(_ state: JobState, _ headers: String) async throws {
        let gateway = slow(state)
        try await gateway.application.test(.live) { client in
            let port = try #require(client.port)
            try await RawConnection.with(port: port) { connection in
                try await connection.send(Self.post(headers: headers))
                try await gateway.time.waitForSleepers()
            }
            // The wait has ended although nothing moved the clock; the server serves on.
            var events = gateway.generations.events.makeAsyncIterator()
            #expect(await events.next() == .waitEnded(.sample(1)))
            try await RawConnection.with(port: port) { connection in
                try await connection.send("GET /ping HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n")
                #expect(try await connection.readToEnd().hasSuffix("pong"))
            }
        }
        #expect(gateway.generations.cancelled.isEmpty)
    }

    @Test("a connection stays usable after a request that waited")
    func reuse() async throws {
        let gateway = slow(.queued)
        try await live(gateway) { connection in
            try await connection.send(Self.post())
            try await gateway.time.waitForSleepers()
            gateway.generations.update { $0.finish() }
            #expect(try await connection.read(through: "\"notices\":[]}}").hasPrefix("HTTP/1.1 200 OK"))
            try await connection.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await connection.read(through: "pong").hasPrefix("HTTP/1.1 200 OK"))
        }
    }

    @Test("100 Continue is sent before the body is")
    func continues() async throws {
        try await live(Gateway()) { connection in
            let request = Self.post(headers: "Expect: 100-continue\r\n")
            let body = #"{"prompt":"p"}"#
            try await connection.send(String(request.dropLast(body.count)))
            #expect(try await connection.read(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await connection.send(body)
            #expect(try await connection.read(through: "\"notices\":[]}}").hasPrefix("HTTP/1.1 200 OK"))
        }
    }

    @Test("a body declared too large is refused by its head and never asked for")
    func refusedByHead() async throws {
        try await live(Gateway { $0.bodyLimit = 1024 }) { connection in
            try await connection.send(
                "POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sandbox-demo\r\n"
                    + "Content-Length: 10000000\r\nExpect: 100-continue\r\n\r\n")
            let answer = try await connection.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.contains("request_too_large"))
            #expect(!answer.contains("100 Continue"))
        }
    }

    @Test("a chunked body is refused as soon as it is too large")
    func refusedInTheMiddle() async throws {
        try await live(Gateway { $0.bodyLimit = 1024 }) { connection in
            try await connection.send(
                "POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sandbox-demo\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n")
            try await connection.send("800\r\n" + String(repeating: "x", count: 2048) + "\r\n")
            #expect(try await connection.readToEnd().hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test("HTTP/1.0 is closed unless it asks to stay")
    func oldHTTP() async throws {
        try await live(Gateway()) { connection in
            try await connection.send("GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            _ = try await connection.read(through: "pong")
            try await connection.send("GET /ping HTTP/1.0\r\n\r\n")
            #expect(try await connection.readToEnd().hasSuffix("pong"))
        }
    }

    @Test("a sign of life comes every 25 seconds while a JSON answer is waited for, and leaves its status free")
    func processing() async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.state = .running } }) {
            $0.sendsProcessing = true
        }
        try await live(gateway) { connection in
            try await connection.send(Self.post())
            for seconds in [25, 50] {
                try await gateway.time.waitForSleeper(until: .sample + .seconds(seconds))
                gateway.time.advance(to: .sample + .seconds(seconds))
                #expect(try await connection.read(through: "\r\n\r\n") == "HTTP/1.1 102 Processing\r\n\r\n")
            }
            try await gateway.time.waitForSleeper(until: .sample + .seconds(75))
            gateway.generations.update { $0.fail(.insufficientCredits) }
            let answer = try await connection.read(through: "\"upstream\":null}}")
            #expect(answer.hasPrefix("HTTP/1.1 429 "))
            // Nothing of it disturbs what follows on the connection.
            try await connection.send("GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let rest = try await connection.readToEnd()
            #expect(rest.hasPrefix("HTTP/1.1 200 OK\r\n") && rest.hasSuffix("pong"))
        }
    }

    @Test("no sign of life comes unless it is switched on, and none to HTTP/1.0", arguments: [false, true])
    func noProcessing(_ isOn: Bool) async throws {
        let gateway = Gateway(generations: { FakeGenerations(time: $0) { $0.state = .running } }) {
            $0.sendsProcessing = isOn
        }
        try await live(gateway) { connection in
            let request = Self.post()
            try await connection.send(isOn ? request.replacing("HTTP/1.1", with: "HTTP/1.0") : request)
            try await gateway.time.waitForSleepers()
            gateway.time.advance(by: .seconds(25))
            if isOn { try await gateway.time.waitForSleeper(until: .sample + .seconds(50)) }
            gateway.generations.update { $0.fail(.insufficientCredits) }
            let answer = try await connection.read(through: "\"upstream\":null}}")
            #expect(answer.contains(" 429 ") && !answer.contains("102 Processing"))
        }
    }

    @Test("what is no HTTP is answered once and closed")
    func garbage() async throws {
        try await live(Gateway()) { connection in
            try await connection.send("nonsense\r\n\r\n")
            #expect(try await connection.readToEnd().hasPrefix("HTTP/1.1 400 Bad Request"))
        }
    }

    @Test(
        "a stopping server lets go of those who wait and tells them where their generation is",
        arguments: [(#"{"prompt":"p"}"#, 504), (#"{"prompt":"p","stream":true}"#, 200)])
    func drains(_ body: String, _ status: Int) async throws {
        let gateway = slow(.running)
        let (ports, sink) = AsyncStream<Int>.makeStream()
        // The server stops as soon as somebody waits.
        async let served: Void = gateway.application.test(.live) { client in
            sink.yield(try #require(client.port))
            try await gateway.time.waitForSleepers()
            gateway.generations.drain()
        }
        let port = try #require(await ports.first { _ in true })
        let answer = try await RawConnection.with(port: port) { connection in
            try await connection.send(Self.post(body))
            return try await connection.read(through: "\"upstream\":null}}")
        }
        try await served
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        #expect(answer.contains("wait_timeout"))
    }
}
