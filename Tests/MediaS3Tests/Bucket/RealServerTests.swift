import Foundation
import GatewayCore
import GatewayTesting
import MediaS3
import Testing

/// The bucket against a server that others wrote, which checks signatures and rights.
@Suite(
    .enabled(if: MotoServer.isInstalled, Comment(rawValue: MotoServer.missing)), .serialized,
    .timeLimit(.minutes(10)))
struct RealServerTests {
    enum Style: String, CaseIterable, Sendable {
        case path, host
    }

    private let now = Timestamp(milliseconds: 1_790_000_000_123)

    /// A part of the bucket that nobody else uses.
    private func run(
        _ style: Style, _ configure: (inout MediaBucket.Configuration) -> Void = { _ in },
        _ body: (MediaBucket) async throws -> Void
    ) async throws {
        let server = try await MotoServer.shared.value
        // In the second style the bucket is part of the host's name, which leads to the server here.
        let host = style == .path ? "127.0.0.1" : "s3.us-east-1.amazonaws.com"
        try await withBucket(at: "http://\(host):\(server.port)", isPathStyle: style == .path, keys: server.keys) {
            $0.prefix = UUID().uuidString + "/"
            $0.addresses = ["media.s3.us-east-1.amazonaws.com": "127.0.0.1"]
            configure(&$0)
        } _: { bucket, folder in
            try await body(bucket)
            #expect(leftovers(in: folder).isEmpty)
        }
    }

    @Test(arguments: MediaStoreLaw.all, Style.allCases)
    func `the bucket keeps the law`(_ law: MediaStoreLaw, _ style: Style) async throws {
        try await run(style) { try await law.check($0) }
    }

    @Test(arguments: Style.allCases)
    func `a large file goes in parts, and comes back whole and in ranges`(_ style: Style) async throws {
        let bytes = noise((6 << 20) + 5)
        try await run(style) {
            $0.partSize = 5 << 20
        } _: { bucket in
            _ = try await bucket.keep(ByteChunks(bytes), limit: 1 << 30, now: now)
            // Again one second later: renewed in place.
            let media = try await bucket.keep(ByteChunks(bytes), limit: 1 << 30, now: now + .seconds(1))
            let file = try #require(try await bucket.find(media.key))
            #expect(file.byteCount == Int64(bytes.count))
            #expect(try await ByteChunks.collect(bucket.read(file, range: 0..<file.byteCount)) == bytes)
            let part = try await ByteChunks.collect(bucket.read(file, range: 5_242_870..<5_242_890))
            #expect(part == Array(bytes[5_242_870..<5_242_890]))
            #expect(try await !bucket.remove(media.id, fileExtension: "bin", unlessKeptAfter: now))
            try await bucket.sweep(now: now)
            #expect(try await bucket.find(media.key) != nil)
        }
    }

    @Test func `a wrong key is a fault, and nothing is kept`() async throws {
        try await run(.path) {
            $0.keys.secretAccessKey = Secret("wrong")
        } _: { bucket in
            let fault = await #expect(throws: MediaFault.self) {
                try await bucket.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            }
            #expect(fault?.kind == .unavailable)
        }
    }
}
