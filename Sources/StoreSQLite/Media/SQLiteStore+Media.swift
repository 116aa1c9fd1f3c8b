import GRDB
package import GatewayCore

extension SQLiteStore: MediaIndex {
    package func mediaTotals() async throws(StoreFault) -> MediaTotals {
        try await read { db in
            guard let row = try Row.fetchOne(db, sql: MediaSQL.totals) else { return MediaTotals(files: 0, bytes: 0) }
            return MediaTotals(files: try row.decode(atIndex: 0), bytes: try row.decode(atIndex: 1))
        }
    }

    package func enterUnnamed(_ file: StoredMedia) async throws(StoreFault) {
        try await write { db in try Self.enter(file, in: db) }
    }

    package func condemnMedia(
        _ rule: MediaRule, at now: Timestamp
    ) async throws(StoreFault) -> [CondemnedMedia] {
        var rule = rule
        if case .abandoned(let instant, let limit) = rule {
            // The search goes through all files, which is no work for the only writer; it looks again at those found.
            let found = try await read { db in
                try String.fetchAll(db, sql: MediaSQL.abandoned, arguments: [instant.milliseconds, limit])
            }
            rule = .unused(found.map { MediaID(rawValue: $0) })
        }
        let chosen = rule
        return try await writeTogether { db in
            let files = try Self.files(by: chosen, at: now, in: db)
            for file in files { try Self.condemn(file, in: db) }
            return files
        }
    }

    package func condemnedMedia(limit: Int) async throws(StoreFault) -> [CondemnedMedia] {
        try await read { db in
            let rows = try Row.fetchCursor(db.cachedStatement(sql: MediaSQL.condemned), arguments: [max(0, limit)])
            var files: [CondemnedMedia] = []
            while let row = try rows.next() {
                files.append(try Self.file(row, at: Timestamp(milliseconds: row.decode(atIndex: 3))))
            }
            return files
        }
    }

    package func settleRemovals(of ids: [MediaID]) async throws(StoreFault) {
        try await writeTogether { db in
            for id in ids { try db.cachedStatement(sql: MediaSQL.settle).execute(arguments: [id.rawValue]) }
        }
    }

    package func addMadeBytes(_ count: Int64, to id: MediaID) async throws(StoreFault) {
        try await write { db in
            try db.cachedStatement(sql: MediaSQL.addMade).execute(arguments: [max(0, count), id.rawValue])
        }
    }

    package func setFavourite(_ isFavourite: Bool, media id: MediaID) async throws(StoreFault) -> Bool {
        try await write { db in
            try db.cachedStatement(sql: MediaSQL.setFavourite)
                .execute(arguments: [isFavourite ? 1 : 0, id.rawValue])
            return db.changesCount == 1
        }
    }

    // MARK: - Steps

    /// Enters the files of a job's outputs and who uses them; nil = nobody does any more.
    static func enterMedia(_ files: [StoredMedia], of generation: GenerationID?, in db: Database) throws {
        if let generation {
            try db.cachedStatement(sql: MediaSQL.dropUses).execute(arguments: [generation.rawValue])
        }
        for file in files {
            try enter(file, in: db)
            guard let generation else { continue }
            try db.cachedStatement(sql: MediaSQL.use).execute(arguments: [file.id.rawValue, generation.rawValue])
        }
    }

    private static func enter(_ file: StoredMedia, in db: Database) throws {
        try db.cachedStatement(sql: MediaSQL.enter).execute(arguments: [
            file.id.rawValue, file.fileExtension, file.byteCount, file.createdAt.milliseconds,
        ])
    }

    private static func files(by rule: MediaRule, at now: Timestamp, in db: Database) throws -> [CondemnedMedia] {
        switch rule {
        case .unused(let ids):
            return try Set(ids).sorted { $0.rawValue < $1.rawValue }.compactMap { id in
                try Row.fetchOne(db.cachedStatement(sql: MediaSQL.unused), arguments: [id.rawValue])
                    .map { try file($0, at: now) }
            }
        case .abandoned: return []
        case .old(let instant, let limit):
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: MediaSQL.old), arguments: [instant.milliseconds, max(0, limit)])
            return try rows.map { try file($0, at: now) }
        case .excess(let bytes, let instant, let limit):
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: MediaSQL.old), arguments: [instant.milliseconds, max(0, limit)])
            var files: [CondemnedMedia] = []
            var freed: Int64 = 0
            while freed < bytes, let row = try rows.next() {
                let file = try file(row, at: now)
                files.append(file)
                freed += file.byteCount
            }
            return files
        }
    }

    private static func file(_ row: Row, at instant: Timestamp) throws -> CondemnedMedia {
        CondemnedMedia(
            id: MediaID(rawValue: try row.decode(atIndex: 0)), fileExtension: try row.decode(atIndex: 1),
            byteCount: try row.decode(atIndex: 2), condemnedAt: instant)
    }

    private static func condemn(_ file: CondemnedMedia, in db: Database) throws {
        try db.cachedStatement(sql: MediaSQL.condemn)
            .execute(arguments: [file.condemnedAt.milliseconds, file.id.rawValue])
        let users = try String.fetchAll(db.cachedStatement(sql: MediaSQL.usersOf), arguments: [file.id.rawValue])
        for user in users {
            let text = try Row.fetchOne(db.cachedStatement(sql: MediaSQL.outputs), arguments: [user])?
                .decode(String?.self, atIndex: 0)
            guard let text else { continue }
            var outputs: [GenerationOutput] = try JSONColumn.value(text)
            outputs.forget(file.id, at: file.condemnedAt)
            try db.cachedStatement(sql: JobSQL.changeOutputs)
                .execute(arguments: [try JSONColumn.textUnlessEmpty(outputs), user])
        }
        try db.cachedStatement(sql: MediaSQL.dropUsesOf).execute(arguments: [file.id.rawValue])
    }
}
