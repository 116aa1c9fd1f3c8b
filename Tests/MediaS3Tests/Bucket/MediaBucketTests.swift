import BucketTesting
import GatewayCore
import GatewayTesting
import HTTPTypes
import MediaS3
import Testing

/// The bucket against a server that fails on request.
@Suite(.timeLimit(.minutes(10))) struct MediaBucketTests {
    private let now = Timestamp(milliseconds: 1_790_000_000_123)
    /// Of `noise(count)`: where it lies.
    private func path(_ media: StoredMedia) -> String {
        "sha256/\(media.sha256.prefix(2))/\(media.id).\(media.fileExtension)"
    }

    private func run(
        _ server: BucketServer, partSize: Int64 = 8 << 20, prefix: String = "",
        _ body: @escaping @Sendable (MediaBucket) async throws -> Void
    ) async throws {
        try await server.run { port in
            try await withBucket(at: "http://127.0.0.1:\(port)") {
                $0.partSize = partSize
                $0.prefix = prefix
            } _: { bucket, folder in
                try await body(bucket)
                #expect(leftovers(in: folder).isEmpty)
            }
        }
    }

    @Test(arguments: MediaStoreLaw.all)
    func `the bucket keeps the law`(_ law: MediaStoreLaw) async throws {
        try await run(BucketServer(), partSize: 100_000) { try await law.check($0) }
    }

    @Test func `names are those of the folder, behind the prefix`() async throws {
        let server = BucketServer()
        try await run(server, prefix: "results/") { bucket in
            let media = try await bucket.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            try await bucket.keep([9], as: MediaKey(media.id, .thumbnail, fileExtension: "webp"))
            let folder = "results/sha256/\(media.sha256.prefix(2))"
            #expect(
                Set(server.objects.keys) == ["\(folder)/\(media.id).bin", "\(folder)/\(media.id)/thumbnail.webp"])
            let object = try #require(server.objects["\(folder)/\(media.id).bin"])
            #expect(object.headers["content-type"] == "application/octet-stream")
            #expect(object.headers["x-amz-meta-kept-at"] == "1790000000123")
        }
    }

    @Test func `a large file goes in parts, in order, and comes back whole`() async throws {
        let server = BucketServer()
        let bytes = noise(1_050_000)
        try await run(server, partSize: 500_000) { bucket in
            let media = try await bucket.keep(ByteChunks(bytes), limit: 1 << 30, now: now)
            let path = path(media)
            #expect(server.objects[path]?.bytes == bytes)
            #expect(server.objects[path]?.headers["x-amz-meta-kept-at"] == "1790000000123")
            #expect(server.unfinishedUploads == 0)
            let parts = server.seen.count { $0 == "PUT \(path)?partNumber&uploadId" }
            #expect(parts == 3)
            // Again: known already, so only its time is renewed.
            _ = try await bucket.keep(ByteChunks(bytes), limit: 1 << 30, now: now + .seconds(1))
            #expect(server.seen.count { $0 == "PUT \(path)" } == 1)
            #expect(server.objects[path]?.headers["x-amz-meta-kept-at"] == "1790000001123")
            #expect(server.seen.count { $0 == "PUT \(path)?partNumber&uploadId" } == parts)
        }
    }

    @Test func `a part that is refused for now is sent again`() async throws {
        let server = BucketServer { seen, number in
            seen.query["partNumber"] == "2" && number < 3 ? .status(.serviceUnavailable, code: "SlowDown") : nil
        }
        try await run(server, partSize: 100) { bucket in
            let media = try await bucket.keep(ByteChunks(noise(250)), limit: 1000, now: now)
            #expect(server.objects[path(media)]?.bytes == noise(250))
        }
    }

    @Test func `an upload that can't be finished is taken back`() async throws {
        let server = BucketServer { seen, _ in
            seen.query["partNumber"] == "2" ? .status(.internalServerError, code: "InternalError") : nil
        }
        try await run(server, partSize: 100) { bucket in
            let fault = await #expect(throws: MediaFault.self) {
                try await bucket.keep(ByteChunks(noise(250)), limit: 1000, now: now)
            }
            #expect(fault?.kind == .unavailable)
            #expect(server.objects.isEmpty)
            #expect(server.unfinishedUploads == 0)
            #expect(server.seen.count { $0.contains("partNumber") } == 5)
            #expect(server.seen.last?.hasPrefix("DELETE ") == true)
        }
    }

    @Test func `a finish that fails behind its 200 is sent again`() async throws {
        let server = BucketServer { seen, number in
            seen.method == "POST" && seen.query["uploadId"] != nil && number == 1
                ? .lateError(code: "InternalError") : nil
        }
        try await run(server, partSize: 100) { bucket in
            let media = try await bucket.keep(ByteChunks(noise(250)), limit: 1000, now: now)
            #expect(server.objects[path(media)]?.bytes == noise(250))
        }
    }

    @Test func `a finish whose answer was lost counts when the object is there`() async throws {
        let server = BucketServer { seen, number in
            seen.method == "POST" && seen.query["uploadId"] != nil && number == 1 ? .answerLost : nil
        }
        try await run(server, partSize: 100) { bucket in
            let media = try await bucket.keep(ByteChunks(noise(250)), limit: 1000, now: now)
            #expect(server.objects[path(media)]?.bytes == noise(250))
            #expect(!server.seen.contains { $0.hasPrefix("DELETE") })
        }
    }

    @Test func `a cancelled upload is taken back`() async throws {
        let server = BucketServer { seen, _ in seen.query["partNumber"] == "2" ? .silence : nil }
        try await run(server, partSize: 100) { bucket in
            let task = Task { try await bucket.keep(ByteChunks(noise(250)), limit: 1000, now: now) }
            // It never ends.
            await server.wait { $0.query["partNumber"] == "2" }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(server.objects.isEmpty)
            #expect(server.unfinishedUploads == 0)
        }
    }

    @Test func `a file that can't be copied onto itself is written anew`() async throws {
        let server = BucketServer { seen, number in
            seen.method == "PUT" && number == 2 ? .status(.notImplemented, code: "NotImplemented") : nil
        }
        try await run(server) { bucket in
            let media = try await bucket.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            _ = try await bucket.keep(ByteChunks([1, 2, 3]), limit: 3, now: now + .seconds(1))
            #expect(server.seen.count { $0 == "PUT \(path(media))" } == 3)
            #expect(server.objects[path(media)]?.headers["x-amz-meta-kept-at"] == "1790000001123")
        }
    }

    @Test func `a broken download goes on where it ended`() async throws {
        let bytes = noise(700_000)
        let server = BucketServer { seen, number in
            guard seen.method == "GET" else { return nil }
            return number < 4 ? .cut(after: 100_001) : nil
        }
        try await run(server) { bucket in
            let media = try await bucket.keep(ByteChunks(bytes), limit: 1 << 30, now: now)
            let file = try #require(try await bucket.find(media.key))
            let read = try await ByteChunks.collect(bucket.read(file, range: 10..<file.byteCount))
            #expect(read == Array(bytes[10...]))
        }
    }

    @Test func `a file is opened with one request, and goes on where that ended`() async throws {
        let bytes = noise(700_000)
        let server = BucketServer { seen, number in seen.method == "GET" && number == 2 ? .cut(after: 100_001) : nil }
        try await run(server) { bucket in
            let media = try await bucket.keep(ByteChunks(bytes), limit: 1 << 30, now: now)
            let before = server.seen.count
            let whole = try #require(try await bucket.open(media.key))
            #expect(whole.file.byteCount == 700_000)
            #expect(try await ByteChunks.collect(whole.body) == bytes)
            #expect(server.seen.dropFirst(before) == ["GET \(path(media))"])
            let broken = try #require(try await bucket.open(media.key))
            #expect(try await ByteChunks.collect(broken.body) == bytes)
            let seen = Array(server.seen.dropFirst(before))
            #expect(seen == Array(repeating: "GET \(path(media))", count: 3))
            // Who iterates once more gets the bytes once more.
            #expect(try await ByteChunks.collect(broken.body) == bytes)
        }
    }

    @Test func `opening what is refused is a fault, and what is missing nothing`() async throws {
        let server = BucketServer { seen, _ in
            seen.key.hasSuffix("png") ? .status(.forbidden, code: "AccessDenied") : nil
        }
        try await run(server) { bucket in
            let id = MediaID(sha256: String(repeating: "0", count: 64))
            let fault = await #expect(throws: MediaFault.self) {
                try await bucket.open(MediaKey(id, fileExtension: "png"))
            }
            #expect(fault?.kind == .unavailable)
            let missing = try await bucket.open(MediaKey(id, fileExtension: "webp"))
            #expect(missing == nil)
            #expect(server.seen.count == 2)
        }
    }

    @Test func `a download that never comes further ends as a fault`() async throws {
        let server = BucketServer { seen, _ in seen.method == "GET" ? .cut(after: 0) : nil }
        try await run(server) { bucket in
            let media = try await bucket.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            let file = try #require(try await bucket.find(media.key))
            let fault = await #expect(throws: MediaFault.self) {
                try await ByteChunks.collect(bucket.read(file, range: 0..<3))
            }
            #expect(fault?.kind == .unavailable)
            #expect(server.seen.count { $0.hasPrefix("GET") } == 4)
        }
    }

    @Test func `a server that ignores ranges gives no wrong bytes`() async throws {
        let server = BucketServer { seen, _ in seen.method == "GET" ? .wholeObject : nil }
        try await run(server) { bucket in
            let media = try await bucket.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            let file = try #require(try await bucket.find(media.key))
            #expect(try await ByteChunks.collect(bucket.read(file, range: 0..<2)) == [1, 2])
            await #expect(throws: MediaFault.self) {
                try await ByteChunks.collect(bucket.read(file, range: 1..<3))
            }
        }
    }

    @Test func `a refusal for good is not repeated, and is a fault`() async throws {
        let server = BucketServer { _, _ in .status(.forbidden, code: "AccessDenied") }
        try await run(server) { bucket in
            let key = MediaKey(MediaID(sha256: String(repeating: "0", count: 64)), fileExtension: "png")
            let fault = await #expect(throws: MediaFault.self) { try await bucket.find(key) }
            #expect(fault?.kind == .unavailable)
            #expect(server.seen.count == 1)
        }
    }

    @Test func `whatever was made from a file goes with it, over several pages`() async throws {
        let server = BucketServer()
        try await run(server) { bucket in
            let media = try await bucket.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            for quality in 1...5 {
                try await bucket.keep([9], as: MediaKey(media.id, .converted(quality: quality), fileExtension: "jpg"))
            }
            #expect(try await bucket.remove(media.id, fileExtension: "bin", unlessKeptAfter: now))
            #expect(server.objects.isEmpty)
        }
    }

    @Test func `a file that other means brought here, without a time, can be read and removed`() async throws {
        let server = BucketServer()
        let id = MediaID(sha256: "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81")
        server.put([1, 2, 3], as: "sha256/03/\(id).bin")
        try await run(server) { bucket in
            let file = try #require(try await bucket.find(MediaKey(id, fileExtension: "bin")))
            #expect(try await ByteChunks.collect(bucket.read(file, range: 0..<3)) == [1, 2, 3])
            #expect(try await bucket.remove(id, fileExtension: "bin", unlessKeptAfter: now))
            #expect(server.objects.isEmpty)
        }
    }

    @Test func `the sweep takes back unfinished uploads older than a day, and only its own`() async throws {
        let server = BucketServer()
        let now = Timestamp(seconds: 1_795_305_599)
        server.leave(upload: "old", of: "sha256/00/a.png", begun: "2026-11-20T23:59:58.000Z")
        server.leave(upload: "young", of: "sha256/00/b.png", begun: "2026-11-21T00:00:00.000Z")
        server.leave(upload: "other", of: "backups/c", begun: "2020-01-01T00:00:00.000Z")
        try await run(server) { bucket in
            try await bucket.sweep(now: now)
            #expect(server.unfinishedUploads == 2)
            #expect(server.seen.last == "DELETE sha256/00/a.png?uploadId")
        }
    }
}
