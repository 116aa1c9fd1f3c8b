import Logging
import Synchronization

/// Finds out what ended generations have cost, from the ledgers of their accounts: one look serves all of an account's,
/// minutes after the first of them ended, seldom, and again for those whose entries are late. What is still to be looked
/// at stands in the store, so that a restart goes on where this process stopped.
final class Settler: Sendable {
    private struct State {
        /// When each account's ledger is read next.
        var agenda: [AccountID: Timestamp] = [:]
        /// Reads under way, and when to read again if a generation ends meanwhile.
        var reading: [AccountID: Timestamp?] = [:]
        var lastRead: [AccountID: Timestamp] = [:]
        var failures: [AccountID: Int] = [:]
    }

    private let plan: SettlementPlan
    private let usage: any UsageStore
    private let upstream: any Upstream
    private let prices: PriceBook
    private let keeper: AccountKeeper
    private let time: any TimeSource
    private let logger: Logger
    private let settled: @Sendable (UsageRecord, CreditCost) -> Void
    private let state = Mutex(State())
    private let signal = WakeSignal()

    /// Most lines in one look.
    private static let lineLimit = 10_000
    /// The site's clock may be behind ours by this much.
    private static let skew = Duration.seconds(600)

    init(
        plan: SettlementPlan, usage: any UsageStore, upstream: any Upstream, prices: PriceBook,
        keeper: AccountKeeper, time: any TimeSource, logger: Logger,
        settled: @escaping @Sendable (UsageRecord, CreditCost) -> Void
    ) {
        self.plan = plan
        self.usage = usage
        self.upstream = upstream
        self.prices = prices
        self.keeper = keeper
        self.time = time
        self.logger = logger
        self.settled = settled
    }

    /// Hears of a job whose end is stored.
    func ended(_ job: Job) {
        guard job.submissions > 0, job.submitID != nil, let account = job.account else { return }
        schedule(account, at: (job.completedAt ?? time.now) + plan.firstLook)
    }

    /// Reads ledgers until the task is cancelled.
    func run() async {
        await load()
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                for account in takeDue() {
                    group.addTask {
                        await self.read(account)
                        self.signal.notify()
                    }
                }
                await signal.wait(until: nextWake(), on: time)
            }
        }
    }

    // MARK: - Agenda

    /// Puts what an earlier process left on the agenda.
    private func load() async {
        while !Task.isCancelled {
            do {
                prices.load(try await usage.learntPrices())
                for (account, instant) in try await usage.uncheckedUsage() {
                    schedule(account, at: max(instant, time.now))
                }
                return
            } catch {
                logger.error("unsettled generations not read", metadata: ["error": "\(error)"])
            }
            do {
                try await time.sleep(until: time.now + plan.gap)
            } catch {
                return
            }
        }
    }

    private func schedule(_ account: AccountID, at instant: Timestamp) {
        let isSooner = state.withLock { state -> Bool in
            if let planned = state.reading[account] {
                // After the read under way.
                state.reading[account] = .some(planned.map { min($0, instant) } ?? instant)
                return false
            }
            let allowed = max(instant, state.lastRead[account].map { $0 + plan.gap } ?? instant)
            if let planned = state.agenda[account], planned <= allowed { return false }
            state.agenda[account] = allowed
            return true
        }
        if isSooner { signal.notify() }
    }

    /// The accounts whose time has come, as many as may be read at once.
    private func takeDue() -> [AccountID] {
        let now = time.now
        return state.withLock { state in
            let free = max(0, plan.parallel - state.reading.count)
            guard free > 0 else { return [] }
            let due = state.agenda.filter { $0.value <= now }.sorted { $0.value < $1.value }.prefix(free)
            for (account, _) in due {
                state.agenda[account] = nil
                state.reading[account] = .some(nil)
            }
            return due.map(\.key)
        }
    }

    /// Nil also while no more may be read: the end of a read wakes the loop.
    private func nextWake() -> Timestamp? {
        state.withLock { state in
            state.reading.count < plan.parallel ? state.agenda.values.min() : nil
        }
    }

    // MARK: - Reading

    private func read(_ account: AccountID) async {
        let now = time.now
        var next: Timestamp?
        var hasFailed = false
        do {
            next = try await look(at: account, now)
        } catch {
            // Shutting down says nothing about the account.
            if !Task.isCancelled {
                logger.info(
                    "ledger not read", metadata: ["account.id": "\(account)", "error": "\(error)"])
            }
            hasFailed = true
            if let fault = error as? GenerationFault, fault.kind.isAboutTheAccount {
                await keeper.note(.failed(fault.kind), of: account)
            }
        }
        state.withLock { state in
            let meanwhile = state.reading.removeValue(forKey: account) ?? nil
            if hasFailed {
                state.failures[account, default: 0] += 1
                next = now + plan.wait(afterFailures: state.failures[account] ?? 1)
            } else {
                state.failures[account] = nil
            }
            let planned = [next, hasFailed ? nil : meanwhile].compactMap(\.self).min()
            if let planned {
                state.agenda[account] = max(planned, state.lastRead[account].map { $0 + plan.gap } ?? planned)
            }
            // Only what still holds a read back is worth remembering.
            if state.lastRead.count > 1000 { state.lastRead = state.lastRead.filter { $0.value + plan.gap > now } }
        }
    }

    /// One look for everything the account has open.
    /// - Returns: when the next one is due; nil when everything is settled.
    private func look(at account: AccountID, _ now: Timestamp) async throws -> Timestamp? {
        var open = try await usage.uncheckedUsage(of: account, limit: Self.lineLimit)
        let over = open.filter { plan.isOver($0, at: now) }
        if !over.isEmpty {
            try await usage.settle(over.map { plan.giveUp($0, at: now) })
            open.removeAll { plan.isOver($0, at: now) }
        }
        let due = open.filter { isDue($0, at: now) }
        // More than fit: the rest has its look soon.
        let rest = open.count == Self.lineLimit ? now + plan.gap : nil
        guard let since = due.map(\.start).min() else { return earliest(open, rest) }
        if let end = keeper[account]?.health.quietUntil(now) { return end }
        guard let credential = await keeper.credentialIfReadable(of: account) else { return now + plan.longestGap }

        state.withLock { $0.lastRead[account] = now }
        let ledger = try await upstream.ledger(
            of: credential, since: since + (.zero - Self.skew),
            // What was given back is a list of its own, worth a request only when something may have been.
            includesReceived: due.contains { $0.outcome != .succeeded })
        await keeper.note(.sessionAlive, of: account)
        if let balance = ledger.balance { await keeper.note(total: balance, of: account) }
        var lines = try await usage.usage(of: account, submittedSince: since, limit: Self.lineLimit)
        let known = Set(lines.map(\.generation))
        lines += due.filter { !known.contains($0.generation) }
        let sums = SettlementPlan.sums(of: ledger.entries)
        var changes: [(UsageRecord, UsageChange)] = []
        for line in lines {
            let sum = line.submitID.flatMap { sums[$0] }
            // A line that is not due yet is only changed by what was found.
            guard sum != nil || isDue(line, at: now) else { continue }
            let isCovered = ledger.readSince <= line.start
            if let change = plan.judge(line, sum, isCovered: isCovered, at: now) { changes.append((line, change)) }
        }
        try await usage.settle(changes.map(\.1))
        try await learn(changes, credential, at: now)
        for (line, change) in changes { if let cost = change.cost { settled(line, cost) } }
        let checks = Dictionary(
            changes.map { ($0.0.generation, $0.1.checkAt) }, uniquingKeysWith: { first, _ in first })
        for index in open.indices {
            if let check = checks[open[index].generation] { open[index].checkAt = check }
        }
        return earliest(open, rest)
    }

    /// The first look is some time after the end, which the stored line does not know.
    private func isDue(_ record: UsageRecord, at now: Timestamp) -> Bool {
        guard let checkAt = record.checkAt, let completedAt = record.completedAt else { return false }
        return max(checkAt, completedAt + plan.firstLook) <= now
    }

    private func earliest(_ records: [UsageRecord], _ other: Timestamp?) -> Timestamp? {
        let checks = records.compactMap { record -> Timestamp? in
            guard let checkAt = record.checkAt, let completedAt = record.completedAt else { return nil }
            return max(checkAt, completedAt + plan.firstLook)
        }
        return (checks + [other].compactMap(\.self)).min()
    }

    /// What was charged for a success is what the next one will probably cost.
    private func learn(
        _ changes: [(UsageRecord, UsageChange)], _ credential: AccountCredential, at now: Timestamp
    ) async throws(StoreFault) {
        let market = PriceMarket(region: credential.region, isSandbox: credential.isSandbox)
        var news: [PriceKey: LearntPrice] = [:]
        for (line, change) in changes {
            guard line.outcome == .succeeded, let cost = change.cost, cost.state == .settled, cost.refunded == 0,
                let key = line.priceKey
            else { continue }
            let price = LearntPrice(
                key: key, account: credential.id, market: market, credits: cost.charged,
                learntAt: line.completedAt ?? now)
            if prices.learn(price) { news[key] = price }
        }
        if !news.isEmpty { try await usage.saveLearntPrices(Array(news.values)) }
    }
}
