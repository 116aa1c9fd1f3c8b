import WireJSON

/// Moments the site writes as Unix seconds, Unix milliseconds or ISO 8601 text.
enum SiteTime {
    /// Nil for anything else.
    static func unixSeconds(_ value: JSONValue?) -> Int64? {
        guard let value else { return nil }
        if let number = value.looseInt {
            guard number > 0 else { return nil }
            return number > 100_000_000_000 ? Int64(number / 1_000) : Int64(number)
        }
        return value.looseText.flatMap(iso8601)
    }

    /// `2026-03-01T08:09:10`, with an optional fraction, followed by `Z`, `+08:00` or `+0800`.
    private static func iso8601(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard (20...40).contains(bytes.count) else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
                return nil
            }
            return bytes[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61,
            bytes[4] == UInt8(ascii: "-"), bytes[13] == UInt8(ascii: ":")
        else { return nil }
        guard let offset = offset(String(decoding: bytes[19...], as: UTF8.self)) else { return nil }
        return ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - offset
    }

    /// Seconds east of UTC.
    private static func offset(_ text: String) -> Int64? {
        let zone = text.drop { $0 == "." || $0.isNumber }
        if zone == "Z" || zone == "z" { return 0 }
        guard let sign = zone.first, sign == "+" || sign == "-" else { return nil }
        let digits = zone.dropFirst().filter { $0 != ":" }
        guard digits.count == 4, let number = Int64(digits), number >= 0 else { return nil }
        let seconds = (number / 100 * 60 + number % 100) * 60
        return sign == "+" ? seconds : -seconds
    }

    /// Days since 1970-01-01.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
