/// How many generations of one account may be at the site at once. Pure.
///
/// The site's limit is per plan and unknown, and its refusal (1010, 1310) is conclusive and free, so the limit is
/// learnt: no bound until a refusal, then one below what was running, growing back by one after every ten minutes
/// without a refusal. A configured maximum bounds it from above.
package struct SubmissionLimiter: Sendable {
    private struct Lane: Sendable {
        var inFlight = 0
        var learnt: Int?
        var grownAt: Timestamp?
    }

    private var lanes: [MediaKind: Lane] = [:]
    private let maximum: [MediaKind: Int]
    private static let growth = Duration.seconds(600)

    /// - Parameter maximum: per kind; a missing kind has no configured bound.
    package init(maximum: [MediaKind: Int] = [:]) {
        self.maximum = maximum
    }

    package func inFlight(_ kind: MediaKind) -> Int { lanes[kind]?.inFlight ?? 0 }

    /// Places that are free now; nil = as many as anybody wants.
    package mutating func free(_ kind: MediaKind, at now: Timestamp) -> Int? {
        var lane = lanes[kind] ?? Lane()
        if let learnt = lane.learnt, let grownAt = lane.grownAt, now - grownAt >= Self.growth {
            lane.learnt = learnt + 1
            lane.grownAt = now
            lanes[kind] = lane
        }
        guard lane.learnt != nil || maximum[kind] != nil else { return nil }
        let bound = min(lane.learnt ?? .max, maximum[kind] ?? .max)
        return max(0, max(1, bound) - lane.inFlight)
    }

    /// When the learnt bound grows by itself; nil when it can't.
    package func nextGrowth(_ kind: MediaKind) -> Timestamp? {
        guard let lane = lanes[kind], let learnt = lane.learnt, learnt < maximum[kind] ?? .max else { return nil }
        return lane.grownAt.map { $0 + Self.growth }
    }

    /// Takes a place if there is one.
    package mutating func take(_ kind: MediaKind, at now: Timestamp) -> Bool {
        guard free(kind, at: now) != 0 else { return false }
        lanes[kind, default: Lane()].inFlight += 1
        return true
    }

    /// Takes a place whatever the bound is: for jobs the site already has.
    package mutating func takeOver(_ kind: MediaKind) {
        lanes[kind, default: Lane()].inFlight += 1
    }

    package mutating func giveBack(_ kind: MediaKind) {
        guard let lane = lanes[kind], lane.inFlight > 0 else { return }
        lanes[kind]?.inFlight -= 1
    }

    /// The site refused a submission because too many are running; the refused one has been given back.
    package mutating func refused(_ kind: MediaKind, at now: Timestamp) {
        var lane = lanes[kind] ?? Lane()
        lane.learnt = max(1, min(lane.learnt ?? .max, lane.inFlight))
        lane.grownAt = now
        lanes[kind] = lane
    }
}
