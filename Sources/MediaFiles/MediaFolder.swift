package import GatewayCore
package import Logging
package import NIOPosix

/// Results in a folder of the file system: `yyyy/mm/<id>.<extension>` below the root, by the UTC month of each file's
/// creation. A file under such a name is always whole; unfinished ones lie in `incoming/`, out of reach of ``find(_:fileExtension:)``.
///
/// All work on files runs on `threads`, never on the caller's. Memory per call is one chunk, whatever the file's size.
package struct MediaFolder: MediaStore {
    /// Temporary files older than this have no writer any more.
    private static let abandonedAfter: Duration = .seconds(3600)
    /// Chunks are gathered up to this size before they are written, so that small ones do not each cost a change of
    /// threads.
    private static let writeSize = 256 << 10

    private let root: String
    private let disk: DiskThreads

    /// Touches no file. `root` is created when the first file is kept; `threads` must be running and outlive the store.
    package init(root: String, threads: NIOThreadPool, logger: Logger) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
        disk = DiskThreads(pool: threads, logger: logger)
    }

    private var incoming: String { root + "/incoming" }

    /// Removes temporary files that a crash left behind more than an hour before `now`. To be called at start.
    ///
    /// Returns how many were removed. A file that can't be removed is reported to the log and left.
    /// Throws ``MediaFault`` of kind `unavailable` when the folder can't be read.
    @discardableResult
    package func sweep(now: Timestamp) async throws -> Int {
        do {
            return try await disk.sweep(incoming, olderThan: Self.abandonedAfter, now: now)
        } catch let error as FileCallError {
            throw MediaFault(.unavailable, cause: error)
        }
    }

    /// As ``MediaStore/keep(_:limit:now:)``; the file and its name are on the disk when this returns.
    ///
    /// Throws ``MediaFault`` (`tooLarge`, `empty`, `unavailable`), what reading `body` throws, or `CancellationError`; the
    /// temporary file is gone then.
    package func keep(_ body: MediaBody, limit: Int64, now: Timestamp) async throws -> StoredMedia {
        var generator = SystemRandomNumberGenerator()
        let id = MediaID.random(createdAt: now, using: &generator)
        var file = try await onDisk { try IncomingFile(folder: incoming, name: id.rawValue + ".part") }
        do {
            var gathered: [UInt8] = []
            for try await chunk in body {
                guard file.byteCount + Int64(gathered.count) + Int64(chunk.count) <= limit else {
                    throw MediaFault(.tooLarge)
                }
                gathered += chunk
                guard gathered.count >= Self.writeSize else { continue }
                file = try await append(gathered, to: file)
                gathered.removeAll(keepingCapacity: true)
            }
            file = try await append(gathered, to: file)
            guard file.byteCount > 0 else { throw MediaFault(.empty) }
            try Task.checkCancellation()
        } catch {
            await disk.discard(file)
            throw error
        }
        return try await commit(file, as: id, now: now)
    }

    package func find(_ id: MediaID, fileExtension: String) async throws -> MediaFile? {
        guard let name = MediaName(id, fileExtension: fileExtension),
            let type = MediaType(rawValue: fileExtension)
        else { return nil }
        let found = try await onDisk { try FileCalls.look(at: root + "/" + name.path) }
        return found.map {
            MediaFile(id: id, fileExtension: fileExtension, mimeType: type.mimeType, byteCount: $0.byteCount)
        }
    }

    package func read(_ file: MediaFile, range: Range<Int64>) -> MediaBody {
        guard let name = MediaName(file.id, fileExtension: file.fileExtension) else {
            return FileRange(path: "", range: 0..<0, threads: disk.pool)
        }
        return FileRange(
            path: root + "/" + name.path, range: range.clamped(to: 0..<file.byteCount), threads: disk.pool)
    }

    package func remove(_ id: MediaID, fileExtension: String) async throws {
        guard let name = MediaName(id, fileExtension: fileExtension) else { return }
        try await onDisk { try FileCalls.remove(root + "/" + name.path) }
    }

    // MARK: - Steps of keeping

    private func append(_ chunk: [UInt8], to file: IncomingFile) async throws -> IncomingFile {
        try await onDisk {
            var file = file
            try file.append(chunk)
            return file
        }
    }

    private func commit(_ file: IncomingFile, as id: MediaID, now: Timestamp) async throws -> StoredMedia {
        let found = MediaType.recognise(file.prefix)
        guard let name = MediaName(id, fileExtension: found.type.rawValue) else {
            await disk.discard(file)
            throw MediaFault(.unavailable)
        }
        let media = StoredMedia(
            id: id, fileExtension: found.type.rawValue, mimeType: found.type.mimeType, byteCount: file.byteCount,
            sha256: file.sha256, width: found.width, height: found.height, createdAt: now)
        // From here on a cancelled caller must not leave a file behind that nobody knows: it ends either way.
        return try await disk.uncancelled {
            try await onDisk { try file.commit(to: root + "/" + name.path, in: root + "/" + name.folder) }
            return media
        }
    }

    /// Runs blocking work on the disk threads; failed calls become ``MediaFault``.
    private func onDisk<Output: Sendable>(_ body: @escaping @Sendable () throws -> Output) async throws -> Output {
        do {
            return try await disk.run(body)
        } catch let error as FileCallError {
            throw MediaFault(.unavailable, cause: error)
        }
    }
}
