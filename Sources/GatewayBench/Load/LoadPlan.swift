/// What a run of the load generator sends.
struct LoadPlan: Sendable {
    /// The next request of whichever connection asks; nil ends that connection.
    var next: @Sendable () -> Call?
    var callsPerConnection = Int.max
    var keepsBodies = false
    /// After so long every connection is closed, whatever it waits for.
    var limit: Duration

    /// The same request over and over until `end` (``MonotonicClock`` nanoseconds).
    static func flood(_ call: Call, until end: Int64, limit: Duration) -> LoadPlan {
        LoadPlan(next: { MonotonicClock.nanoseconds() < end ? call : nil }, limit: limit)
    }

    /// Each of the calls once.
    static func each(
        _ calls: [Call], perConnection: Int = .max, keepsBodies: Bool = false, limit: Duration
    ) -> LoadPlan {
        let counter = CallCounter()
        return LoadPlan(
            next: {
                let index = counter.take()
                return index < calls.count ? calls[index] : nil
            }, callsPerConnection: perConnection, keepsBodies: keepsBodies, limit: limit)
    }
}
