/// The accounts that requests with a gateway key may use.
package protocol AccountPool: Sendable {
    /// Enabled accounts of the pool that match, those in the best health and used longest ago first; at most
    /// ``PoolQuery/mostCandidates`` of each region: when more could serve, a part of them by chance, so that many
    /// generations reach them all. Empty when none matches. Neither waits nor asks the site.
    func candidates(for query: PoolQuery) -> [AccountCredential]
}

/// Which accounts a request may use.
package struct PoolQuery: Hashable, Sendable {
    /// Regions that can serve it; nil = all.
    package var regions: Set<Region>?
    /// An account needs at least one of these tags; empty = no tag is needed.
    package var tags: Set<String>
    /// The one account that may serve it.
    package var account: AccountID?

    /// A larger pool gives each generation a part of itself.
    package static let mostCandidates = 64

    package init(regions: Set<Region>? = nil, tags: Set<String> = [], account: AccountID? = nil) {
        self.regions = regions
        self.tags = tags
        self.account = account
    }
}

extension AccountKeeper: AccountPool {
    package func candidates(for query: PoolQuery) -> [AccountCredential] {
        var records = poolRecords.filter { record in
            record.isEnabled && query.account.map { $0 == record.credential.id } ?? true
                && query.regions?.contains(record.credential.region) ?? true
                && (query.tags.isEmpty || record.labels.tags.contains(where: query.tags.contains))
        }
        let now = time.now
        let place = { (record: AccountRecord) in
            (record.health.gate(at: now).order, record.lastUsedAt?.milliseconds ?? 0, record.credential.id.rawValue)
        }
        records.sort { place($0) < place($1) }
        // So many of each region, because what the request asks for may run in one only.
        var kept: [AccountRecord] = []
        for (_, records) in Dictionary(grouping: records, by: \.credential.region) {
            let able = records.prefix { $0.health.gate(at: now).isSoonOpen }
            if able.count > PoolQuery.mostCandidates {
                kept += part(of: able)
            } else {
                kept += records.prefix(PoolQuery.mostCandidates)
            }
        }
        kept.sort { place($0) < place($1) }
        return kept.map(\.credential)
    }

    /// One of the parts of a large pool, in its order. The parts are the same for every request, because generations that
    /// wait for the same accounts are cheap to wait for (``WaitingRoom``).
    private func part(of records: ArraySlice<AccountRecord>) -> [AccountRecord] {
        let count = (records.count + PoolQuery.mostCandidates - 1) / PoolQuery.mostCandidates
        let chosen = min(count - 1, Int(chance() * Double(count)))
        let ids = records.map(\.credential.id).sorted { $0.rawValue < $1.rawValue }
        let part = Set(ids[ids.count * chosen / count..<ids.count * (chosen + 1) / count])
        return records.filter { part.contains($0.credential.id) }
    }
}

extension AccountHealth.Gate {
    fileprivate var isSoonOpen: Bool { order <= 2 }

    fileprivate var order: Int {
        switch self {
        case .open: 0
        case .trial: 1
        case .opens: 2
        case .lastResort: 3
        case .closed: 4
        }
    }
}
