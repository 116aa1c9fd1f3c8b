import Foundation
import GatewayApp
import Hummingbird
import Logging
import NIOCore
import ServerConnections
import Testing
import WireJSON

@Suite("Webhooks, end to end", .timeLimit(.minutes(10)))
struct WebhookTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    struct Message: Sendable {
        var headers: [String: String]
        var body: [UInt8]

        var json: JSONValue { (try? JSONValue.parse(body)) ?? .null }
    }

    /// A server that takes webhooks, with the statuses of `answers` in turn and 204 afterwards.
    private func withReceiver(
        answers: [Int] = [],
        _ body: @escaping @Sendable (_ url: String, AsyncStream<Message>) async throws -> Void
    ) async throws {
        let (messages, input) = AsyncStream.makeStream(of: Message.self)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let (statuses, status) = AsyncStream.makeStream(of: Int.self)
        for answer in answers { status.yield(answer) }
        status.finish()
        let next = StatusFeed(statuses)
        let router = Router()
        router.post("/hook") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            var headers: [String: String] = [:]
            for field in request.headers { headers[field.name.canonicalName] = field.value }
            input.yield(Message(headers: headers, body: Array(body.readableBytesView)))
            return Response(status: .init(code: await next.next() ?? 204))
        }
        let application = Application(
            router: router, server: .steadyHTTP1(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "receiver") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            let bound = try #require(await iterator.next())
            try await body("http://127.0.0.1:\(bound)/hook?key=HIDDENKEY", messages)
            group.cancelAll()
            while let _ = await group.nextResult() {}
        }
    }

    /// Statuses one after the other, for handlers that run at the same time.
    private actor StatusFeed {
        private var iterator: AsyncStream<Int>.Iterator
        init(_ stream: AsyncStream<Int>) { iterator = stream.makeAsyncIterator() }
        func next() async -> Int? {
            var copy = iterator
            let value = await copy.next(isolation: self)
            iterator = copy
            return value
        }
    }

    private func isSigned(_ message: Message) throws -> Bool {
        let key = try #require(Data(base64Encoded: String(Self.secret.dropFirst("whsec_".count))))
        let id = try #require(message.headers["webhook-id"])
        let time = try #require(message.headers["webhook-timestamp"])
        let signed = Array("\(id).\(time).".utf8) + message.body
        // Checksums of this kind need no key of the installation.
        let mac = KeyVault(master: Array(repeating: 0, count: 32)).authenticate(signed, key: Array(key))
        return message.headers["webhook-signature"] == "v1," + Data(mac).base64EncodedString()
    }

    @Test("the signature is that of Standard Webhooks")
    func vector() throws {
        let body = Array(#"{"test": 2432232314}"#.utf8)
        let message = Message(
            headers: [
                "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
                "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ], body: body)
        #expect(try isSigned(message))
    }

    @Test("the end of a generation arrives, signed, with the generation as a look at it shows it")
    func arrives() async throws {
        let gateway = try TestGateway(flags: ["fetch.allow_private_networks": "true"])
        try await withReceiver { url, messages in
            try await gateway.run { client in
                let started = try await client.post(
                    "/v1/images/generations", token: "sandbox-demo",
                    [
                        "prompt": "a lighthouse", "async": true, "webhook_url": .string(url),
                        "webhook_secret": .string(Self.secret),
                    ])
                #expect(started.status == 202)
                let id = try #require(started.json["id"]?.string)
                var iterator = messages.makeAsyncIterator()
                let message = try #require(await iterator.next())
                #expect(try isSigned(message))
                #expect(message.json["type"] == "generation.succeeded")
                let shown = try await client.get("/v1/generations/\(id)", token: "sandbox-demo").json
                #expect(message.json["data"]?["id"] == shown["id"])
                #expect(message.json["data"]?["status"] == "succeeded")
                #expect(message.json["data"]?["data"]?[0]?["url"]?.string?.isEmpty == false)
            }
        }
        #expect(!gateway.logs.text.contains("HIDDENKEY"))
    }

    @Test("without leave, this machine gets nothing")
    func refused() async throws {
        let gateway = try TestGateway()
        try await withReceiver { url, messages in
            try await gateway.run { client in
                let started = try await client.post(
                    "/v1/images/generations", token: "sandbox-demo",
                    ["prompt": "a lighthouse", "async": true, "webhook_url": .string(url)])
                let id = try #require(started.json["id"]?.string)
                _ = try await client.end(of: id, token: "sandbox-demo")
                while !gateway.logs.text.contains("webhook given up") { await Task.yield() }
            }
        }
        #expect(gateway.logs.text.contains("address_not_allowed"))
    }

    @Test("the address of a webhook stands neither in the database nor in a log, even when it refuses")
    func hidden() async throws {
        let folder = NSTemporaryDirectory() + "jimeng-webhook-\(UUID().uuidString)"
        let flags = ["fetch.allow_private_networks": "true"]
        let first = try TestGateway(folder: folder, flags: flags)
        try await withReceiver(answers: [503]) { url, messages in
            var iterator = messages.makeAsyncIterator()
            try await first.run { client in
                let started = try await client.post(
                    "/v1/images/generations", token: "sandbox-demo",
                    ["prompt": "a lighthouse", "async": true, "webhook_url": .string(url)])
                let id = try #require(started.json["id"]?.string)
                _ = try await client.end(of: id, token: "sandbox-demo")
                while !first.logs.text.contains("will be tried again") { await Task.yield() }
            }
            #expect(await iterator.next()?.json["type"] == "generation.succeeded")
        }
        // The address stands sealed in the database, and not in plain text.
        for ending in ["", "-wal"] {
            let bytes = FileManager.default.contents(atPath: folder + "/jimeng.db" + ending) ?? Data()
            #expect(bytes.range(of: Data("HIDDENKEY".utf8)) == nil)
        }
        #expect(!first.logs.text.contains("HIDDENKEY"))
    }
}
