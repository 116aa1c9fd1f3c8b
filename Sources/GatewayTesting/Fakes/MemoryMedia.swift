package import GatewayCore
import Synchronization

/// Results in memory, with the laws of ``MediaStore``. Sizes in pixels are not read.
package final class MemoryMedia: MediaStore {
    private struct State {
        var files: [String: [UInt8]] = [:]
        var generator = SeededGenerator()
        var fault: MediaFault?
    }

    private let state = Mutex(State())
    private let vault = TestVault()

    package init() {}

    /// From now on every ``keep(_:limit:now:)`` throws this; nil = works again.
    package func fail(with fault: MediaFault?) {
        state.withLock { $0.fault = fault }
    }

    /// How many files are kept.
    package var count: Int { state.withLock { $0.files.count } }

    package func keep(_ body: MediaBody, limit: Int64, now: Timestamp) async throws -> StoredMedia {
        if let fault = state.withLock({ $0.fault }) { throw fault }
        var bytes: [UInt8] = []
        for try await chunk in body {
            bytes += chunk
            guard bytes.count <= limit else { throw MediaFault(.tooLarge) }
        }
        guard !bytes.isEmpty else { throw MediaFault(.empty) }
        let (fileExtension, mimeType) = Self.type(of: bytes)
        let id = state.withLock { state in
            let id = MediaID.random(createdAt: now, using: &state.generator)
            state.files["\(id).\(fileExtension)"] = bytes
            return id
        }
        return StoredMedia(
            id: id, fileExtension: fileExtension, mimeType: mimeType, byteCount: Int64(bytes.count),
            sha256: vault.digest(bytes), width: nil, height: nil, createdAt: now)
    }

    package func find(_ id: MediaID, fileExtension: String) async throws -> MediaFile? {
        guard let bytes = state.withLock({ $0.files["\(id).\(fileExtension)"] }) else { return nil }
        return MediaFile(
            id: id, fileExtension: fileExtension, mimeType: Self.type(of: bytes).mime, byteCount: Int64(bytes.count))
    }

    package func read(_ file: MediaFile, range: Range<Int64>) -> MediaBody {
        let bytes = state.withLock { $0.files["\(file.id).\(file.fileExtension)"] } ?? []
        let inside = range.clamped(to: 0..<Int64(bytes.count))
        return ByteChunks(Array(bytes[Int(inside.lowerBound)..<Int(inside.upperBound)]), chunkSize: 256 << 10)
    }

    package func remove(_ id: MediaID, fileExtension: String) async throws {
        state.withLock { $0.files["\(id).\(fileExtension)"] = nil }
    }

    private static func type(of bytes: [UInt8]) -> (fileExtension: String, mime: String) {
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            return ("webp", "image/webp")
        }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return ("png", "image/png") }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return ("jpg", "image/jpeg") }
        if bytes.starts(with: "GIF8".utf8) { return ("gif", "image/gif") }
        if bytes.dropFirst(4).starts(with: "ftyp".utf8) { return ("mp4", "video/mp4") }
        return ("bin", "application/octet-stream")
    }
}
