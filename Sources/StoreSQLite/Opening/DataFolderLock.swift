import GatewayCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The exclusive right to a database file, held by an advisory lock (`flock`) on `<database>.lock` until
/// ``release()`` or the end of this value. The kernel releases it when the process ends, however that happens. Child processes do not inherit it.
final class DataFolderLock: Sendable {
    /// Nil once released.
    private let descriptor: Mutex<Int32?>

    /// Creates what is missing: the folder (mode 0700), the lock file and an empty database file (mode 0600, which
    /// SQLite hands on to its journal files).
    /// - Throws: ``StoreFault`` of kind `unavailable`, also when another process holds the lock.
    init(database path: String) throws(StoreFault) {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try Self.makeFolder(String(path[..<slash]))
        }
        let descriptor = try Self.openFile(path + ".lock")
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK {
                throw StoreFault(.unavailable, detail: "another jimeng uses this data folder")
            }
            throw StoreFault(.unavailable, detail: "the data folder can't be locked (error \(code))")
        }
        self.descriptor = Mutex(descriptor)
        close(try Self.openFile(path))
    }

    deinit {
        release()
    }

    /// Gives the right back. A second call does nothing.
    func release() {
        let descriptor = descriptor.withLock { held in
            defer { held = nil }
            return held
        }
        guard let descriptor else { return }
        // A child that was just forked and has not become its program yet has a copy of the descriptor, so closing it
        // here would not be enough.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func openFile(_ path: String) throws(StoreFault) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            switch errno {
            case EROFS: throw StoreFault(.unavailable, detail: "the data folder is read-only")
            case EACCES, EPERM:
                throw StoreFault(.unavailable, detail: "this user may not write to the data folder")
            case ENOSPC, EDQUOT: throw StoreFault(.unavailable, detail: "the disk is full")
            case let code:
                throw StoreFault(.unavailable, detail: "a file of the data folder can't be opened (error \(code))")
            }
        }
        return descriptor
    }

    /// Creates a folder and its missing parents.
    private static func makeFolder(_ path: String) throws(StoreFault) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeFolder(String(path[..<slash]))
            if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        }
        throw StoreFault(.unavailable, detail: "the data folder can't be created (error \(errno))")
    }
}
