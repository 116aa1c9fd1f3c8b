import Foundation
import GRDB
import GatewayCore

extension StoredAccount {
    /// Reads the columns of ``AccountSQL`` by position.
    /// - Throws: when a value has no meaning to this version.
    init(row: Row) throws {
        guard let region = Region(rawValue: try row.decode(atIndex: 1)) else {
            throw UnreadableColumn(name: "region")
        }
        var restriction: AccountRestriction?
        if let name = try row.decode(String?.self, atIndex: 7) {
            guard let reason = AccountRestriction.Reason(rawValue: name) else {
                throw UnreadableColumn(name: "restriction_reason")
            }
            restriction = AccountRestriction(
                reason: reason, until: Timestamp(milliseconds: try row.decode(atIndex: 8)))
        }
        self.init(
            id: AccountID(rawValue: try row.decode(atIndex: 0)), region: region,
            isSandbox: try row.decode(Int.self, atIndex: 2) != 0,
            sealedCredential: Array(try row.decode(Data.self, atIndex: 3)), preview: try row.decode(atIndex: 4),
            createdAt: Timestamp(milliseconds: try row.decode(atIndex: 5)),
            lastUsedAt: Timestamp(milliseconds: try row.decode(atIndex: 6)), restriction: restriction)
    }
}
