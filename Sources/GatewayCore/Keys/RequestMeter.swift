import Synchronization

/// Counts the requests of keys in this process.
package final class RequestMeter: Sendable {
    private let rates = Mutex<[KeyID: RequestRate]>([:])
    /// Keys that are remembered; past this, those with nothing to remember are dropped.
    private let capacity: Int

    package init(capacity: Int = 10_000) {
        self.capacity = capacity
    }

    /// Counts a request of the key, if it may have one.
    package func take(_ key: KeyID, limit: Int, at now: Timestamp) -> RequestRate.Verdict {
        rates.withLock { rates in
            if rates[key] == nil, rates.count >= capacity {
                rates = rates.filter { !$0.value.isIdle(at: now) }
                // Thousands of keys in use at once: forgetting lets a few requests too many through.
                if rates.count >= capacity { rates = [:] }
            }
            return rates[key, default: RequestRate()].take(limit: limit, at: now)
        }
    }

    /// How many keys are remembered.
    package var count: Int { rates.withLock { $0.count } }
}
