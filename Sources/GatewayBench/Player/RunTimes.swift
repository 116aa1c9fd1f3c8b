import ArgumentParser

/// How long the player's jobs run. A job's number alone decides, so that the same job runs equally long in every run.
struct RunTimes: Sendable, Hashable {
    /// In milliseconds, both ends included.
    var range: ClosedRange<Int64>
    var seed: UInt64 = 1

    static let atOnce = RunTimes(range: 0...0)
    /// What the site needs for pictures.
    static let pictures = RunTimes(range: 5_000...25_000)

    func nanoseconds(of number: Int) -> Int64 {
        let width = UInt64(range.upperBound - range.lowerBound) * 1_000_000
        let offset = width == 0 ? 0 : Self.mixed(seed, UInt64(bitPattern: Int64(number)) &* 2) % (width + 1)
        return range.lowerBound * 1_000_000 + Int64(offset)
    }

    /// The site's forecast, in seconds: 0.8 to 2.5 times the run time (conflicts.md row 12).
    func forecastSeconds(of number: Int) -> Int {
        let share = Double(Self.mixed(seed, UInt64(bitPattern: Int64(number)) &* 2 &+ 1) >> 11) / 9_007_199_254_740_992
        return Int((Double(nanoseconds(of: number)) / 1e9 * (0.8 + 1.7 * share)).rounded())
    }

    /// SplitMix64's finaliser over the two.
    private static func mixed(_ seed: UInt64, _ value: UInt64) -> UInt64 {
        var z = seed &+ (value &+ 1) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension RunTimes: ExpressibleByArgument {
    /// `250` or `5000-25000`, in milliseconds, at most an hour.
    init?(argument: String) {
        let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
            first >= 0, first <= last, last <= 3_600_000
        else { return nil }
        self.init(range: first...last)
    }

    var defaultValueDescription: String { argument }
    var argument: String {
        range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }
}
