/// The account book: one line per generation, never removed. ``JobStore/insert(_:joining:reserving:)`` opens the line and
/// ``JobStore/save(_:expecting:lease:)`` closes it when the job ends, each in its own transaction
/// (``UsageRecord/init(opening:reserving:)``, ``UsageRecord/close(with:)``). Same laws as ``JobStore``: one transaction a call, time
/// passed in.
package protocol UsageStore: Sendable {
    /// Accounts with lines that are to be checked, with the earliest time for it.
    func uncheckedUsage() async throws(StoreFault) -> [AccountID: Timestamp]

    /// The lines of an account that are to be checked, the earliest first, at most `limit`.
    func uncheckedUsage(of account: AccountID, limit: Int) async throws(StoreFault) -> [UsageRecord]

    /// The lines of generations that this account was sent at or after `instant` and that have ended, newest first, at
    /// most `limit`.
    func usage(
        of account: AccountID, submittedSince instant: Timestamp, limit: Int
    ) async throws(StoreFault) -> [UsageRecord]

    /// The line of one generation.
    func usage(of generation: GenerationID) async throws(StoreFault) -> UsageRecord?

    /// Writes what the ledger told, to the lines and to the generations that are still there. Absolute numbers: writing
    /// the same twice changes nothing. Lines that have not ended are left alone.
    func settle(_ changes: [UsageChange]) async throws(StoreFault)

    /// What generations of an owner cost that were asked for at or after `instant`.
    func spent(by owner: String, since instant: Timestamp) async throws(StoreFault) -> SpentCredits

    /// Sums by the query's groups, in their order (day, model, kind, key, account).
    func usageSums(_ query: UsageQuery) async throws(StoreFault) -> [UsageSum]

    /// The newest 20,000 prices.
    func learntPrices() async throws(StoreFault) -> [LearntPrice]

    /// Remembers prices, in place of earlier ones of the same account and key.
    func saveLearntPrices(_ prices: [LearntPrice]) async throws(StoreFault)
}
