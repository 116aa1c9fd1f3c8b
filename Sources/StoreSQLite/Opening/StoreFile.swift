import Foundation
import GRDB
package import GatewayCore

/// A database file that belongs to this process and was only looked at so far: what must be known of it before a
/// ``SQLiteStore`` brings it to the newest shape.
package final class StoreFile: Sendable {
    let path: String
    let lockPatience: Duration
    let lock: DataFolderLock

    /// Takes the file, and creates it empty with its folder when it is not there (only their owner may read them). No
    /// byte of an existing one is changed. It belongs to this value, then to the store made of it.
    /// `lockPatience`: how long to wait for another program that has locked the file.
    /// - Throws: ``StoreFault`` of kind `unavailable` when another process has the file open or the disk fails, `corrupt`
    ///   when it is no database or was written by a newer version.
    package init(path: String, lockPatience: Duration = .seconds(5)) throws(StoreFault) {
        self.path = path
        self.lockPatience = lockPatience
        lock = try DataFolderLock(database: path)
        guard try !read(StoreMigrations.migrator.hasBeenSuperseded) else {
            throw StoreFault(
                .corrupt, detail: "the database was written by a newer version of jimeng; start that version")
        }
    }

    /// A value of ``SQLiteStore/addSetting(_:_:)``; nil also in a file of a version that had no such values. Blocks.
    package func setting(_ name: String) throws(StoreFault) -> [UInt8]? {
        try read { db in
            guard try db.tableExists("setting") else { return nil }
            return try Data.fetchOne(db, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
                .map { [UInt8]($0) }
        }
    }

    /// Something that was sealed with the installation's key; nil when nothing is. Blocks.
    package func anySealedCredential() throws(StoreFault) -> [UInt8]? {
        try read { db in
            guard try db.tableExists("account") else { return nil }
            return try Data.fetchOne(db, sql: "SELECT sealed_credential FROM account LIMIT 1").map { [UInt8]($0) }
        }
    }

    private func read<Output>(_ body: (Database) throws -> Output) throws(StoreFault) -> Output {
        var configuration = Configuration()
        configuration.label = "jimeng.store.look"
        configuration.readonly = true
        configuration.busyMode = .timeout(lockPatience.inSeconds)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let output = try queue.read(body)
            try queue.close()
            return output
        } catch {
            throw StoreFault(mapping: error)
        }
    }
}
