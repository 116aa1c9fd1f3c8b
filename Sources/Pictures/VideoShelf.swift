import Glibc
import Synchronization

/// Keeps drawn videos as files in a folder of its own, up to a number of bytes, the ones used last.
///
/// Its files begin with ``prefix``; what is left of them by an earlier process is removed when the shelf is opened. Reading
/// and writing blocks the calling thread for the moment that a file of a few megabytes takes.
final class VideoShelf: Sendable {
    static let prefix = "sandbox-video-"
    /// A file that is larger is not read, in bytes.
    static let fileLimit = 256 << 20

    private struct State {
        var isOpen = false
        var files: [String: (size: Int, lastUse: UInt64)] = [:]
        var total = 0
        var clock: UInt64 = 0
    }

    private let folder: String
    private let limit: Int
    private let state = Mutex(State())

    /// `limit` is in bytes.
    init(folder: String, limit: Int) {
        self.folder = folder
        self.limit = limit
    }

    /// Makes the folder at the first call. Throws ``PictureError/unavailable(_:)`` when that cannot be done.
    func open() throws(PictureError) {
        let isOpen = state.withLock { state in
            if state.isOpen { return true }
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST, let handle = opendir(folder) else { return false }
            defer { closedir(handle) }
            while let entry = readdir(handle) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name.hasPrefix(Self.prefix) { _ = unlink(folder + "/" + name) }
            }
            state.isOpen = true
            return true
        }
        guard isOpen else { throw .unavailable(.folder) }
    }

    /// The path of a file that belongs to a drawing.
    func path(_ name: String, _ ending: String) -> String { "\(folder)/\(Self.prefix)\(name).\(ending)" }

    /// A kept video; nil when there is none or it cannot be read any more.
    func take(_ name: String) -> [UInt8]? {
        let isKept = state.withLock { state in
            state.clock += 1
            state.files[name]?.lastUse = state.clock
            return state.files[name] != nil
        }
        guard isKept else { return nil }
        if let bytes = Self.read(path(name, "mp4")) { return bytes }
        forget(name)
        return nil
    }

    /// Takes over the finished file of a drawing and gives its bytes; nil when there is none. What is too large to be kept is
    /// given and removed.
    func put(_ name: String, from temporary: String) -> [UInt8]? {
        guard let bytes = Self.read(temporary), !bytes.isEmpty else { return nil }
        guard bytes.count <= limit / 4, rename(temporary, path(name, "mp4")) == 0 else {
            _ = unlink(temporary)
            return bytes
        }
        let removed = state.withLock { state -> [String] in
            state.clock += 1
            if let old = state.files.updateValue((bytes.count, state.clock), forKey: name) { state.total -= old.size }
            state.total += bytes.count
            var removed: [String] = []
            while state.total > limit, let oldest = state.files.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                state.files[oldest.key] = nil
                state.total -= oldest.value.size
                removed.append(oldest.key)
            }
            return removed
        }
        for name in removed { _ = unlink(path(name, "mp4")) }
        return bytes
    }

    /// Bytes kept now.
    var keptBytes: Int { state.withLock { $0.total } }

    private func forget(_ name: String) {
        state.withLock { state in
            if let old = state.files.removeValue(forKey: name) { state.total -= old.size }
        }
    }

    static func remove(_ path: String) { _ = unlink(path) }

    static func write(_ bytes: [UInt8], to path: String) -> Bool {
        guard let file = fopen(path, "wb") else { return false }
        let isWritten = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) } == bytes.count
        return fclose(file) == 0 && isWritten
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var status = stat()
        guard fstat(fileno(file), &status) == 0, status.st_size <= off_t(fileLimit) else { return nil }
        let count = Int(status.st_size)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = fread(buffer.baseAddress, 1, count, file)
        }
        return bytes.count == count ? bytes : nil
    }
}
