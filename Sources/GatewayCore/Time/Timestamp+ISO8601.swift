extension Timestamp {
    /// `2026-09-21T14:13:20Z`, without fractions of a second.
    package var iso8601: String {
        let second = CivilDate.remainder(seconds, 86_400)
        let date = CivilDate(dayNumber: (seconds - second) / 86_400)
        let parts = [second / 3600, second / 60 % 60, second % 60].map { CivilDate.padded(Int($0), 2) }
        return "\(date)T\(parts.joined(separator: ":"))Z"
    }

    /// Reads `2026-09-21`, `2026-09-21T14:13Z`, `2026-09-21 14:13:20.5+08:00` and the like. Without an offset it is UTC; a
    /// date alone is its midnight. Nil for anything else.
    package init?(iso8601 text: String) {
        let pattern =
            /(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+-]\d{2}:?\d{2})?)?/
        guard text.utf8.count <= 64, let match = text.wholeMatch(of: pattern)?.output,
            let year = Int64(match.1), let month = Int(match.2), let day = Int(match.3),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let hour = match.4.flatMap { Int64($0) } ?? 0
        let minute = match.5.flatMap { Int64($0) } ?? 0
        let second = match.6.flatMap { Int64($0) } ?? 0
        guard hour < 24, minute < 60, second < 60 else { return nil }
        let fraction = match.7.map { Int64(($0 + "00").prefix(3)) ?? 0 } ?? 0
        var offset: Int64 = 0
        if let zone = match.8, zone.lowercased() != "z" {
            let digits = zone.dropFirst().filter { $0 != ":" }
            guard let hours = Int64(digits.prefix(2)), let minutes = Int64(digits.suffix(2)), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * 60 * (zone.hasPrefix("-") ? -1 : 1)
        }
        let seconds = date.dayNumber * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(milliseconds: seconds * 1000 + fraction)
    }
}
