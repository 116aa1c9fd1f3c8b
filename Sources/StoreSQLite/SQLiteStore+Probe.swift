import GRDB
package import GatewayCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension SQLiteStore: StoreProbe {
    /// Room that a disk which was full must have again, in bytes; a single page would be used up at once.
    private static let roomAfterFull: UInt64 = 1 << 20

    package func trouble(at now: Timestamp) async -> StoreFault? {
        guard case .tryOne = condition.advice(at: now) else { return condition.fault }
        if let full = condition.fault, full.isFullDisk, !hasRoom {
            _ = condition.tried()
            return full
        }
        do {
            // Writes the file's first page although its content stays the same.
            try await write { db in try db.execute(sql: "PRAGMA user_version = 0") }
        } catch  where condition.fault == nil {
            // Refused before it reached the database: the store is closed.
            _ = condition.tried()
            return error
        } catch {
            return condition.tried()
        }
        return condition.tried()
    }

    private var hasRoom: Bool {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return false }
        return UInt64(facts.f_bavail) * UInt64(facts.f_frsize) >= Self.roomAfterFull
    }
}

extension StoreFault {
    fileprivate var isFullDisk: Bool { (cause as? DatabaseError)?.resultCode == .SQLITE_FULL }
}
