package import GatewayCore
import Synchronization

/// Results in memory, with the laws of ``MediaStore``. Sizes in pixels are not read.
package final class MemoryMedia: MediaStore {
    private struct State {
        var files: [MediaKey: (bytes: [UInt8], keptAt: Timestamp)] = [:]
        var fault: MediaFault?
        var findingFault: MediaFault?
    }

    private let state = Mutex(State())
    private let vault = TestVault()

    package init() {}

    /// From now on everything that keeps or removes throws this, and finding too when that is wished; nil = works again.
    package func fail(with fault: MediaFault?, alsoFinding: Bool = false) {
        state.withLock { state in
            state.fault = fault
            state.findingFault = alsoFinding ? fault : nil
        }
    }

    /// How many files are kept, with those made from others.
    package var count: Int { state.withLock { $0.files.count } }

    package var keys: Set<MediaKey> { state.withLock { Set($0.files.keys) } }

    package func keep(_ body: MediaBody, limit: Int64, now: Timestamp) async throws -> StoredMedia {
        if let fault = state.withLock({ $0.fault }) { throw fault }
        var bytes: [UInt8] = []
        for try await chunk in body {
            bytes += chunk
            guard bytes.count <= limit else { throw MediaFault(.tooLarge) }
        }
        try Task.checkCancellation()
        guard !bytes.isEmpty else { throw MediaFault(.empty) }
        let (fileExtension, mimeType) = Self.type(of: bytes)
        let sha256 = vault.digest(bytes)
        let media = StoredMedia(
            id: MediaID(sha256: sha256), fileExtension: fileExtension, mimeType: mimeType,
            byteCount: Int64(bytes.count), sha256: sha256, width: nil, height: nil, createdAt: now)
        let whole = bytes
        state.withLock { $0.files[media.key] = (whole, now) }
        return media
    }

    package func keep(_ bytes: [UInt8], as key: MediaKey) async throws {
        guard key.variant != .original, key.id.isWellFormed,
            ["webp", "png", "jpg", "gif", "mp4", "mov", "webm", "bin"].contains(key.fileExtension)
        else { throw MediaFault(.unavailable) }
        let fault = state.withLock { state in
            if state.fault == nil { state.files[key] = (bytes, Timestamp(milliseconds: 0)) }
            return state.fault
        }
        if let fault { throw fault }
    }

    package func find(_ key: MediaKey) async throws -> MediaFile? {
        let (found, fault) = state.withLock { ($0.files[key]?.bytes, $0.findingFault) }
        if let fault { throw fault }
        guard let bytes = found else { return nil }
        return MediaFile(key: key, mimeType: Self.type(of: bytes).mime, byteCount: Int64(bytes.count))
    }

    package func read(_ file: MediaFile, range: Range<Int64>) -> MediaBody {
        let bytes = state.withLock { $0.files[file.key]?.bytes }
        guard let bytes, Int64(bytes.count) == file.byteCount || range.upperBound <= Int64(bytes.count) else {
            return ByteChunks([], failure: MediaFault(.unavailable))
        }
        let inside = range.clamped(to: 0..<Int64(bytes.count))
        return ByteChunks(Array(bytes[Int(inside.lowerBound)..<Int(inside.upperBound)]), chunkSize: 256 << 10)
    }

    package func remove(
        _ id: MediaID, fileExtension: String, unlessKeptAfter instant: Timestamp
    ) async throws -> Bool {
        let result: Result<Bool, MediaFault> = state.withLock { state in
            if let fault = state.fault { return .failure(fault) }
            let key = MediaKey(id, fileExtension: fileExtension)
            if let file = state.files[key], file.keptAt > instant { return .success(false) }
            // Of another ending: another file.
            let isOther = state.files.keys.contains { $0.id == id && $0.variant == .original && $0 != key }
            if isOther { return .success(true) }
            state.files = state.files.filter { $0.key.id != id }
            return .success(true)
        }
        return try result.get()
    }

    package func localPath(of file: MediaFile) -> String? { nil }

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
