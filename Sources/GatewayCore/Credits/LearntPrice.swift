/// What one account was charged for a generation that succeeded. Prices differ between accounts (membership, quotas,
/// promotions), so each has its own; those of others in the same market only stand in.
package struct LearntPrice: Hashable, Sendable {
    package var key: PriceKey
    package var account: AccountID
    package var market: PriceMarket
    /// At least 0.
    package var credits: Int
    package var learntAt: Timestamp

    package init(key: PriceKey, account: AccountID, market: PriceMarket, credits: Int, learntAt: Timestamp) {
        self.key = key
        self.account = account
        self.market = market
        self.credits = credits
        self.learntAt = learntAt
    }
}

/// Where a price holds. What the sandbox charges teaches nothing about the site.
package struct PriceMarket: Hashable, Sendable {
    package var region: Region
    package var isSandbox: Bool

    package init(region: Region, isSandbox: Bool) {
        self.region = region
        self.isSandbox = isSandbox
    }
}
