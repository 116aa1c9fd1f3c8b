import WireJSON

/// The balance of an account. All counts are whole credits.
package struct CreditReply: Sendable, Hashable {
    package struct Balance: Sendable, Hashable {
        package var gift: Int
        package var purchased: Int
        package var membership: Int

        package var total: Int { gift + purchased + membership }
    }

    package struct Expiry: Sendable, Hashable {
        package var amount: Int
        /// Unix seconds.
        package var at: Int64
    }

    /// Nil when the answer names none: unknown, which is not zero.
    package var balance: Balance?
    package var expiries: [Expiry]

    package init(_ envelope: SiteEnvelope) {
        let data = envelope.payload
        if let credit = data["credit"], credit.object != nil {
            func amount(_ name: String) -> Int { min(max(credit[name]?.looseInt ?? 0, 0), 1_000_000_000) }
            balance = Balance(
                gift: amount("gift_credit"), purchased: amount("purchase_credit"), membership: amount("vip_credit"))
        }
        expiries = (data["expiring_credits"]?.array ?? []).prefix(100).compactMap { entry in
            guard let amount = entry["credit_amount"]?.looseInt, let at = entry["expire_time"]?.looseInt else {
                return nil
            }
            return Expiry(amount: amount, at: Int64(at))
        }
    }
}
