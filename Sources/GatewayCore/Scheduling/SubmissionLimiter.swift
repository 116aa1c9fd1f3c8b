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

    /// Takes a place if there is one.
    package mutating func take(_ kind: MediaKind, at now: Timestamp) -> Bool {
        var lane = lanes[kind] ?? Lane()
        if let learnt = lane.learnt, let grownAt = lane.grownAt, now - grownAt >= Self.growth {
            lane.learnt = learnt + 1
            lane.grownAt = now
        }
        let bound = min(lane.learnt ?? .max, maximum[kind] ?? .max)
        let isFree = lane.inFlight < max(1, bound)
        if isFree { lane.inFlight += 1 }
        lanes[kind] = lane
        return isFree
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
