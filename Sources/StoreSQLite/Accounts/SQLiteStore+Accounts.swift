import Foundation
import GRDB
package import GatewayCore
import Logging

extension SQLiteStore: AccountStore {
    package func upsert(_ account: StoredAccount) async throws(StoreFault) {
        try await write { db in
            try db.cachedStatement(sql: AccountSQL.upsert).execute(arguments: [
                account.id.rawValue, account.region.rawValue, account.isSandbox ? 1 : 0,
                Data(account.sealedCredential), account.preview, account.createdAt.milliseconds,
                account.lastUsedAt.milliseconds, account.restriction?.reason.rawValue,
                account.restriction?.until.milliseconds,
            ])
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
        after cursor: AccountID?, limit: Int
    ) async throws(StoreFault) -> [StoredAccount] {
        try await read { [logger] db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: AccountSQL.after), arguments: [cursor?.rawValue ?? ""])
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

    package func setRestriction(
        _ restriction: AccountRestriction?, of id: AccountID
    ) async throws(StoreFault) {
        try await write { db in
            try db.cachedStatement(sql: AccountSQL.restrict).execute(arguments: [
                restriction?.reason.rawValue, restriction?.until.milliseconds, id.rawValue,
            ])
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
