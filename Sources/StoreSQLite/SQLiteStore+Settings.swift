import Foundation
import GRDB
package import GatewayCore

/// Single values of the installation, written while the program starts; ``StoreFile/setting(_:)`` reads them.
extension SQLiteStore {
    /// Leaves a value that is there already as it is. Blocks.
    package func addSetting(_ name: String, _ value: [UInt8]) throws(StoreFault) {
        do {
            try pool.write { db in
                try db.execute(
                    sql: "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                    arguments: [name, Data(value)])
            }
        } catch {
            throw StoreFault(mapping: error)
        }
    }
}
