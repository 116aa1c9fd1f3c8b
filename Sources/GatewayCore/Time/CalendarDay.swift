/// A day of the Gregorian calendar, for people and for queries. Which instants belong to it depends on an offset from
/// UTC.
package struct CalendarDay: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01.
    package let number: Int64

    package init(number: Int64) {
        self.number = number
    }

    /// The day of an instant. `offset`: east of UTC.
    package init(_ instant: Timestamp, offset: Duration) {
        let milliseconds = instant.milliseconds + offset.wholeMilliseconds
        number = milliseconds >= 0 ? milliseconds / 86_400_000 : (milliseconds - 86_399_999) / 86_400_000
    }

    /// Reads `2026-11-21`; nil for anything else and for days that do not exist.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count == 10, parts.map(\.utf8.count) == [4, 2, 2],
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2D }),
            let year = Int64(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            (1970...9999).contains(year),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        self.init(number: date.dayNumber)
    }

    /// The first instant of the day. `offset`: east of UTC.
    package func start(offset: Duration) -> Timestamp {
        Timestamp(milliseconds: number * 86_400_000 - offset.wholeMilliseconds)
    }

    package static func < (left: CalendarDay, right: CalendarDay) -> Bool { left.number < right.number }

    /// `2026-11-21`.
    package var description: String { CivilDate(dayNumber: number).description }
}
