extension Region {
    /// The calendar day it is in the region, counted from 1970-01-01; daily credits and daily limits begin anew with it.
    package func day(of instant: Timestamp) -> Int64 {
        (instant.seconds + secondsFromUTC(at: instant.seconds)).floored(by: Self.dayLength)
    }

    /// When the region's next day begins.
    package func nextDay(after instant: Timestamp) -> Timestamp {
        start(ofDay: day(of: instant) + 1)
    }

    /// When a day of the region begins.
    package func start(ofDay day: Int64) -> Timestamp {
        let midnight = day * Self.dayLength
        // Clocks change at 2 o'clock, so the hour before a midnight has the offset of the midnight.
        let standard = midnight - secondsFromUTC(at: midnight)
        return Timestamp(seconds: midnight - secondsFromUTC(at: standard))
    }

    private static let dayLength: Int64 = 86_400

    /// The offset of the region's clocks. The American site counts in Pacific time.
    private func secondsFromUTC(at seconds: Int64) -> Int64 {
        switch self {
        case .cn, .hk, .sg: 8 * 3600
        case .jp: 9 * 3600
        case .us: Self.isPacificSummer(seconds) ? -7 * 3600 : -8 * 3600
        }
    }

    /// From 2 o'clock of the second Sunday in March to 2 o'clock (summer time) of the first Sunday in November.
    private static func isPacificSummer(_ seconds: Int64) -> Bool {
        let year = year(ofDay: (seconds - 8 * 3600).floored(by: dayLength))
        let begin = firstSunday(onOrAfter: day(year: year, month: 3, day: 8)) * dayLength + 10 * 3600
        let end = firstSunday(onOrAfter: day(year: year, month: 11, day: 1)) * dayLength + 9 * 3600
        return begin <= seconds && seconds < end
    }

    /// 1970-01-01 was a Thursday.
    private static func firstSunday(onOrAfter day: Int64) -> Int64 {
        let weekday = (day + 4) - (day + 4).floored(by: 7) * 7
        return day + (7 - weekday) % 7
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar; the year is counted from March, so that its last day is
    /// the leap day.
    private static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month < 3 ? year - 1 : year
        let months = (month + 9) % 12
        let leapDays = year.floored(by: 4) - year.floored(by: 100) + year.floored(by: 400)
        return year * 365 + leapDays + (months * 153 + 2) / 5 + day - 719_469
    }

    private static func year(ofDay wanted: Int64) -> Int64 {
        let guess = 1970 + (wanted * 400).floored(by: 146_097)
        let candidates = [guess + 1, guess, guess - 1]
        return candidates.first { day(year: $0, month: 1, day: 1) <= wanted } ?? guess
    }
}

extension Int64 {
    /// The quotient rounded down, also below zero.
    fileprivate func floored(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
