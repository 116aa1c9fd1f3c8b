import WireJSON

/// A running player, and what it says about itself.
struct PlayerClient: Sendable {
    let server: ServerProcess
    let load: LoadGenerator

    /// Points a gateway at this player.
    var settings: [String: String] { ["JIMENG_UPSTREAM_BASE_URL": "http://127.0.0.1:\(server.port)"] }

    func report() async throws -> PlayerReport {
        PlayerReport(try await load.json(ImageOrder.get("/__player/stats"), port: server.port))
    }

    func reset() async throws {
        _ = try await load.answer(to: ImageOrder.get("/__player/reset"), port: server.port)
    }

    /// A job as the player saw it; instants in ``MonotonicClock`` nanoseconds.
    struct Fact: Sendable {
        var number: Int
        var acceptedAt: Int64
        var endsAt: Int64
        var toldAt: Int64?
    }

    func facts() async throws -> [Fact] {
        let json = try await load.json(ImageOrder.get("/__player/jobs"), port: server.port)
        return (json["jobs"]?.array ?? []).compactMap { job in
            guard let number = job["number"]?.int, let accepted = job["accepted_us"]?.int, let end = job["ends_us"]?.int
            else { return nil }
            return Fact(
                number: Int(number), acceptedAt: accepted * 1000, endsAt: end * 1000,
                toldAt: job["told_us"]?.int.map { $0 * 1000 })
        }
    }

    /// Waits until `isReached`; false when that did not happen within `limit`.
    func wait(
        upTo limit: Duration, every pace: Duration = .milliseconds(100),
        until isReached: (PlayerReport) -> Bool
    ) async throws -> Bool {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if isReached(try await report()) { return true }
            try await Task.sleep(for: pace)
        }
        return false
    }
}

extension [PlayerClient.Fact] {
    /// The most jobs that were at the site at the same time.
    var peak: Int {
        let edges = flatMap { [($0.acceptedAt, 1), ($0.endsAt, -1)] }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        var now = 0
        return edges.reduce(0) { most, edge in
            now += edge.1
            return Swift.max(most, now)
        }
    }
}
