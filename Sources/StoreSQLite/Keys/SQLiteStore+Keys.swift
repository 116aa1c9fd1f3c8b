import GRDB
package import GatewayCore
import Logging

extension SQLiteStore: KeyStore {
    package func insertKey(_ key: GatewayKey) async throws(StoreFault) {
        let rules = try Self.text(of: key.rules)
        try await write { db in
            let digests = key.digestArguments
            try db.cachedStatement(sql: KeySQL.insert).execute(
                arguments: [
                    key.id.rawValue, key.name, key.preview, key.digest, key.predecessor?.digest,
                    key.predecessor?.until.milliseconds, key.isEnabled ? 1 : 0, key.expiresAt?.milliseconds, rules,
                    key.createdAt.milliseconds, key.lastUsedAt?.milliseconds, key.revision,
                ] + digests + digests)
            guard db.changesCount == 1 else { throw StoreFault(.conflict, detail: "the key's secret is taken") }
        }
    }

    package func keys() async throws(StoreFault) -> [GatewayKey] {
        try await read { [logger] db in
            let rows = try Row.fetchCursor(db.cachedStatement(sql: KeySQL.all))
            var keys: [GatewayKey] = []
            while let row = try rows.next() {
                do {
                    keys.append(try GatewayKey(row: row))
                } catch {
                    let id = try? row.decode(String.self, atIndex: 0)
                    logger.error(
                        "a stored key can't be read and is left out",
                        metadata: ["key.id": "\(id ?? "unreadable")", "error.type": "\(type(of: error))"])
                }
            }
            return keys
        }
    }

    package func updateKey(_ key: GatewayKey) async throws(StoreFault) -> GatewayKey {
        let rules = try Self.text(of: key.rules)
        return try await write { db in
            let digests = key.digestArguments
            try db.cachedStatement(sql: KeySQL.update).execute(
                arguments: [
                    key.name, key.preview, key.digest, key.predecessor?.digest, key.predecessor?.until.milliseconds,
                    key.isEnabled ? 1 : 0, key.expiresAt?.milliseconds, rules, key.id.rawValue, key.revision,
                ] + digests + digests)
            guard db.changesCount == 1 else {
                throw StoreFault(.conflict, detail: "the key is gone, has changed, or its secret is taken")
            }
            guard let row = try Row.fetchOne(db.cachedStatement(sql: KeySQL.one), arguments: [key.id.rawValue]) else {
                throw StoreFault(.conflict, detail: "the key is gone")
            }
            return try GatewayKey(row: row)
        }
    }

    package func removeKey(_ id: KeyID) async throws(StoreFault) -> Bool {
        try await write { db in
            try db.cachedStatement(sql: KeySQL.remove).execute(arguments: [id.rawValue])
            return db.changesCount == 1
        }
    }

    package func saveKeyUses(_ uses: [KeyID: Timestamp]) async throws(StoreFault) {
        try await writeTogether { db in
            for (id, instant) in uses {
                try db.cachedStatement(sql: KeySQL.use).execute(arguments: [instant.milliseconds, id.rawValue])
            }
        }
    }

    private static func text(of rules: KeyRules) throws(StoreFault) -> String {
        do {
            return try JSONColumn.text(rules)
        } catch {
            throw StoreFault(.corrupt, detail: "a key's rules can't be written as JSON", cause: error)
        }
    }
}

extension GatewayKey {
    /// The digests that no other key may have; the first one twice when there is no second.
    fileprivate var digestArguments: StatementArguments { [digest, predecessor?.digest ?? digest] }

    /// Reads the columns of ``KeySQL`` by position.
    /// - Throws: when a value has no meaning to this version.
    init(row: Row) throws {
        var predecessor: Predecessor?
        if let digest = try row.decode(String?.self, atIndex: 4) {
            predecessor = Predecessor(digest: digest, until: Timestamp(milliseconds: try row.decode(atIndex: 5)))
        }
        self.init(
            id: KeyID(rawValue: try row.decode(atIndex: 0)), name: try row.decode(atIndex: 1),
            preview: try row.decode(atIndex: 2), digest: try row.decode(atIndex: 3), predecessor: predecessor,
            isEnabled: try row.decode(Int.self, atIndex: 6) != 0,
            expiresAt: try row.decode(Int64?.self, atIndex: 7).map(Timestamp.init(milliseconds:)),
            rules: try JSONColumn.value(row.decode(atIndex: 8)),
            createdAt: Timestamp(milliseconds: try row.decode(atIndex: 9)),
            lastUsedAt: try row.decode(Int64?.self, atIndex: 10).map(Timestamp.init(milliseconds:)),
            revision: try row.decode(atIndex: 11))
    }
}
