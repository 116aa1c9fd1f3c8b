import GRDB
import GatewayCore

extension UsageRecord {
    /// Reads the columns of ``UsageSQL`` by position.
    /// - Throws: when a value has no meaning to this version.
    init(row: Row) throws {
        guard let kind = MediaKind(rawValue: try row.decode(atIndex: 2)) else { throw UnreadableColumn(name: "kind") }
        guard let stage = Stage(rawValue: try row.decode(atIndex: 13)) else { throw UnreadableColumn(name: "stage") }
        var region: Region?
        if let name = try row.decode(String?.self, atIndex: 8) {
            guard let known = Region(rawValue: name) else { throw UnreadableColumn(name: "region") }
            region = known
        }
        var outcome: JobState?
        if let name = try row.decode(String?.self, atIndex: 12) {
            guard let known = JobState(rawValue: name) else { throw UnreadableColumn(name: "outcome") }
            outcome = known
        }
        func time(_ index: Int) throws -> Timestamp? {
            try row.decode(Int64?.self, atIndex: index).map(Timestamp.init(milliseconds:))
        }
        self.init(
            generation: GenerationID(rawValue: try row.decode(atIndex: 0)), owner: try row.decode(atIndex: 1),
            kind: kind, model: try row.decode(atIndex: 3),
            priceKey: try row.decode(String?.self, atIndex: 4).map(PriceKey.init(rawValue:)),
            createdAt: Timestamp(milliseconds: try row.decode(atIndex: 5)), quoted: try row.decode(atIndex: 6),
            account: try row.decode(String?.self, atIndex: 7).map(AccountID.init(rawValue:)), region: region,
            submitID: try row.decode(String?.self, atIndex: 9).map(SubmitID.init(rawValue:)),
            submittedAt: try time(10), completedAt: try time(11), outcome: outcome, stage: stage,
            charged: try row.decode(atIndex: 14), refunded: try row.decode(atIndex: 15), settledAt: try time(16),
            checkAt: try time(17), reservation: try row.decode(atIndex: 18))
    }

    var openingArguments: StatementArguments {
        [
            generation.rawValue, owner, kind.rawValue, model, priceKey?.rawValue, createdAt.milliseconds, quoted,
            reservation,
        ]
    }

    var closingArguments: StatementArguments {
        [
            account?.rawValue, region?.rawValue, submitID?.rawValue, submittedAt?.milliseconds,
            completedAt?.milliseconds, outcome?.rawValue, stage.rawValue, settledAt?.milliseconds,
            checkAt?.milliseconds, generation.rawValue,
        ]
    }
}
