package import Logging
import ServiceLifecycle
import Synchronization

/// Looks after the accounts of the pool while nobody asks: whether their sessions work, what credits they have, and the
/// day's free ones. One account at a time, at a gentle pace (``CheckPlan``). What it learns goes to the ``AccountKeeper``.
package final class AccountChecker: Service {
    private let plan: CheckPlan
    private let keeper: AccountKeeper
    private let desk: AccountDesk
    private let prices: PriceReader?
    private let claimsDailyCredits: Bool
    private let time: any TimeSource
    private let logger: Logger
    private let signal = WakeSignal()
    /// The last look at each account of the pool.
    private let tried = Mutex<[AccountID: Timestamp]>([:])

    /// `desk`: must tell the same keeper what it learns. `prices`: reads the site's price book along with a look that
    /// succeeded, when that is due; nil = nobody does.
    package init(
        plan: CheckPlan = CheckPlan(), keeper: AccountKeeper, desk: AccountDesk, prices: PriceReader? = nil,
        claimsDailyCredits: Bool, time: any TimeSource, logger: Logger
    ) {
        self.plan = plan
        self.keeper = keeper
        self.desk = desk
        self.prices = prices
        self.claimsDailyCredits = claimsDailyCredits
        self.time = time
        self.logger = logger
        keeper.watch { [signal] _ in signal.notify() }
    }

    /// Works until the graceful shutdown or the task's cancellation.
    package func run() async {
        await cancelWhenGracefulShutdown { await self.work() }
    }

    private func work() async {
        while !Task.isCancelled {
            let next = next(at: time.now)
            guard let next, next.due <= time.now else {
                await signal.wait(until: next?.due, on: time)
                continue
            }
            await look(at: next.account)
            do {
                try await time.sleep(until: time.now + plan.gap)
            } catch {
                return
            }
        }
    }

    private func next(at now: Timestamp) -> (account: AccountCredential, due: Timestamp)? {
        let records = keeper.poolRecords
        let tried = tried.withLock { tried in
            if tried.count > records.count {
                let ids = Set(records.map(\.credential.id))
                tried = tried.filter { ids.contains($0.key) }
            }
            return tried
        }
        let plans = records.compactMap { record in
            plan.due(record, tried: tried[record.credential.id], at: now).map { (record.credential, $0) }
        }
        return plans.min { ($0.1, $0.0.id.rawValue) < ($1.1, $1.0.id.rawValue) }
            .map { (account: $0.0, due: $0.1) }
    }

    private func look(at account: AccountCredential) async {
        tried.withLock { $0[account.id] = time.now }
        do {
            guard claimsDailyCredits, keeper.takeDailyClaim(account.id) else {
                _ = try await desk.balance(of: account, isFresh: true)
                await prices?.readIfDue(for: account)
                return
            }
            let claim = try await desk.claim(for: account, onlyIfEmpty: false)
            if claim.received > 0 {
                logger.info(
                    "daily credits claimed",
                    metadata: ["account.id": "\(account.id)", "credits": "\(claim.received)"])
            }
            await prices?.readIfDue(for: account)
        } catch {
            if !Task.isCancelled {
                logger.info("account not checked", metadata: ["account.id": "\(account.id)", "error": "\(error)"])
            }
        }
    }
}
