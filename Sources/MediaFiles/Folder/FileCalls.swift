import GatewayCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A failed call of the operating system.
struct FileCallError: Error, CustomStringConvertible {
    /// The code that says that a file or one of its folders is not there.
    static let missing = ENOENT

    let call: String
    let code: Int32

    init(_ call: String) {
        self.call = call
        code = errno
    }

    var description: String { "\(call) failed with error \(code)" }
}

/// The calls that this store makes on files. All of them block: to be used on the pool of disk threads only.
enum FileCalls {
    /// Creates a folder (mode 0700) and its missing parents.
    static func makeFolder(_ path: String) throws(FileCallError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeFolder(String(path[..<slash]))
            if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        }
        throw FileCallError("mkdir")
    }

    /// Creates a file that must not exist yet, for its owner only.
    static func create(_ path: String) throws(FileCallError) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileCallError("open") }
        return descriptor
    }

    /// Opens a file for reading; nil when there is none.
    static func openForReading(_ path: String) throws(FileCallError) -> Int32? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor >= 0 { return descriptor }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw FileCallError("open")
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(FileCallError) {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                systemWrite(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
            }
            if written > 0 {
                offset += written
            } else if errno != EINTR {
                throw FileCallError("write")
            }
        }
    }

    /// Up to `count` bytes at `offset`; fewer only at the end of the file.
    static func read(_ descriptor: Int32, at offset: Int64, count: Int) throws(FileCallError) -> [UInt8] {
        var failure: FileCallError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + off_t(filled))
                if got > 0 {
                    filled += got
                } else if got == 0 {
                    return
                } else if errno != EINTR {
                    failure = FileCallError("pread")
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Size and time of the last change of an ordinary file; nil when there is none, or something else is there.
    static func look(at path: String) throws(FileCallError) -> (byteCount: Int64, changedAt: Timestamp)? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileCallError("lstat")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        let milliseconds = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        return (Int64(status.st_size), Timestamp(milliseconds: milliseconds))
    }

    /// Sets the time of the last change; false when there is no such file.
    static func setTime(of path: String, to instant: Timestamp) throws(FileCallError) -> Bool {
        let time = timespec(
            tv_sec: Int(instant.seconds), tv_nsec: Int(instant.milliseconds - instant.seconds * 1000) * 1_000_000)
        if utimensat(AT_FDCWD, path, [time, time], AT_SYMLINK_NOFOLLOW) == 0 { return true }
        if errno == ENOENT || errno == ENOTDIR { return false }
        throw FileCallError("utimensat")
    }

    static func sync(_ descriptor: Int32) throws(FileCallError) {
        guard fsync(descriptor) == 0 else { throw FileCallError("fsync") }
    }

    /// Makes new and changed names of a folder last.
    static func syncFolder(_ path: String) throws(FileCallError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileCallError("open") }
        defer { closeFile(descriptor) }
        try sync(descriptor)
    }

    static func move(_ path: String, to target: String) throws(FileCallError) {
        guard rename(path, target) == 0 else { throw FileCallError("rename") }
    }

    /// As ``move(_:to:)``; false when there is nothing to move.
    static func moveIfThere(_ path: String, to target: String) throws(FileCallError) -> Bool {
        if rename(path, target) == 0 { return true }
        if errno == ENOENT || errno == ENOTDIR { return false }
        throw FileCallError("rename")
    }

    /// Removes a folder of ordinary files; a missing one is fine.
    static func removeFolder(_ path: String) throws(FileCallError) {
        for name in try names(in: path) { try remove(path + "/" + name) }
        guard rmdir(path) == 0 || errno == ENOENT || errno == ENOTDIR else { throw FileCallError("rmdir") }
    }

    /// Removes a file; a missing one is fine.
    static func remove(_ path: String) throws(FileCallError) {
        guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else { throw FileCallError("unlink") }
    }

    static func closeFile(_ descriptor: Int32) {
        _ = close(descriptor)
    }

    /// The names in a folder; none when it does not exist.
    static func names(in folder: String) throws(FileCallError) -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT || errno == ENOTDIR { return [] }
            throw FileCallError("opendir")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
                String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

/// `write` of the C library, which ``FileCalls/write(_:to:)`` hides by its name.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
