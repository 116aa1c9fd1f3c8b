import Foundation
import GRDB
package import GatewayCore

/// Single values of the installation, read and written while the program starts. These calls block.
extension SQLiteStore {
    package func setting(_ name: String) throws(StoreFault) -> [UInt8]? {
        try blocking { pool in
            try pool.read { db in
                try Data.fetchOne(db, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
                    .map { [UInt8]($0) }
            }
        }
    }

    package func setSetting(_ name: String, to value: [UInt8]) throws(StoreFault) {
        try blocking { pool in
            try pool.write { db in
                try db.execute(
                    sql: "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", arguments: [name, Data(value)])
            }
        }
    }

    /// Something that was sealed with the installation's key; nil when nothing is.
    package func anySealedCredential() throws(StoreFault) -> [UInt8]? {
        try blocking { pool in
            try pool.read { db in
                try Data.fetchOne(db, sql: "SELECT sealed_credential FROM account LIMIT 1").map { [UInt8]($0) }
            }
        }
    }

    private func blocking<Output>(_ body: (DatabasePool) throws -> Output) throws(StoreFault) -> Output {
        do {
            return try body(pool)
        } catch {
            throw StoreFault(mapping: error)
        }
    }
}
