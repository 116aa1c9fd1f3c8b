import Synchronization

/// How often durations fell below fixed bounds. Observing costs a short search and two atomic additions.
package final class Histogram: Sendable {
    /// Upper bounds of the buckets in seconds, growing; one more bucket takes the rest.
    package let bounds: [Double]
    private let buckets: [MetricCounter]
    private let microseconds = MetricCounter()

    package init(bounds: [Double]) {
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in MetricCounter() }
    }

    /// A negative duration, as clocks of two machines can give, counts as none.
    package func observe(_ duration: Duration) {
        let seconds = max(0, duration.inSeconds)
        buckets[bounds.firstIndex { seconds <= $0 } ?? bounds.count].add()
        microseconds.add(Int(min(seconds * 1_000_000, 1e15)))
    }

    /// What was observed so far. A reading while others observe may lack the newest.
    package struct Reading: Hashable, Sendable {
        /// For each bound, then for everything: how many observations were at most that.
        package var cumulative: [Int]
        package var sumInSeconds: Double

        package var count: Int { cumulative.last ?? 0 }
    }

    package var reading: Reading {
        var sum = 0
        let cumulative = buckets.map { bucket in
            sum += bucket.total
            return sum
        }
        return Reading(cumulative: cumulative, sumInSeconds: Double(microseconds.total) / 1_000_000)
    }
}
