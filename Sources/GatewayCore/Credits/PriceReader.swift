package import Logging
import Synchronization

/// Reads the site's price book for an account, along with something else that the site is asked for anyway (a refresh of
/// the model list, a background check of a pool account), and at most once in some hours for each account, also when that
/// fails. Never because of a generation.
package final class PriceReader: Sendable {
    package static let gap = Duration.seconds(6 * 3600)
    /// Accounts that are remembered; more make room by forgetting those whose time is over.
    private static let capacity = 10_000

    private let upstream: any Upstream
    private let prices: PriceBook
    private let time: any TimeSource
    private let logger: Logger
    private let tried = Mutex<[AccountID: Timestamp]>([:])

    package init(upstream: any Upstream, prices: PriceBook, time: any TimeSource, logger: Logger) {
        self.upstream = upstream
        self.prices = prices
        self.time = time
        self.logger = logger
    }

    /// Returns when the prices are in the book, or at once when they were read lately. A failure is only logged.
    package func readIfDue(for account: AccountCredential) async {
        let now = time.now
        let isDue = tried.withLock { tried in
            if let last = tried[account.id], now - last < Self.gap { return false }
            if tried.count >= Self.capacity { tried = tried.filter { now - $0.value < Self.gap } }
            guard tried.count < Self.capacity else { return false }
            tried[account.id] = now
            return true
        }
        guard isDue else { return }
        do {
            prices.keep(try await upstream.prices(of: account), of: account, at: time.now)
        } catch {
            if Task.isCancelled { return }
            logger.info("price book not read", metadata: ["account.id": "\(account.id)", "error": "\(error)"])
        }
    }
}
