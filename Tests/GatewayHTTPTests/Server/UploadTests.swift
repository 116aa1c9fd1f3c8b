import GatewayCore
import GatewayTesting
import Hummingbird
import HummingbirdTesting
import Testing

@testable import GatewayHTTP

@Suite("Files over real connections", .timeLimit(.minutes(10)))
struct UploadTests {
    private func live(
        _ gateway: Gateway, _ body: @escaping @Sendable (inout RawConnection) async throws -> Void
    ) async throws {
        try await gateway.application.test(.live) { client in
            try await RawConnection.with(port: try #require(client.port)) { try await body(&$0) }
        }
    }

    private static let prompt = "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\np\r\n"
    private static func file(_ number: Int) -> String {
        "--b\r\nContent-Disposition: form-data; name=\"images\"; filename=\"\(number).png\"\r\n\r\nIMAGE \(number)x1 "
    }

    private static func head(length: Int) -> String {
        "POST /v1/images/compositions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sandbox-demo\r\n"
            + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: \(length)\r\n\r\n"
    }

    @Test("files of 30 MB reach the disk in pieces, never whole")
    func streaming() async throws {
        let gateway = Gateway()
        let piece = String(repeating: "x", count: 1 << 20)
        let files = [Self.file(1), Self.file(2), Self.file(3)]
        let length =
            Self.prompt.utf8.count + files.reduce(0) { $0 + $1.utf8.count + 2 } + 30 * piece.utf8.count + 7
        try await live(gateway) { connection in
            try await connection.send(Self.head(length: length) + Self.prompt)
            for file in files {
                try await connection.send(file)
                for _ in 0..<10 { try await connection.send(piece) }
                try await connection.send("\r\n")
            }
            try await connection.send("--b--\r\n")
            let answer = try await connection.read(through: "\"notices\":[]}}")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
            #expect(answer.contains("\"input_images\":3"))
        }
        let materials = gateway.inputs.materials
        #expect(materials.map(\.width) == [1, 2, 3])
        #expect(materials.allSatisfy { $0.byteCount > 10 << 20 })
        #expect(gateway.inputs.longestChunk <= 1 << 20)
    }

    @Test("a client that breaks off leaves no file behind")
    func brokenOff() async throws {
        let gateway = Gateway()
        try await live(gateway) { connection in
            try await connection.send(
                Self.head(length: 1_000_000) + Self.prompt + Self.file(1) + "\r\n" + Self.file(2) + "half a file")
            // The first file is on the disk by now.
            while gateway.inputs.materials.isEmpty { await Task.yield() }
        }
        #expect(gateway.inputs.materials.isEmpty)
        #expect(gateway.generations.requests.isEmpty)
    }

    @Test("a file that is too large is refused before the rest of it was sent")
    func tooLarge() async throws {
        let gateway = Gateway { $0.inputLimits.image = 100_000 }
        try await live(gateway) { connection in
            try await connection.send(
                Self.head(length: 200 << 20) + Self.prompt + Self.file(1) + String(repeating: "x", count: 150_000))
            let answer = try await connection.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.contains("image_too_large"))
        }
        #expect(gateway.inputs.materials.isEmpty)
    }

    @Test("a form declared too large is refused by its head")
    func declared() async throws {
        try await live(Gateway()) { connection in
            try await connection.send(Self.head(length: 300 << 20))
            #expect(try await connection.readToEnd().hasPrefix("HTTP/1.1 413 "))
        }
    }
}
