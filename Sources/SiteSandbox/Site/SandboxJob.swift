/// A generation the sandbox has accepted.
struct SandboxJob: Sendable {
    /// Counts from 1; the site's ids are made from it.
    let number: Int
    let accountKey: String
    let submitID: String
    let order: SandboxOrder
    /// What was charged, in credits.
    let price: Int
    var walk: JobWalk
    /// How often a query has asked for it.
    var polls = 0
    /// How often its results were fetched.
    var downloads = 0
    /// Whether the refund of a failed job has been booked.
    var isSettled = false

    /// Whether the charge is given back once the job is over.
    var isRefunded: Bool { walk.ending.isRefunded || walk.cancelledAt != nil }

    /// `history_record_id`: 14 digits.
    var historyID: String { String(13_000_000_000_000 + number) }

    /// `common_attr.id` of a result: 19 digits.
    func itemID(_ index: Int) -> Int64 { Self.firstItemID + Int64(number) * 16 + Int64(index) }

    private static let firstItemID: Int64 = 7_500_000_000_000_000_000

    /// The result that an item's id stands for; whether there is one is not said.
    static func place(itemID: Int64) -> MediaLinks.Place? {
        let offset = itemID - firstItemID
        guard offset >= 16, offset < 1 << 40 else { return nil }
        return MediaLinks.Place(number: Int(offset / 16), index: Int(offset % 16))
    }

    static func number(historyID: String) -> Int? {
        guard historyID.utf8.count == 14, let value = Int(historyID), value > 13_000_000_000_000 else { return nil }
        return value - 13_000_000_000_000
    }
}
