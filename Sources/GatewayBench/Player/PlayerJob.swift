/// A job at the player.
struct PlayerJob: Sendable {
    var number: Int
    var submitID: String
    /// ``MonotonicClock`` nanoseconds, as the two below.
    var acceptedAt: Int64
    var endsAt: Int64
    /// When a client was told of the end for the first time.
    var toldAt: Int64?
    /// Unix seconds.
    var createdAt: Double
    var pictureCount: Int
    var forecastSeconds: Int

    /// The site's id: 14 digits.
    var historyID: String { String(13_000_000_000_000 + number) }

    func isFinished(at now: Int64) -> Bool { now >= endsAt }
}
