import WireJSON

/// One page of an account's credit ledger.
package struct LedgerReply: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        /// 0 ... 1,000,000,000.
        package var amount: Int
        /// True for spending, false for receiving, nil when the entry does not say.
        package var isSpending: Bool?
        /// Unix seconds.
        package var createdAt: Int64?
        /// The task the entry belongs to.
        package var submitID: String?
        package var historyID: String?
    }

    package var entries: [Entry]
    package var totalCredit: Int?
    /// What to ask the next page with.
    package var nextCursor: String?
    package var hasMore: Bool

    package init(_ envelope: SiteEnvelope) {
        var data = envelope.payload
        if data["records"] == nil, let text = envelope.body["response"]?.string,
            let decoded = try? JSONValue.parse(text)
        {
            data = decoded
        }
        entries = (data["records"]?.array ?? []).prefix(1_000).compactMap { record in
            guard let amount = record["amount"]?.looseInt, (0...1_000_000_000).contains(amount) else {
                return nil
            }
            return Entry(
                amount: amount, isSpending: record["history_type"]?.looseInt.map { $0 == 2 },
                createdAt: record["create_time"]?.looseInt.map { Int64($0) },
                submitID: record["submit_id"]?.looseText, historyID: record["history_id"]?.looseText)
        }
        totalCredit = data["total_credit"]?.looseInt
        nextCursor = data["new_cursor"]?.looseText
        hasMore = data["has_more"]?.bool ?? (data["has_more"]?.looseInt == 1 || data["has_more"]?.string == "true")
    }
}
