import Synchronization

/// Answers questions about accounts, as seldom asking the site as it can: what it has learnt is kept for a while, equal
/// questions at the same time are asked once, and few are asked in parallel (endpoints.md section 17).
package final class AccountDesk: Sendable {
    /// What came of a claim of the day's free credits.
    package struct Claim: Sendable {
        /// The credits that came; 0 when there was nothing to claim, or when the site refused.
        package var received = 0
        /// How many days in a row something was claimed, when the site says so.
        package var streakDays: Int?
        /// Why the site refused; nil also when it had been claimed before.
        package var refusal: GenerationFault?
        /// Read after the claim.
        package var balance: CreditBalance
    }

    /// How long answers are good for, and how many are kept.
    package struct Limits: Hashable, Sendable {
        package var alive = Duration.seconds(600)
        package var dead = Duration.seconds(30)
        package var balance = Duration.seconds(30)
        package var accounts = 10_000
        /// Most questions to the site at the same time.
        package var parallel = 5

        package init() {}
    }

    private struct Known<Value: Sendable>: Sendable {
        var value: Value
        var until: Timestamp
    }

    private struct Entry: Sendable {
        let turn = TurnQueue(limit: 1)
        var isAlive: Known<Bool>?
        var balance: Known<CreditBalance>?
        /// The last question that failed: whoever was already waiting then gets the same failure instead of asking on.
        var failure: (fault: GenerationFault, number: Int)?
        /// How many questions have been asked.
        var asked = 0
        /// How many callers are inside.
        var users = 0
    }

    private let upstream: any Upstream
    private let time: any TimeSource
    private let limits: Limits
    private let keeper: AccountKeeper?
    private let turns: TurnQueue
    private let entries = Mutex<[AccountID: Entry]>([:])

    /// `keeper`: told of everything that is learnt.
    package init(
        upstream: any Upstream, time: any TimeSource, limits: Limits = Limits(), keeper: AccountKeeper? = nil
    ) {
        self.keeper = keeper
        self.upstream = upstream
        self.time = time
        self.limits = limits
        turns = TurnQueue(limit: limits.parallel)
    }

    /// Whether the session works. `isFresh`: asked of the site even when a recent answer is at hand.
    /// Throws: ``GenerationFault`` when the site can't be asked, which says nothing about the session;
    /// `CancellationError`.
    package func isAlive(_ account: AccountCredential, isFresh: Bool = false) async throws -> Bool {
        do {
            return try await answer(about: account, known: { isFresh ? nil : $0.isAlive }) {
                [upstream, time, limits, keeper] entry in
                let isAlive = try await Self.check(account, at: upstream)
                entry.isAlive = Known(value: isAlive, until: time.now + (isAlive ? limits.alive : limits.dead))
                await keeper?.note(isAlive ? .sessionAlive : .failed(.invalidSession), of: account.id)
                return isAlive
            }
        } catch let fault as GenerationFault where fault.kind == .invalidSession {
            // Another question to the same account, asked a moment ago, found out.
            return false
        }
    }

    /// The account's balance. `isFresh`: asked of the site even when a recent answer is at hand.
    /// Throws: ``GenerationFault``; `CancellationError`.
    package func balance(of account: AccountCredential, isFresh: Bool = false) async throws -> CreditBalance {
        try await answer(about: account, known: { isFresh ? nil : $0.balance }) { [self] entry in
            try await readBalance(of: account, into: &entry)
        }
    }

    /// Claims the day's free credits and reads the balance afterwards, whatever came of the claim.
    /// `onlyIfEmpty`: only when the balance is zero.
    /// Throws: ``GenerationFault`` when the balance can't be read; `CancellationError`.
    package func claim(for account: AccountCredential, onlyIfEmpty: Bool) async throws -> Claim {
        try await answer(about: account, known: { _ in nil }) { [self] entry in
            if onlyIfEmpty {
                let before = try await readBalance(of: account, into: &entry)
                if before.total > 0 { return Claim(balance: before) }
            }
            var claim = DailyClaim(received: 0)
            var refusal: GenerationFault?
            do throws(GenerationFault) {
                claim = try await upstream.claimDailyCredits(for: account)
            } catch {
                refusal = error
            }
            let balance = try await readBalance(of: account, into: &entry)
            return Claim(
                received: claim.received, streakDays: claim.streakDays, refusal: refusal, balance: balance)
        }
    }

    private func readBalance(
        of account: AccountCredential, into entry: inout Entry
    ) async throws(GenerationFault) -> CreditBalance {
        let balance = try await upstream.credits(of: account)
        entry.balance = Known(value: balance, until: time.now + limits.balance)
        await keeper?.note(balance, of: account.id)
        return balance
    }

    /// The site's own word where it gives one; else whether it tells the balance.
    private static func check(
        _ account: AccountCredential, at upstream: any Upstream
    ) async throws(GenerationFault) -> Bool {
        do throws(GenerationFault) {
            if let isAlive = try await upstream.isSessionAlive(account) { return isAlive }
            _ = try await upstream.credits(of: account)
            return true
        } catch {
            guard error.kind == .invalidSession else { throw error }
            return false
        }
    }

    // MARK: Counts

    /// How many callers have a question about the account right now.
    package func users(of id: AccountID) -> Int { entries.withLock { $0[id]?.users ?? 0 } }

    /// How many accounts something is kept about.
    package var knownAccounts: Int { entries.withLock { $0.count } }

    // MARK: Asking once

    private func answer<Value: Sendable>(
        about account: AccountCredential, known: @escaping @Sendable (Entry) -> Known<Value>?,
        asking question: @escaping @Sendable (inout Entry) async throws -> Value
    ) async throws -> Value {
        let (turn, arrival) = enter(account.id)
        defer { leave(account.id) }
        return try await turn.run { [self] in
            let entry = entries.withLock { $0[account.id] ?? Entry() }
            if let known = known(entry), known.until > time.now { return known.value }
            if let failure = entry.failure, failure.number > arrival { throw failure.fault }
            var changed = entry
            changed.asked += 1
            do {
                let value = try await turns.run { [changed] in
                    var changed = changed
                    let value = try await question(&changed)
                    changed.failure = nil
                    return (value, changed)
                }
                keep(value.1, for: account.id)
                return value.0
            } catch let fault as GenerationFault {
                await keeper?.note(.failed(fault.kind), of: account.id)
                changed.failure = (fault, changed.asked)
                keep(changed, for: account.id)
                throw fault
            }
        }
    }

    private func enter(_ id: AccountID) -> (TurnQueue, arrival: Int) {
        entries.withLock { entries in
            if entries[id] == nil, entries.count >= limits.accounts { Self.forget(&entries, at: time.now, limits) }
            entries[id, default: Entry()].users += 1
            let entry = entries[id] ?? Entry()
            return (entry.turn, entry.asked)
        }
    }

    private func leave(_ id: AccountID) {
        entries.withLock { $0[id]?.users -= 1 }
    }

    /// Takes over what a question changed; who is inside is counted elsewhere.
    private func keep(_ changed: Entry, for id: AccountID) {
        entries.withLock { entries in
            guard let users = entries[id]?.users else { return }
            entries[id] = changed
            entries[id]?.users = users
        }
    }

    /// Drops what has expired, and what is nobody's when that was not enough.
    private static func forget(_ entries: inout [AccountID: Entry], at now: Timestamp, _ limits: Limits) {
        entries = entries.filter { entry in
            entry.value.users > 0 || (entry.value.isAlive?.until ?? now) > now
                || (entry.value.balance?.until ?? now) > now
        }
        if entries.count >= limits.accounts { entries = entries.filter { $0.value.users > 0 } }
    }
}
