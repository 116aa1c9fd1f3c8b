/// What is thought of a generation's price before it is bought, in whole credits.
package struct PriceEstimate: Hashable, Sendable {
    /// What the dearest of the accounts whose price is known would pay; nil when none is known. Shown to people.
    package var quote: Int?
    /// A guess on the high side, not below ``quote``, when the price of an account is not known; nil when all are known.
    /// Only budgets read it: it is never shown as a price.
    package var caution: Int?

    package init(quote: Int? = nil, caution: Int? = nil) {
        self.quote = quote
        self.caution = caution
    }

    /// What a budget sets aside until the cost is known.
    package var reservation: Int? { caution ?? quote }
}
