/// What run times are learnt by.
package struct RunTimeKey: Hashable, Sendable {
    package var model: String
    package var resolution: String

    package init(model: String, resolution: String) {
        self.model = model
        self.resolution = resolution
    }
}

/// A moving estimate of how long a kind of job runs at the site: exponentially weighted mean and mean deviation, as
/// TCP estimates its round trips.
package struct RunTimeEstimate: Hashable, Sendable {
    /// In seconds.
    package private(set) var mean: Double
    /// Mean absolute deviation, in seconds.
    package private(set) var deviation: Double
    package private(set) var samples: Int

    package init(mean: Double, deviation: Double, samples: Int) {
        self.mean = mean
        self.deviation = deviation
        self.samples = samples
    }

    package init(firstSample seconds: Double) {
        mean = seconds
        deviation = seconds / 2
        samples = 1
    }

    package mutating func add(_ seconds: Double) {
        guard seconds.isFinite, seconds >= 0 else { return }
        deviation += 0.25 * (abs(seconds - mean) - deviation)
        mean += 0.125 * (seconds - mean)
        samples += 1
    }

    /// Before this many seconds hardly any such job has ended.
    package var early: Double { max(0, mean - 2 * deviation) }
    /// After this many seconds nearly all have.
    package var late: Double { mean + 2 * deviation }
}
