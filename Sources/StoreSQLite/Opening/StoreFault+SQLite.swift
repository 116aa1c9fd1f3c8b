import GRDB
import GatewayCore

extension StoreFault {
    /// What an error of SQLite or of decoding means to callers of the store.
    init(mapping error: any Error) {
        switch error {
        case let fault as StoreFault:
            self = fault
        case let error as DatabaseError:
            switch error.resultCode {
            case .SQLITE_CONSTRAINT:
                self.init(.conflict, detail: "a rule of the database refused the write", cause: error)
            case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
                self.init(.corrupt, detail: "the database file is damaged or no database", cause: error)
            case .SQLITE_FULL:
                self.init(.unavailable, detail: "the disk is full", cause: error)
            case .SQLITE_READONLY:
                self.init(.unavailable, detail: "the database is read-only", cause: error)
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                self.init(.unavailable, detail: "the database is locked by another program", cause: error)
            default:
                // SQLite's own message names tables and columns, never values.
                let code = error.extendedResultCode.rawValue
                let message = error.message ?? "no message"
                self.init(.unavailable, detail: "the database failed (SQLite code \(code), \(message))", cause: error)
            }
        case is RowDecodingError, is DecodingError, is UnreadableColumn:
            self.init(.corrupt, detail: "a stored row can't be read by this version", cause: error)
        default:
            self.init(.unavailable, detail: "the database failed", cause: error)
        }
    }
}

/// A stored value that this version gives no meaning to.
struct UnreadableColumn: Error {
    let name: String
}
