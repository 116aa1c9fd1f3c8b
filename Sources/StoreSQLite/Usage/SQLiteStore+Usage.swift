import GRDB
package import GatewayCore

extension SQLiteStore: UsageStore {
    package func uncheckedUsage() async throws(StoreFault) -> [AccountID: Timestamp] {
        try await read { db in
            let rows = try Row.fetchCursor(db.cachedStatement(sql: UsageSQL.uncheckedAccounts))
            var accounts: [AccountID: Timestamp] = [:]
            while let row = try rows.next() {
                accounts[AccountID(rawValue: try row.decode(atIndex: 0))] =
                    Timestamp(milliseconds: try row.decode(atIndex: 1))
            }
            return accounts
        }
    }

    package func uncheckedUsage(of account: AccountID, limit: Int) async throws(StoreFault) -> [UsageRecord] {
        try await lines(UsageSQL.unchecked, [account.rawValue, max(0, limit)])
    }

    package func usage(
        of account: AccountID, submittedSince instant: Timestamp, limit: Int
    ) async throws(StoreFault) -> [UsageRecord] {
        try await lines(UsageSQL.submittedSince, [account.rawValue, instant.milliseconds, max(0, limit)])
    }

    package func usage(of generation: GenerationID) async throws(StoreFault) -> UsageRecord? {
        try await lines(UsageSQL.byGeneration, [generation.rawValue]).first
    }

    package func settle(_ changes: [UsageChange]) async throws(StoreFault) {
        guard !changes.isEmpty else { return }
        try await writeTogether { db in
            for change in changes {
                guard let cost = change.cost else {
                    try db.cachedStatement(sql: UsageSQL.postpone)
                        .execute(arguments: [change.checkAt?.milliseconds, change.generation.rawValue])
                    continue
                }
                try db.cachedStatement(sql: UsageSQL.settle).execute(arguments: [
                    cost.state.rawValue, cost.charged, cost.refunded, cost.updatedAt.milliseconds,
                    change.checkAt?.milliseconds, change.generation.rawValue,
                ])
                guard db.changesCount == 1 else { continue }
                try db.cachedStatement(sql: UsageSQL.settleJob)
                    .execute(arguments: [try JSONColumn.text(cost), change.generation.rawValue])
            }
        }
    }

    package func spent(by owner: String, since instant: Timestamp) async throws(StoreFault) -> SpentCredits {
        try await read { db in
            let row = try Row.fetchOne(
                db.cachedStatement(sql: UsageSQL.spent), arguments: [owner, instant.milliseconds])
            guard let row else { return SpentCredits() }
            return SpentCredits(settled: try row.decode(atIndex: 0), reserved: try row.decode(atIndex: 1))
        }
    }

    package func usageSums(_ query: UsageQuery) async throws(StoreFault) -> [UsageSum] {
        try await read { db in
            let (sql, arguments) = UsageSQL.sums(query)
            let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
            var sums: [UsageSum] = []
            while let row = try rows.next() {
                let sum = try UsageSum(row: row)
                // Without groups there is one row even over nothing.
                if sum.generations > 0 { sums.append(sum) }
            }
            return sums
        }
    }

    package func learntPrices() async throws(StoreFault) -> [LearntPrice] {
        try await read { db in
            let rows = try Row.fetchCursor(db.cachedStatement(sql: UsageSQL.prices))
            var prices: [LearntPrice] = []
            while let row = try rows.next() {
                // A region that this version doesn't know has no prices here.
                guard let region = Region(rawValue: try row.decode(atIndex: 2)) else { continue }
                prices.append(
                    LearntPrice(
                        key: PriceKey(rawValue: try row.decode(atIndex: 1)),
                        account: AccountID(rawValue: try row.decode(atIndex: 0)),
                        market: PriceMarket(region: region, isSandbox: try row.decode(Int.self, atIndex: 3) != 0),
                        credits: try row.decode(atIndex: 4),
                        learntAt: Timestamp(milliseconds: try row.decode(atIndex: 5))))
            }
            return prices
        }
    }

    package func saveLearntPrices(_ prices: [LearntPrice]) async throws(StoreFault) {
        guard !prices.isEmpty else { return }
        try await writeTogether { db in
            for price in prices {
                try db.cachedStatement(sql: UsageSQL.putPrice).execute(arguments: [
                    price.account.rawValue, price.key.rawValue, price.market.region.rawValue,
                    price.market.isSandbox ? 1 : 0, price.credits, price.learntAt.milliseconds,
                ])
            }
            try db.cachedStatement(sql: UsageSQL.removeOldPrices).execute()
        }
    }

    private func lines(_ sql: String, _ arguments: StatementArguments) async throws(StoreFault) -> [UsageRecord] {
        try await read { db in
            let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
            var records: [UsageRecord] = []
            while let row = try rows.next() { records.append(try UsageRecord(row: row)) }
            return records
        }
    }
}

extension UsageSum {
    /// Reads the columns of ``UsageSQL/sums(_:)``.
    fileprivate init(row: Row) throws {
        self.init()
        day = try row.decode(atIndex: 0)
        model = try row.decode(atIndex: 1)
        kind = try row.decode(String?.self, atIndex: 2).flatMap(MediaKind.init(rawValue:))
        owner = try row.decode(atIndex: 3)
        account = try row.decode(String?.self, atIndex: 4).map(AccountID.init(rawValue:))
        generations = try row.decode(atIndex: 5)
        succeeded = try row.decode(atIndex: 6)
        failed = try row.decode(atIndex: 7)
        canceled = try row.decode(atIndex: 8)
        unsettled = try row.decode(atIndex: 9)
        reserved = try row.decode(atIndex: 10)
        unknown = try row.decode(atIndex: 11)
        charged = try row.decode(atIndex: 12)
        refunded = try row.decode(atIndex: 13)
    }
}
