package import GatewayCore
package import Logging
package import NIOPosix

/// Input files in one folder, each under its id, mode 0600, until its job has ended. A file under such a name is whole;
/// one that is still written has the ending `.part`.
///
/// All work on files runs on `threads`. Memory per call is two chunks of 256 KiB and 64 KiB of the file's beginning,
/// whatever its size; the facts of videos and sounds are read from the disk in small pieces.
package struct InputSpool: InputStore {
    /// Files of no known job that are older than this have no writer and no reader any more.
    private static let abandonedAfter: Duration = .seconds(3600)
    private static let writeSize = 256 << 10

    private let folder: String
    private let disk: DiskThreads

    /// Touches no file. `folder` is created with the first input; `threads` must be running and outlive the spool.
    package init(folder: String, threads: NIOThreadPool, logger: Logger) {
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        disk = DiskThreads(pool: threads, logger: logger)
    }

    /// As ``InputStore/spool(_:limits:)``. A body of no supported format is given up after its first bytes, before
    /// anything is written; one over the limit of its kind with the chunk that crosses it.
    /// - Throws: ``InputFault``: `empty`, `unsupportedFormat`, `tooLarge`, `unavailable`; what reading `body` throws;
    ///   `CancellationError`. Nothing is left behind.
    package func spool(_ body: MediaBody, limits: InputLimits) async throws -> InputMaterial {
        let id = Self.newID()
        var writing: SpoolFile?
        do {
            var format: InputFormat?
            var gathered: [UInt8] = []
            for try await chunk in body {
                gathered += chunk
                if format == nil, gathered.count >= InputFormat.sniffLength { format = try Self.recognise(gathered) }
                guard let format else { continue }
                try Self.check(writing, adding: gathered.count, format, limits)
                guard gathered.count >= Self.writeSize else { continue }
                writing = try await append(gathered, to: writing, id)
                gathered.removeAll(keepingCapacity: true)
            }
            guard writing != nil || !gathered.isEmpty else { throw InputFault(.empty) }
            let known = try format ?? Self.recognise(gathered)
            try Self.check(writing, adding: gathered.count, known, limits)
            let file = try await append(gathered, to: writing, id)
            writing = file
            try Task.checkCancellation()
            // Whatever comes of it, the file is taken care of from here on.
            writing = nil
            return try await finish(file, id, known, limits)
        } catch {
            if let writing { await disk.discard(writing.file) }
            throw error
        }
    }

    package func read(_ input: InputMaterial) -> MediaBody {
        // A name of another form opens nothing, which is reported as a missing file.
        FileRange(path: path(of: input.id) ?? "", range: 0..<input.byteCount, threads: disk.pool)
    }

    /// A file that can't be removed is reported to the log and left to the sweep. Cancelling the caller stops nothing.
    package func remove(_ inputs: [InputMaterial]) async {
        let paths = inputs.compactMap { path(of: $0.id) }
        guard !paths.isEmpty else { return }
        do {
            try await disk.uncancelled {
                try await disk.run { for path in paths { try FileCalls.remove(path) } }
            }
        } catch {
            disk.logger.warning("input files are left to the next sweep", metadata: ["count": "\(paths.count)"])
        }
    }

    package func sweep(keeping kept: Set<String>, now: Timestamp) async {
        do {
            let removed = try await disk.sweep(folder, olderThan: Self.abandonedAfter, now: now) { kept.contains($0) }
            if removed > 0 { disk.logger.info("abandoned inputs removed", metadata: ["count": "\(removed)"]) }
        } catch {
            disk.logger.warning("the input folder can't be swept", metadata: ["error.type": "\(type(of: error))"])
        }
    }

    // MARK: - Names

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let prefix = "input_"

    private static func newID() -> String {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<21).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] }
        return prefix + String(decoding: random, as: UTF8.self)
    }

    /// Nil unless the id has the form that this spool gives, so that no text from outside becomes a path.
    private func path(of id: String) -> String? {
        guard id.hasPrefix(Self.prefix), id.utf8.count == Self.prefix.utf8.count + 21,
            id.utf8.dropFirst(Self.prefix.utf8.count).allSatisfy(Self.alphabet.contains)
        else { return nil }
        return folder + "/" + id
    }

    // MARK: - Steps of spooling

    private static func recognise(_ start: [UInt8]) throws(InputFault) -> InputFormat {
        guard let format = InputFormat(start) else { throw InputFault(.unsupportedFormat) }
        return format
    }

    private static func check(
        _ file: SpoolFile?, adding count: Int, _ format: InputFormat, _ limits: InputLimits
    ) throws(InputFault) {
        let limit = limits[format.kind]
        guard (file?.file.byteCount ?? 0) + Int64(count) <= limit else {
            throw InputFault(.tooLarge(format.kind, limit: limit))
        }
    }

    private func append(_ bytes: [UInt8], to file: SpoolFile?, _ id: String) async throws -> SpoolFile {
        try await onDisk {
            let isNew = file == nil
            var file = try file ?? SpoolFile(folder: folder, name: id + ".part")
            do throws(FileCallError) {
                try file.append(bytes)
            } catch {
                // The caller doesn't know the new file yet.
                if isNew { file.file.discard() }
                throw error
            }
            return file
        }
    }

    /// Reads the file's facts and gives it its name, or removes it.
    private func finish(
        _ file: SpoolFile, _ id: String, _ format: InputFormat, _ limits: InputLimits
    ) async throws -> InputMaterial {
        // A cancelled caller must not leave a file behind that nobody knows: this ends either way.
        try await disk.uncancelled {
            try await onDisk {
                let facts: InputFacts
                do {
                    facts = try self.facts(of: file, id, format)
                    // A film without pictures is a sound, which may be less long.
                    try Self.check(file, adding: 0, facts.format, limits)
                } catch {
                    file.file.discard()
                    throw error
                }
                try file.file.commit(to: folder + "/" + id, in: folder)
                return InputMaterial(
                    id: id, kind: facts.format.kind, byteCount: file.file.byteCount, sha256: file.file.sha256,
                    crc32: file.crc32, mimeType: facts.format.mimeType, fileExtension: facts.format.fileExtension,
                    width: facts.width, height: facts.height, durationMilliseconds: facts.durationMilliseconds)
            }
        }
    }

    private func facts(of file: SpoolFile, _ id: String, _ format: InputFormat) throws -> InputFacts {
        guard let descriptor = try FileCalls.openForReading(folder + "/" + id + ".part") else {
            throw InputFault(.unavailable)
        }
        defer { FileCalls.closeFile(descriptor) }
        var reader = PieceReader(byteCount: file.file.byteCount) { offset, count in
            try FileCalls.read(descriptor, at: offset, count: count)
        }
        guard let facts = InputFacts(format, start: file.file.prefix, reader: &reader) else {
            throw InputFault(.unsupportedFormat)
        }
        return facts
    }

    /// Runs blocking work on the disk threads; failed calls become ``InputFault``.
    private func onDisk<Output: Sendable>(_ body: @escaping @Sendable () throws -> Output) async throws -> Output {
        do {
            return try await disk.run(body)
        } catch is FileCallError {
            throw InputFault(.unavailable)
        }
    }
}
