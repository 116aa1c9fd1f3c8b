import Glibc
import Synchronization
import WireJSON

/// The file of JSON lines that remembers for the simulated site. A line is in the hands of the system, and so outlives a
/// process that is killed, before the call that wrote it returns; it is not forced onto the disk.
///
/// Reads and writes block their thread for as long as the disk takes: a line is a few kilobytes.
final class SandboxJournal: Sendable {
    /// A file that is longer is not read, in bytes.
    static let readLimit = 256 << 20
    /// A longer line is skipped, in bytes.
    static let lineLimit = 256 << 10
    /// From this length on the file is rewritten while the site runs, in bytes.
    private static let rewriteLength = 64 << 20

    private struct State {
        var descriptor: Int32 = -1
        var length = 0
        /// The length after the last rewriting.
        var baseLength = 0
        var hasComplained = false
    }

    private let path: String
    private let complain: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// `complain` is told once when the file cannot be read or written; the site goes on without it.
    init(path: String, complain: @escaping @Sendable (String) -> Void) {
        self.path = path
        self.complain = complain
    }

    deinit {
        state.withLock { state in
            if state.descriptor >= 0 { _ = Glibc.close(state.descriptor) }
        }
    }

    /// What the file tells, in its order. Lines that cannot be read are left out: the last one may have been cut off.
    func read() -> [JournalEvent] {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno != ENOENT { fail("open") }
            return []
        }
        defer { _ = Glibc.close(descriptor) }
        var events: [JournalEvent] = []
        var line: [UInt8] = []
        var total = 0
        var isTooLong = false
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while total < Self.readLimit {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            total += count
            for byte in buffer[..<count] {
                if byte == UInt8(ascii: "\n") {
                    if !isTooLong, let json = try? JSONValue.parse(line), let event = JournalEvent(json) {
                        events.append(event)
                    }
                    line.removeAll(keepingCapacity: true)
                    isTooLong = false
                } else if line.count < Self.lineLimit {
                    line.append(byte)
                } else {
                    isTooLong = true
                }
            }
        }
        return events
    }

    /// Adds lines.
    func append(_ events: [JournalEvent]) {
        let bytes = Self.lines(events)
        let isWritten = state.withLock { state in
            guard state.descriptor >= 0, Self.write(bytes, to: state.descriptor) else { return false }
            state.length += bytes.count
            return true
        }
        if !isWritten { fail("write") }
    }

    /// Puts these lines in the place of all there are; when that fails, what there is stays and is added to.
    func rewrite(_ events: [JournalEvent]) {
        let bytes = Self.lines(events)
        let temporary = path + ".new"
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
        let descriptor = Glibc.open(temporary, flags | O_TRUNC, 0o600)
        var isDone = false
        if descriptor >= 0 {
            isDone = Self.write(bytes, to: descriptor) && fsync(descriptor) == 0 && rename(temporary, path) == 0
            if !isDone {
                _ = Glibc.close(descriptor)
                _ = unlink(temporary)
            }
        }
        let isOpen = state.withLock { state in
            if isDone {
                if state.descriptor >= 0 { _ = Glibc.close(state.descriptor) }
                state.descriptor = descriptor
                state.length = bytes.count
            } else if state.descriptor < 0 {
                state.descriptor = Glibc.open(path, flags, 0o600)
                // The last line may have been cut off.
                if state.descriptor >= 0 { _ = Self.write([UInt8(ascii: "\n")], to: state.descriptor) }
            }
            // A failed rewriting is not tried again before as much has been added once more.
            state.baseLength = state.length
            return isDone
        }
        if !isOpen { fail("rewrite") }
    }

    /// Whether rewriting is due: the file is long, and mostly of lines added since the last time.
    var isTooLong: Bool {
        state.withLock { $0.length > Self.rewriteLength && $0.length > $0.baseLength * 3 }
    }

    private func fail(_ action: String) {
        let problem = "\(action): \(String(cString: strerror(errno)))"
        let isFirst = state.withLock { state in
            defer { state.hasComplained = true }
            return !state.hasComplained
        }
        if isFirst { complain(problem) }
    }

    private static func lines(_ events: [JournalEvent]) -> [UInt8] {
        var bytes: [UInt8] = []
        for event in events {
            event.json.write(into: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                written += count
            }
            return true
        }
    }
}
