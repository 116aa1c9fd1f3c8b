import GatewayCore
import GatewayTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Packed bodies", .timeLimit(.minutes(10)))
struct CompressionTests {
    private struct Packed {
        var status: Int
        var headers: HTTPFields
        var body: ByteBuffer
    }

    private func send(
        _ gateway: Gateway, _ method: HTTPRequest.Method, _ uri: String, _ headers: HTTPFields, body: ByteBuffer? = nil
    ) async throws -> Packed {
        var headers = headers
        headers[.authorization] = "Bearer sandbox-demo"
        let fields = headers
        return try await gateway.application.test(.router) { client in
            try await client.execute(uri: uri, method: method, headers: fields, body: body) {
                Packed(status: $0.status.code, headers: $0.headers, body: $0.body)
            }
        }
    }

    private static func pack(_ plain: ByteBuffer) -> ByteBuffer { Gzip.compressed(plain) ?? ByteBuffer() }

    private func unpacked(_ bytes: ByteBuffer) throws -> String {
        let inflater = Inflater(mayBeRaw: false)
        inflater.feed(bytes)
        var text = ByteBuffer()
        while let piece = try inflater.next() { text.writeImmutableBuffer(piece) }
        #expect(inflater.isFinished)
        return String(buffer: text)
    }

    @Test("longer JSON is packed for clients that take it", arguments: ["/v1/models", "/v1/models?aliases=all"])
    func models(_ path: String) async throws {
        let gateway = Gateway()
        let plain = try await send(gateway, .get, path, [:])
        #expect(plain.headers[.contentEncoding] == nil)
        let packed = try await send(gateway, .get, path, [.acceptEncoding: "br, gzip;q=0.5"])
        #expect(packed.headers[.contentEncoding] == "gzip")
        #expect(packed.headers[.vary] == "accept-encoding")
        #expect(packed.headers[.contentLength] == "\(packed.body.readableBytes)")
        #expect(packed.body.readableBytes < plain.body.readableBytes)
        #expect(try unpacked(packed.body) == String(buffer: plain.body))
        let refused = try await send(gateway, .get, path, [.acceptEncoding: "gzip;q=0, identity"])
        #expect(refused.headers[.contentEncoding] == nil)
    }

    @Test("short answers and event streams stay as they are")
    func untouched() async throws {
        let gateway = Gateway()
        let headers: HTTPFields = [.acceptEncoding: "gzip", .contentType: "application/json"]
        #expect(try await send(gateway, .get, "/ready", headers).headers[.contentEncoding] == nil)
        let stream = try await send(
            gateway, .post, "/v1/chat/completions", headers,
            body: ByteBuffer(string: #"{"messages":[{"role":"user","content":"x"}],"stream":true}"#))
        #expect(stream.headers[.contentType]?.hasPrefix("text/event-stream") == true)
        #expect(stream.headers[.contentEncoding] == nil)
    }

    @Test("packed requests are read, JSON and forms")
    func requests() async throws {
        let gateway = Gateway()
        let json = ByteBuffer(string: #"{"prompt":"\#(String(repeating: "a lighthouse ", count: 100))"}"#)
        let answer = try await send(
            gateway, .post, "/v1/images/generations",
            [.contentType: "application/json", .contentEncoding: "gzip"], body: Self.pack(json))
        #expect(answer.status == 200)
        #expect(gateway.generations.requests.first?.task.prompt.hasPrefix("a lighthouse a") == true)
        var form = FormBody([("prompt", "p")])
        form.add(file: "images", "a.png", "IMAGE 8x8 " + String(repeating: "x", count: 200_000))
        var headers = form.headers
        headers[.contentEncoding] = "gzip"
        let files = try await send(
            gateway, .post, "/v1/images/compositions", headers,
            body: Self.pack(ByteBuffer(string: form.body)))
        #expect(files.status == 200)
        #expect(gateway.inputs.materials.first.map { $0.byteCount > 200_000 } == true)
    }

    @Test("what counts is the size of the unpacked body")
    func bomb() async throws {
        let gateway = Gateway {
            $0.bodyLimit = 100_000
            $0.multipartLimit = 100_000
        }
        let zeros = Self.pack(ByteBuffer(repeating: 0x20, count: 30_000_000))
        #expect(zeros.readableBytes < 100_000)
        let answer = try await send(
            gateway, .post, "/v1/images/generations",
            [.contentType: "application/json", .contentEncoding: "gzip"], body: zeros)
        #expect(answer.status == 413)
        var form = FormBody([("prompt", "p")])
        form.add(file: "images", "a.png", "IMAGE 8x8 " + String(repeating: "x", count: 1_000_000))
        var headers = form.headers
        headers[.contentEncoding] = "gzip"
        let files = try await send(
            gateway, .post, "/v1/images/compositions", headers,
            body: Self.pack(ByteBuffer(string: form.body)))
        #expect(files.status == 413)
        #expect(gateway.inputs.materials.isEmpty)
    }

    @Test("what is not packed as declared is refused", arguments: ["gzip", "deflate"])
    func malformed(_ coding: String) async throws {
        var short = Self.pack(ByteBuffer(string: String(repeating: "{}", count: 100)))
        short.moveWriterIndex(to: short.writerIndex - 4)
        for body in [ByteBuffer(string: #"{"prompt":"p"}"#), short] {
            let answer = try await send(
                Gateway(), .post, "/v1/images/generations",
                [.contentType: "application/json", .contentEncoding: coding], body: body)
            #expect(answer.status == 400)
        }
        let unknown = try await send(
            Gateway(), .post, "/v1/images/generations",
            [.contentType: "application/json", .contentEncoding: "br"], body: ByteBuffer(string: "x"))
        #expect(unknown.status == 415)
    }
}
