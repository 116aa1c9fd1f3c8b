import Foundation
import GRDB
package import GatewayCore
import Logging

extension SQLiteStore: AccountStore {
    package func upsert(_ account: StoredAccount) async throws(StoreFault) -> StoredAccount {
        try await write { db in
            let row = try Row.fetchOne(db.cachedStatement(sql: AccountSQL.upsert), arguments: account.newRow)
            guard let row else { throw StoreFault(.unavailable, detail: "the database returned no account") }
            return try StoredAccount(row: row)
        }
    }

    package func addToPool(_ account: StoredAccount) async throws(StoreFault) -> StoredAccount? {
        try await write { db in
            try Row.fetchOne(db.cachedStatement(sql: AccountSQL.addToPool), arguments: account.newRow)
                .map(StoredAccount.init(row:))
        }
    }

    package func edit(_ id: AccountID, _ changes: StoredAccountChanges) async throws(StoreFault) -> StoredAccount? {
        try await write { db in
            let arguments: StatementArguments = [
                changes.labels?.label, try changes.labels.map { try JSONColumn.text($0.tags) }, changes.labels?.note,
                changes.isEnabled.map { $0 ? 1 : 0 }, changes.sealedCredential.map { Data($0) }, id.rawValue,
            ]
            return try Row.fetchOne(db.cachedStatement(sql: AccountSQL.edit), arguments: arguments)
                .map(StoredAccount.init(row:))
        }
    }

    package func account(_ id: AccountID) async throws(StoreFault) -> StoredAccount? {
        try await read { db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: AccountSQL.byID), arguments: [id.rawValue])
            return try rows.next().map(StoredAccount.init(row:))
        }
    }

    package func accounts(
        _ origin: StoredAccount.Origin?, after cursor: AccountID?, limit: Int
    ) async throws(StoreFault) -> [StoredAccount] {
        try await read { [logger] db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: AccountSQL.after), arguments: [cursor?.rawValue ?? "", origin?.rawValue])
            var accounts: [StoredAccount] = []
            while accounts.count < limit, let row = try rows.next() {
                do {
                    accounts.append(try StoredAccount(row: row))
                } catch {
                    let id = try? row.decode(String.self, atIndex: 0)
                    logger.error(
                        "a stored account can't be read and is left out",
                        metadata: ["account.id": "\(id ?? "unreadable")", "error.type": "\(type(of: error))"])
                }
            }
            return accounts
        }
    }

    package func saveHealth(_ health: AccountHealth, of id: AccountID) async throws(StoreFault) {
        try await write { db in
            try db.cachedStatement(sql: AccountSQL.saveHealth).execute(arguments: [
                try JSONColumn.text(health), health.revision, id.rawValue, health.revision,
            ])
        }
    }

    package func saveBalance(_ reading: BalanceReading, of id: AccountID) async throws(StoreFault) {
        try await write { db in
            let time = reading.readAt.milliseconds
            try db.cachedStatement(sql: AccountSQL.saveBalance).execute(arguments: [
                try JSONColumn.text(reading), time, id.rawValue, time, time,
            ])
        }
    }

    package func removeAccount(_ id: AccountID) async throws(StoreFault) -> Bool {
        try await writeTogether { db in
            let underWay = try Int.fetchOne(db.cachedStatement(sql: AccountSQL.jobsUnderWay), arguments: [id.rawValue])
            guard underWay == 0 else { throw StoreFault(.conflict, detail: "the account has jobs under way") }
            try db.cachedStatement(sql: AccountSQL.removeUploads).execute(arguments: [id.rawValue])
            try db.cachedStatement(sql: AccountSQL.removeLease).execute(arguments: [id.rawValue])
            try db.cachedStatement(sql: AccountSQL.remove).execute(arguments: [id.rawValue])
            return db.changesCount == 1
        }
    }

    package func removeIdleAccounts(lastUsedBefore instant: Timestamp) async throws(StoreFault) -> Int {
        try await write { db in
            try db.execute(sql: AccountSQL.removeIdle, arguments: [instant.milliseconds])
            return db.changesCount
        }
    }

    // MARK: - Uploads

    package func uploadedMaterial(
        sha256: String, of account: AccountID, now: Timestamp
    ) async throws(StoreFault) -> UploadedMaterial? {
        try await read { db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: AccountSQL.upload), arguments: [account.rawValue, sha256, now.milliseconds])
            return try rows.next().map { row in
                UploadedMaterial(
                    uri: try row.decode(atIndex: 0), width: try row.decode(atIndex: 1),
                    height: try row.decode(atIndex: 2), durationMilliseconds: try row.decode(atIndex: 3))
            }
        }
    }

    package func saveUploaded(
        _ material: UploadedMaterial, sha256: String, of account: AccountID, now: Timestamp, until expiry: Timestamp
    ) async throws(StoreFault) {
        try await write { db in
            try db.cachedStatement(sql: AccountSQL.removeExpiredUploads)
                .execute(arguments: [account.rawValue, now.milliseconds])
            try db.cachedStatement(sql: AccountSQL.putUpload).execute(arguments: [
                account.rawValue, sha256, material.uri, material.width, material.height,
                material.durationMilliseconds, expiry.milliseconds,
            ])
        }
    }

    // MARK: - Leases

    package func acquireLease(
        of account: AccountID, holder: String, now: Timestamp, until expiry: Timestamp
    ) async throws(StoreFault) -> LeaseToken? {
        try await write { db in
            let held = try Row.fetchOne(db.cachedStatement(sql: AccountSQL.lease), arguments: [account.rawValue])
            if let held {
                if try held.decode(String.self, atIndex: 1) == holder {
                    let number: Int64 = try held.decode(atIndex: 0)
                    try db.cachedStatement(sql: AccountSQL.renewLease)
                        .execute(arguments: [expiry.milliseconds, account.rawValue, number])
                    return LeaseToken(account: account, number: number)
                }
                if try held.decode(Int64.self, atIndex: 2) > now.milliseconds { return nil }
            }
            var token: LeaseToken?
            try db.inSavepoint {
                let number = try Int64.fetchOne(db.cachedStatement(sql: AccountSQL.nextLeaseNumber))
                guard let number else { throw UnreadableColumn(name: "lease_counter.last_number") }
                try db.cachedStatement(sql: AccountSQL.putLease)
                    .execute(arguments: [account.rawValue, number, holder, expiry.milliseconds])
                token = LeaseToken(account: account, number: number)
                return .commit
            }
            return token
        }
    }

    package func renewLease(_ token: LeaseToken, until expiry: Timestamp) async throws(StoreFault) -> Bool {
        try await write { db in
            try db.cachedStatement(sql: AccountSQL.renewLease)
                .execute(arguments: [expiry.milliseconds, token.account.rawValue, token.number])
            return db.changesCount == 1
        }
    }

    package func releaseLease(_ token: LeaseToken) async throws(StoreFault) {
        try await write { db in
            try db.cachedStatement(sql: AccountSQL.releaseLease)
                .execute(arguments: [token.account.rawValue, token.number])
        }
    }
}
