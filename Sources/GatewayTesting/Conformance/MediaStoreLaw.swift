package import GatewayCore
import Testing

/// One law of ``MediaStore`` that every implementation is held to:
///
/// ```swift
/// @Test("keeps the law", arguments: MediaStoreLaw.all)
/// func keeps(_ law: MediaStoreLaw) async throws { try await law.check(makeStore()) }
/// ```
package struct MediaStoreLaw: Sendable, CustomTestStringConvertible {
    package let name: String
    /// The store is empty at the beginning. Records an issue for every breach; throws when the store fails.
    package let check: @Sendable (any MediaStore) async throws -> Void

    private init(_ name: String, check: @escaping @Sendable (any MediaStore) async throws -> Void) {
        self.name = name
        self.check = check
    }

    package var testDescription: String { name }

    private static let now = Timestamp(milliseconds: 1_790_000_000_123)
    private static let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array(0..<200)

    /// Bytes of no known type: a block of prime length again and again, so that chunks of a round size differ.
    private static func noise(_ count: Int) -> [UInt8] {
        let block = (0..<min(count, 65_521)).map { UInt8(truncatingIfNeeded: ($0 &* 31) ^ ($0 >> 8)) }
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += block }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    package static let all = [
        MediaStoreLaw("a file that was kept is found with its type and length, and read whole") {
            (store) async throws in
            for (bytes, ending, type) in [
                (picture, "png", "image/png"), (noise(700_001), "bin", "application/octet-stream"), ([0], "bin", nil),
            ] {
                let media = try await store.keep(ByteChunks(bytes, chunkSize: 1000), limit: 1 << 30, now: now)
                #expect(media.fileExtension == ending)
                #expect(media.byteCount == Int64(bytes.count))
                #expect(media.createdAt == now)
                #expect(media.id == MediaID(sha256: media.sha256))
                let file = try #require(try await store.find(media.key))
                #expect(file.byteCount == Int64(bytes.count))
                #expect(file.mimeType == type ?? file.mimeType)
                #expect(media.mimeType == file.mimeType)
                #expect(try await ByteChunks.collect(store.read(file, range: 0..<file.byteCount)) == bytes)
            }
        },
        MediaStoreLaw("a file is opened with its type, length and bytes, one that is not there is not") {
            (store) async throws in
            let bytes = picture + Array(repeating: 7, count: 600_000)
            let media = try await store.keep(ByteChunks(bytes), limit: 1 << 20, now: now)
            let opened = try #require(try await store.open(media.key))
            #expect(try await store.find(media.key) == opened.file)
            #expect(try await ByteChunks.collect(opened.body) == bytes)
            // Who does not read it leaves nothing behind.
            #expect(try await store.open(media.key)?.file != nil)
            #expect(try await store.open(MediaKey(media.id, fileExtension: "webp"))?.file == nil)
            #expect(try await store.open(MediaKey(media.id, .thumbnail, fileExtension: "webp"))?.file == nil)
            #expect(try await store.open(MediaKey(MediaID(rawValue: "../x"), fileExtension: "png"))?.file == nil)
        },
        MediaStoreLaw("equal bytes have one name, and other bytes another") { (store) async throws in
            let first = try await store.keep(ByteChunks(picture), limit: 1000, now: now)
            let second = try await store.keep(ByteChunks(picture, chunkSize: 3), limit: 1000, now: now + .seconds(9))
            let third = try await store.keep(ByteChunks(picture + [1]), limit: 1000, now: now)
            #expect(first.key == second.key)
            #expect(second.createdAt == now + .seconds(9))
            #expect(third.id != first.id)
        },
        MediaStoreLaw("equal bytes kept at once are one whole file") { (store) async throws in
            let bytes = noise(600_000)
            let kept = try await withThrowingTaskGroup(of: StoredMedia.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await store.keep(ByteChunks(bytes), limit: 1 << 30, now: now) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(kept).count == 1)
            let file = try #require(try await store.find(kept[0].key))
            #expect(try await ByteChunks.collect(store.read(file, range: 0..<file.byteCount)) == bytes)
        },
        MediaStoreLaw("ranges are read exactly, in chunks of at most 256 KiB") { (store) async throws in
            let bytes = noise(1_000_000)
            let media = try await store.keep(ByteChunks(bytes), limit: 1 << 30, now: now)
            let file = try #require(try await store.find(media.key))
            for range: Range<Int64> in [
                0..<1_000_000, 0..<1, 999_999..<1_000_000, 262_143..<262_145, 5..<5, 900_000..<2_000_000,
            ] {
                var read: [UInt8] = []
                for try await chunk in store.read(file, range: range) {
                    #expect(chunk.count <= 256 << 10)
                    read += chunk
                }
                #expect(
                    read == Array(bytes[Int(range.lowerBound)..<min(1_000_000, Int(range.upperBound))]), "\(range)")
            }
        },
        MediaStoreLaw("a body over the limit, an empty one and one that breaks leave nothing") { (store) async throws in
            struct ConnectionLost: Error {}
            let bytes = noise(300_001)
            let large = await #expect(throws: MediaFault.self) {
                try await store.keep(ByteChunks(bytes), limit: 300_000, now: now)
            }
            #expect(large?.kind == .tooLarge)
            let empty = await #expect(throws: MediaFault.self) {
                try await store.keep(ByteChunks([]), limit: 1, now: now)
            }
            #expect(empty?.kind == .empty)
            await #expect(throws: ConnectionLost.self) {
                try await store.keep(ByteChunks(bytes, failure: ConnectionLost()), limit: 1 << 30, now: now)
            }
            // The name these bytes would have had.
            let whole = try await store.keep(ByteChunks(bytes), limit: 300_001, now: now)
            #expect(try await store.remove(whole.id, fileExtension: "bin", unlessKeptAfter: now))
            await #expect(throws: ConnectionLost.self) {
                try await store.keep(ByteChunks(bytes, failure: ConnectionLost()), limit: 1 << 30, now: now)
            }
            #expect(try await store.find(whole.key) == nil)
        },
        MediaStoreLaw("what is made from a file is found beside it, replaced, and goes with it") {
            (store) async throws in
            let media = try await store.keep(ByteChunks(picture), limit: 1000, now: now)
            let other = try await store.keep(ByteChunks(picture + [1]), limit: 1000, now: now)
            let keys = [
                MediaKey(media.id, .thumbnail, fileExtension: "webp"),
                MediaKey(media.id, .poster, fileExtension: "jpg"),
                MediaKey(media.id, .converted(quality: 90), fileExtension: "jpg"),
                MediaKey(other.id, .thumbnail, fileExtension: "webp"),
            ]
            for key in keys {
                #expect(try await store.find(key) == nil)
                try await store.keep([1], as: key)
                try await store.keep([1, 2, 3], as: key)
                let file = try #require(try await store.find(key))
                #expect(file.byteCount == 3)
                #expect(try await ByteChunks.collect(store.read(file, range: 1..<3)) == [2, 3])
            }
            #expect(try await store.remove(media.id, fileExtension: "png", unlessKeptAfter: now))
            for key in keys { #expect((try await store.find(key) != nil) == (key.id == other.id)) }
            #expect(try await store.find(media.key) == nil)
            #expect(try await store.find(other.key) != nil)
            // Made while the file was being removed.
            try await store.keep([1], as: keys[0])
            #expect(try await store.remove(media.id, fileExtension: "png", unlessKeptAfter: now))
            #expect(try await store.find(keys[0]) == nil)
        },
        MediaStoreLaw("a file that was kept again after the removal was decided stays") { (store) async throws in
            let media = try await store.keep(ByteChunks(picture), limit: 1000, now: now)
            try await store.keep([1], as: MediaKey(media.id, .thumbnail, fileExtension: "webp"))
            _ = try await store.keep(ByteChunks(picture), limit: 1000, now: now + .seconds(2))
            #expect(try await !store.remove(media.id, fileExtension: "png", unlessKeptAfter: now + .seconds(1)))
            let file = try #require(try await store.find(media.key))
            #expect(try await ByteChunks.collect(store.read(file, range: 0..<file.byteCount)) == picture)
            #expect(try await store.find(MediaKey(media.id, .thumbnail, fileExtension: "webp")) != nil)
            #expect(try await store.remove(media.id, fileExtension: "png", unlessKeptAfter: now + .seconds(2)))
            #expect(try await store.find(media.key) == nil)
        },
        MediaStoreLaw("removing what is not there is fine, and another ending is another file") {
            (store) async throws in
            let media = try await store.keep(ByteChunks(picture), limit: 1000, now: now)
            #expect(try await store.remove(media.id, fileExtension: "webp", unlessKeptAfter: now))
            #expect(try await store.find(media.key) != nil)
            for _ in 0..<2 { #expect(try await store.remove(media.id, fileExtension: "png", unlessKeptAfter: now)) }
            #expect(try await store.find(media.key) == nil)
        },
        MediaStoreLaw("a file that went away while it was read is an error, not a short answer") {
            (store) async throws in
            let media = try await store.keep(ByteChunks([1, 2, 3]), limit: 3, now: now)
            let file = try #require(try await store.find(media.key))
            #expect(try await store.remove(media.id, fileExtension: "bin", unlessKeptAfter: now))
            let gone = await #expect(throws: MediaFault.self) {
                try await ByteChunks.collect(store.read(file, range: 0..<3))
            }
            #expect(gone?.kind == .unavailable)
        },
        MediaStoreLaw("names that no store could have given are found nowhere and remove nothing") {
            (store) async throws in
            for (id, ending) in [
                ("../../../../etc/passwd", "bin"), ("", "bin"), ("media_", "png"),
                ("media_000000000000000000000000000000000000000g", "png"),
                ("media_0000000000000000000000000000000000000000/", "png"),
                ("media_0000000000000000000000000000000000000000", "../png"),
                ("media_0000000000000000000000000000000000000000", "part"),
                ("media_0000000000000000000000000000000000000000", "png?x"),
                ("media_éééééééééé0", "png"),
            ] {
                let id = MediaID(rawValue: id)
                #expect(try await store.find(MediaKey(id, fileExtension: ending)) == nil, "\(id).\(ending)")
                #expect(try await store.find(MediaKey(id, .thumbnail, fileExtension: ending)) == nil)
                #expect(try await store.remove(id, fileExtension: ending, unlessKeptAfter: now))
                await #expect(throws: (any Error).self) {
                    try await store.keep([1], as: MediaKey(id, .thumbnail, fileExtension: ending))
                }
            }
        },
    ]
}
