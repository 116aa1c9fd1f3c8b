/// Dates in China's time zone, eight hours ahead of UTC all year: the site's days begin there.
enum ChinaTime {
    private static let offset: Int64 = 8 * 3_600

    /// Days since 1970.
    static func day(_ unixSeconds: Int64) -> Int64 { (unixSeconds + offset) / 86_400 }

    /// The last second of the day, in Unix seconds.
    static func endOfDay(_ unixSeconds: Int64) -> Int64 { (day(unixSeconds) + 1) * 86_400 - offset - 1 }

    /// Year, month, day, hour, minute and second as 14 digits.
    static func digits(_ unixSeconds: Int64) -> String {
        let local = unixSeconds + offset
        let (days, second) = (local / 86_400, local % 86_400)
        // Days are counted from 1 March of the year 0, so that the day that comes and goes is the last of a year.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)" + two(month) + two(day) + two(second / 3_600) + two(second / 60 % 60) + two(second % 60)
    }
}
