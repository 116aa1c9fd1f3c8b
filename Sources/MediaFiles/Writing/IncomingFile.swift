import Crypto
import GatewayCore

/// A file being written under a temporary name, on disk threads, one call at a time. It either ends in ``commit(as:)`` or
/// in ``discard()``.
///
/// Not shared: each value belongs to the one `keep` that made it and is handed from call to call.
struct IncomingFile: Sendable {
    let path: String
    private let descriptor: Int32
    private var hash = SHA256()
    private(set) var prefix: [UInt8] = []
    private(set) var byteCount: Int64 = 0

    /// Creates the file, and its folder where it is missing.
    init(folder: String, name: String) throws(FileCallError) {
        path = folder + "/" + name
        do {
            descriptor = try FileCalls.create(path)
        } catch  where error.isMissingFolder {
            try FileCalls.makeFolder(folder)
            descriptor = try FileCalls.create(path)
        }
    }

    mutating func append(_ bytes: [UInt8]) throws(FileCallError) {
        try FileCalls.write(bytes, to: descriptor)
        hash.update(data: bytes)
        byteCount += Int64(bytes.count)
        if prefix.count < MediaType.prefixLength { prefix += bytes.prefix(MediaType.prefixLength - prefix.count) }
    }

    /// Lower-case hexadecimal SHA-256 of everything so far.
    var sha256: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in hash.finalize() {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Puts the file where it belongs, in one step, once all of it is on the disk. On failure it is removed.
    /// `instant` becomes the time of its last change.
    func commit(to target: String, in folder: String, changedAt instant: Timestamp? = nil) throws(FileCallError) {
        do {
            if let instant { _ = try FileCalls.setTime(of: path, to: instant) }
            try FileCalls.sync(descriptor)
            try FileCalls.makeFolder(folder)
            try FileCalls.move(path, to: target)
        } catch {
            discard()
            throw error
        }
        FileCalls.closeFile(descriptor)
        do {
            try FileCalls.syncFolder(folder)
        } catch {
            try FileCalls.remove(target)
            throw error
        }
    }

    /// Removes the file. What can't be removed is left to the sweep.
    func discard() {
        FileCalls.closeFile(descriptor)
        try? FileCalls.remove(path)
    }
}

extension FileCallError {
    fileprivate var isMissingFolder: Bool { code == FileCallError.missing }
}
