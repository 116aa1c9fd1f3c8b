package import GatewayCore
package import Logging
package import NIOPosix

/// Results in a folder of the file system (``MediaName`` says where). A file under such a name is always whole;
/// unfinished ones, and those on their way out, lie in `incoming/`, out of reach of ``find(_:)``. When a file was kept is
/// the time of its last change.
///
/// All work on files runs on `threads`, never on the caller's. Memory per call is one chunk, whatever the file's size.
package struct MediaFolder: MediaStore {
    private let root: String
    private let disk: DiskThreads
    private let spool: MediaSpool

    /// Touches no file. `root` is created when the first file is kept; `threads` must be running and outlive the store.
    package init(root: String, threads: NIOThreadPool, logger: Logger) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
        disk = DiskThreads(pool: threads, logger: logger)
        spool = MediaSpool(folder: self.root + "/incoming", disk: disk)
    }

    /// As ``MediaSpool/sweep(now:)``. To be called at start.
    @discardableResult
    package func sweep(now: Timestamp) async throws -> Int { try await spool.sweep(now: now) }

    /// As ``MediaStore/keep(_:limit:now:)``; the file and its name are on the disk when this returns.
    ///
    /// Throws ``MediaFault`` (`tooLarge`, `empty`, `unavailable`), what reading `body` throws, or `CancellationError`; the
    /// temporary file is gone then.
    package func keep(_ body: MediaBody, limit: Int64, now: Timestamp) async throws -> StoredMedia {
        let spooled = try await spool.take(body, limit: limit)
        let media = spooled.media(keptAt: now)
        guard let name = MediaName(media.key) else {
            await spool.discard(spooled)
            throw MediaFault(.unavailable)
        }
        // From here on a cancelled caller must not leave a file behind that nobody knows: it ends either way.
        try await disk.uncancelled {
            try await onDisk {
                let target = root + "/" + name.path
                // A file of another length under this name was damaged from outside: it is replaced.
                if let known = try FileCalls.look(at: target), known.byteCount == media.byteCount,
                    try FileCalls.setTime(of: target, to: now)
                {
                    spooled.file.discard()
                    return
                }
                try spooled.file.commit(to: target, in: root + "/" + name.folder, changedAt: now)
            }
        }
        return media
    }

    package func keep(_ bytes: [UInt8], as key: MediaKey) async throws {
        guard let name = MediaName(key), key.variant != .original else { throw MediaFault(.unavailable) }
        try await disk.uncancelled {
            try await onDisk {
                var file = try spool.newFile()
                do throws(FileCallError) {
                    try file.append(bytes)
                } catch {
                    file.discard()
                    throw error
                }
                try file.commit(to: root + "/" + name.path, in: root + "/" + name.madeFolder)
            }
        }
    }

    package func find(_ key: MediaKey) async throws -> MediaFile? {
        guard let name = MediaName(key), let type = MediaType(rawValue: key.fileExtension) else { return nil }
        let found = try await onDisk { try FileCalls.look(at: root + "/" + name.path) }
        return found.map { MediaFile(key: key, mimeType: type.mimeType, byteCount: $0.byteCount) }
    }

    package func read(_ file: MediaFile, range: Range<Int64>) -> MediaBody {
        guard let name = MediaName(file.key) else {
            return FileRange(path: "", range: 0..<0, threads: disk.pool)
        }
        return FileRange(
            path: root + "/" + name.path, range: range.clamped(to: 0..<file.byteCount), threads: disk.pool)
    }

    /// The file is first moved out of the way and then looked at: whoever keeps the same bytes meanwhile either has
    /// renewed it before, which shows, or finds nothing and puts a file of its own there.
    package func remove(
        _ id: MediaID, fileExtension: String, unlessKeptAfter instant: Timestamp
    ) async throws -> Bool {
        guard let name = MediaName(MediaKey(id, fileExtension: fileExtension)) else { return true }
        return try await disk.uncancelled {
            try await onDisk {
                let path = root + "/" + name.path
                guard try FileCalls.look(at: path) != nil else {
                    try FileCalls.removeFolder(root + "/" + name.madeFolder)
                    return true
                }
                let aside = try spool.newPath()
                guard try FileCalls.moveIfThere(path, to: aside) else { return true }
                if let file = try FileCalls.look(at: aside), file.changedAt > instant {
                    try FileCalls.move(aside, to: path)
                    return false
                }
                try FileCalls.remove(aside)
                try FileCalls.removeFolder(root + "/" + name.madeFolder)
                return true
            }
        }
    }

    package func localPath(of file: MediaFile) -> String? {
        MediaName(file.key).map { root + "/" + $0.path }
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
