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
        guard let origin = Origin(rawValue: try row.decode(atIndex: 7)) else { throw UnreadableColumn(name: "origin") }
        self.init(
            id: AccountID(rawValue: try row.decode(atIndex: 0)), region: region,
            isSandbox: try row.decode(Int.self, atIndex: 2) != 0,
            sealedCredential: Array(try row.decode(Data.self, atIndex: 3)), preview: try row.decode(atIndex: 4),
            createdAt: Timestamp(milliseconds: try row.decode(atIndex: 5)),
            lastUsedAt: Timestamp(milliseconds: try row.decode(atIndex: 6)), origin: origin,
            labels: AccountLabels(
                label: try row.decode(atIndex: 8), tags: try JSONColumn.value(try row.decode(atIndex: 9)),
                note: try row.decode(atIndex: 10)),
            isEnabled: try row.decode(Int.self, atIndex: 11) != 0,
            health: try JSONColumn.value(try row.decode(atIndex: 12)),
            balance: try row.decode(String?.self, atIndex: 13).map { try JSONColumn.value($0) })
    }

    /// The values of a new row, in the order of ``AccountSQL/upsert``.
    var newRow: StatementArguments {
        get throws {
            [
                id.rawValue, region.rawValue, isSandbox ? 1 : 0, Data(sealedCredential), preview,
                createdAt.milliseconds, lastUsedAt.milliseconds, origin.rawValue, labels.label,
                try JSONColumn.text(labels.tags), labels.note, isEnabled ? 1 : 0, try JSONColumn.text(health),
                try balance.map { try JSONColumn.text($0) }, health.revision, balance?.readAt.milliseconds,
            ]
        }
    }
}
