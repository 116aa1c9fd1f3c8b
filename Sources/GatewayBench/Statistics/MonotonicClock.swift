import Glibc

/// The clock that every process of one machine reads alike (CLOCK_MONOTONIC), so that the player's instants and the
/// load generator's can be subtracted from each other.
enum MonotonicClock {
    /// Nanoseconds since some fixed instant before now.
    static func nanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Wall clock time in seconds since 1970.
    static func unixSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
