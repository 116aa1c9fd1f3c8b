/// A date of the Gregorian calendar, extended over all time.
struct CivilDate: Hashable, Sendable, CustomStringConvertible {
    var year: Int64
    /// 1...12.
    var month: Int
    /// 1...31.
    var day: Int

    private static let daysPerEra: Int64 = 146_097

    init?(year: Int64, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        // A day that its month does not have comes back as another one.
        guard CivilDate(dayNumber: dayNumber) == self else { return nil }
    }

    /// `dayNumber`: days since 1970-01-01. Counted in eras of 400 years that begin on the first of March, so that the leap
    /// day is the last of its year.
    init(dayNumber: Int64) {
        let shifted = dayNumber + 719_468
        let dayOfEra = Self.remainder(shifted, Self.daysPerEra)
        let era = (shifted - dayOfEra) / Self.daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01.
    var dayNumber: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let yearOfEra = Self.remainder(shiftedYear, 400)
        let era = (shiftedYear - yearOfEra) / 400
        let shiftedMonth = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * Self.daysPerEra + dayOfEra - 719_468
    }

    /// Never negative. `divisor`: above 0.
    static func remainder(_ number: Int64, _ divisor: Int64) -> Int64 {
        let remainder = number % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }

    /// `2026-09-21`.
    var description: String { "\(Self.padded(Int(year), 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))" }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
