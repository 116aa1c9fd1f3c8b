import SiteWire

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
    /// Whether the refund of a failed job has been booked.
    var isSettled = false

    /// `history_record_id`: 14 digits.
    var historyID: String { String(13_000_000_000_000 + number) }

    static func number(historyID: String) -> Int? {
        guard historyID.utf8.count == 14, let value = Int(historyID), value > 13_000_000_000_000 else { return nil }
        return value - 13_000_000_000_000
    }
}

/// What a submission asks for, after verification.
struct SandboxOrder: Sendable, Hashable {
    var region: SiteRegion
    var modelKey: String
    var modelName: String
    var prompt: String
    var width: Int
    var height: Int
    /// `resolution_type`, which decides the price.
    var resolution: String
    /// Pictures that will be made.
    var count: Int
    var seed: Int64
    var draftVersion: String
    /// Whether pictures go in (`generate_type` 12) or only text (1).
    var isBlend: Bool
    /// `submit_id`.
    var submitID: String
    /// `history_id` of a stalled job that shall go on; nil for a new job.
    var continues: String?

    /// Credits for the whole submission: by resolution and count, never by pixels.
    var price: Int {
        let each =
            switch resolution {
            case "1k": 1
            case "1.5k": 2
            case "2k": 3
            default: 4
            }
        return each * count
    }
}
