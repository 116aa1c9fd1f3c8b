package import GatewayCore
package import Logging
package import NIOPosix

/// Where bodies become files before a store has them: their address is the checksum of all their bytes, and the facts of a
/// video may stand at its end.
package struct MediaSpool: Sendable {
    /// Temporary files older than this have no writer any more.
    private static let abandonedAfter: Duration = .seconds(3600)
    /// Chunks are gathered up to this size before they are written, so that small ones do not each cost a change of
    /// threads.
    private static let writeSize = 256 << 10

    private let folder: String
    private let disk: DiskThreads

    init(folder: String, disk: DiskThreads) {
        self.folder = folder
        self.disk = disk
    }

    /// `folder` is created with the first file; `threads` must be running and outlive the spool.
    package init(folder: String, threads: NIOThreadPool, logger: Logger) {
        self.init(folder: folder, disk: DiskThreads(pool: threads, logger: logger))
    }

    /// Removes temporary files that a crash left behind more than an hour before `now`.
    ///
    /// Returns how many were removed. A file that can't be removed is reported to the log and left.
    /// Throws ``MediaFault`` of kind `unavailable` when the folder can't be read.
    @discardableResult
    package func sweep(now: Timestamp) async throws -> Int {
        do {
            return try await disk.sweep(folder, olderThan: Self.abandonedAfter, now: now)
        } catch let error as FileCallError {
            throw MediaFault(.unavailable, cause: error)
        }
    }

    /// Writes a body to the end.
    ///
    /// Throws ``MediaFault`` (`tooLarge`, `empty`, `unavailable`), what reading `body` throws, or `CancellationError`; the
    /// temporary file is gone then. Otherwise the caller moves it or calls ``discard(_:)``.
    package func take(_ body: MediaBody, limit: Int64) async throws -> SpooledMedia {
        var file = try await onDisk { try newFile() }
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
            let whole = file
            let facts = try await onDisk { try Self.facts(of: whole) }
            return SpooledMedia(file: file, facts: facts)
        } catch {
            await disk.discard(file)
            throw error
        }
    }

    package func discard(_ media: SpooledMedia) async {
        await disk.discard(media.file)
    }

    /// The bytes of a range of a spooled file.
    package func read(_ media: SpooledMedia, range: Range<Int64>) -> MediaBody {
        FileRange(path: media.path, range: range.clamped(to: 0..<media.byteCount), threads: disk.pool)
    }

    // MARK: - Steps, on disk threads

    func newFile() throws(FileCallError) -> IncomingFile {
        try IncomingFile(folder: folder, name: Self.newName())
    }

    /// A name in the folder that nothing has yet.
    func newPath() throws(FileCallError) -> String {
        try FileCalls.makeFolder(folder)
        return folder + "/" + Self.newName()
    }

    private static func newName() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(generator.next() as UInt64, radix: 36) + String(generator.next() as UInt64, radix: 36) + ".part"
    }

    private static func facts(of file: IncomingFile) throws -> MediaFacts {
        guard let descriptor = try FileCalls.openForReading(file.path) else { throw MediaFault(.unavailable) }
        defer { FileCalls.closeFile(descriptor) }
        var reader = PieceReader(byteCount: file.byteCount) { offset, count in
            try FileCalls.read(descriptor, at: offset, count: count)
        }
        return MediaFacts(prefix: file.prefix, reader: &reader)
    }

    private func append(_ chunk: [UInt8], to file: IncomingFile) async throws -> IncomingFile {
        try await onDisk {
            var file = file
            try file.append(chunk)
            return file
        }
    }

    private func onDisk<Output: Sendable>(_ body: @escaping @Sendable () throws -> Output) async throws -> Output {
        do {
            return try await disk.run(body)
        } catch let error as FileCallError {
            throw MediaFault(.unavailable, cause: error)
        }
    }
}

/// A whole file that no store has yet.
package struct SpooledMedia: Sendable {
    let file: IncomingFile
    let facts: MediaFacts

    package var path: String { file.path }
    package var byteCount: Int64 { file.byteCount }

    /// What the file will be under its content address.
    package func media(keptAt now: Timestamp) -> StoredMedia {
        let sha256 = file.sha256
        return StoredMedia(
            id: MediaID(sha256: sha256), fileExtension: facts.type.rawValue, mimeType: facts.type.mimeType,
            byteCount: file.byteCount, sha256: sha256, width: facts.width, height: facts.height,
            durationMilliseconds: facts.durationMilliseconds, createdAt: now)
    }
}
