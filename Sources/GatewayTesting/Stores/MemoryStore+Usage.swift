package import GatewayCore

extension MemoryStore: UsageStore {
    package func uncheckedUsage() async throws(StoreFault) -> [AccountID: Timestamp] {
        try access { state in
            state.usage.values.reduce(into: [:]) { accounts, line in
                guard let account = line.account, let check = line.checkAt else { return }
                accounts[account] = min(accounts[account] ?? check, check)
            }
        }
    }

    package func uncheckedUsage(of account: AccountID, limit: Int) async throws(StoreFault) -> [UsageRecord] {
        try access { state in
            let lines = state.usage.values.filter { $0.account == account && $0.checkAt != nil }
            return Array(lines.sorted { $0.checkPlace < $1.checkPlace }.prefix(max(0, limit)))
        }
    }

    package func usage(
        of account: AccountID, submittedSince instant: Timestamp, limit: Int
    ) async throws(StoreFault) -> [UsageRecord] {
        try access { state in
            let lines = state.usage.values.filter { line in
                line.account == account && line.outcome != nil && line.submittedAt.map { $0 >= instant } ?? false
            }
            let sorted = lines.sorted { ($0.submittedAt ?? instant) > ($1.submittedAt ?? instant) }
            return Array(sorted.prefix(max(0, limit)))
        }
    }

    package func usage(of generation: GenerationID) async throws(StoreFault) -> UsageRecord? {
        try access { $0.usage[generation] }
    }

    package func settle(_ changes: [UsageChange]) async throws(StoreFault) {
        try access { state in
            for change in changes {
                guard var line = state.usage[change.generation], line.stage != .open else { continue }
                line.checkAt = change.checkAt
                if let cost = change.cost {
                    line.stage =
                        switch cost.state {
                        case .pending: .pending
                        case .settled: .settled
                        case .unknown: .unknown
                        }
                    line.charged = cost.charged
                    line.refunded = cost.refunded
                    line.settledAt = cost.updatedAt
                    state.jobs[change.generation]?.cost = cost
                }
                state.usage[change.generation] = line
            }
        }
    }

    package func spent(by owner: String, since instant: Timestamp) async throws(StoreFault) -> SpentCredits {
        try access { state in
            state.usage.values.filter { $0.owner == owner && $0.createdAt >= instant }
                .reduce(into: SpentCredits()) { spent, line in
                    spent.settled += line.charged - line.refunded
                    if line.stage == .open || line.stage == .pending {
                        spent.reserved += line.reservation ?? line.quoted ?? 0
                    }
                }
        }
    }

    package func usageSums(_ query: UsageQuery) async throws(StoreFault) -> [UsageSum] {
        try access { state in
            var sums: [Group: UsageSum] = [:]
            for line in state.usage.values
            where line.createdAt >= query.from && line.createdAt < query.to
                && (query.owner.map { $0 == line.owner } ?? true)
            {
                let group = Group(line, query)
                sums[group, default: group.empty].add(UsageSum(line))
            }
            return Array(sums.sorted { $0.key.place < $1.key.place }.map(\.value).prefix(max(0, query.limit)))
        }
    }

    package func learntPrices() async throws(StoreFault) -> [LearntPrice] {
        try access { Array($0.prices.values.sorted { $0.learntAt > $1.learntAt }.prefix(20_000)) }
    }

    package func saveLearntPrices(_ prices: [LearntPrice]) async throws(StoreFault) {
        try access { state in
            for price in prices { state.prices[PricePlace(account: price.account, key: price.key)] = price }
        }
    }

    /// What lines are told apart by.
    private struct Group: Hashable {
        var day: Int64?
        var model: String?
        var kind: MediaKind?
        var owner: String?
        var account: AccountID?

        init(_ line: UsageRecord, _ query: UsageQuery) {
            let offset = query.dayOffset.wholeMilliseconds
            if query.groups.contains(.day) { day = (line.createdAt.milliseconds + offset) / 86_400_000 }
            if query.groups.contains(.model) { model = line.model }
            if query.groups.contains(.kind) { kind = line.kind }
            if query.groups.contains(.key) { owner = line.owner }
            if query.groups.contains(.account) { account = line.account }
        }

        var empty: UsageSum {
            var sum = UsageSum()
            (sum.day, sum.model, sum.kind, sum.owner, sum.account) = (day, model, kind, owner, account)
            return sum
        }

        var place: (Int64, String, String, String, String) {
            (day ?? 0, model ?? "", kind?.rawValue ?? "", owner ?? "", account?.rawValue ?? "")
        }
    }
}

extension UsageRecord {
    fileprivate var checkPlace: (Timestamp, String) { (checkAt ?? createdAt, generation.rawValue) }
}

extension UsageSum {
    /// The numbers of one line.
    fileprivate init(_ line: UsageRecord) {
        self.init()
        generations = 1
        succeeded = line.outcome == .succeeded || line.outcome == .partial ? 1 : 0
        failed = line.outcome == .failed ? 1 : 0
        canceled = line.outcome == .canceled ? 1 : 0
        let isUnsettled = line.stage == .open || line.stage == .pending
        unsettled = isUnsettled ? 1 : 0
        reserved = isUnsettled ? line.quoted ?? 0 : 0
        unknown = line.stage == .unknown ? 1 : 0
        charged = line.charged
        refunded = line.refunded
    }
}
