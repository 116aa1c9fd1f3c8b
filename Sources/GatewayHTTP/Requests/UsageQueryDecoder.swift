import GatewayCore

/// Reads the query of `GET /v1/usage`.
struct UsageQueryDecoder {
    /// The longest stretch of time, in days.
    static let longestRange = 366
    /// Sums in one answer.
    static let limit = 10_000
    private static let usualRange = Duration.seconds(29 * 86_400)

    let now: Timestamp

    /// `owner`: whose generations count; nil = everybody's.
    func query(_ parameters: QueryParameters, owner: String?) throws(RequestProblem) -> UsageQuery {
        let offset = try offset(parameters["utc_offset"])
        // Days count whole, the last one too.
        let to = try instant(parameters["to"], name: "to", offset: offset, isEnd: true) ?? now + .milliseconds(1)
        let from =
            try instant(parameters["from"], name: "from", offset: offset, isEnd: false)
            ?? CalendarDay(to + (.zero - Self.usualRange), offset: offset).start(offset: offset)
        guard from < to else {
            throw .outOfRange(
                "from", from: "1970-01-01", to: parameters["to"] ?? "now", got: parameters["from"] ?? "")
        }
        guard to - from <= .seconds(Int64(Self.longestRange + 1) * 86_400) else {
            throw .outOfRange(
                "from", from: CalendarDay(to, offset: offset).before(Self.longestRange), to: "to",
                got: parameters["from"] ?? "")
        }
        return UsageQuery(
            owner: owner, from: from, to: to, groups: try groups(parameters["group_by"]), dayOffset: offset,
            limit: Self.limit + 1)
    }

    /// `2026-11-21`, or Unix seconds.
    private func instant(
        _ text: String?, name: String, offset: Duration, isEnd: Bool
    ) throws(RequestProblem) -> Timestamp? {
        guard let text, !text.isEmpty else { return nil }
        if let day = CalendarDay(text) {
            return CalendarDay(number: day.number + (isEnd ? 1 : 0)).start(offset: offset)
        }
        guard let seconds = Int64(text), (0...253_402_300_800).contains(seconds) else {
            throw .invalidValue(name, got: text, allowed: ["2026-11-21", "1795219200"])
        }
        return Timestamp(seconds: seconds)
    }

    private func groups(_ text: String?) throws(RequestProblem) -> Set<UsageQuery.Dimension> {
        guard let text, !text.isEmpty else { return [.day] }
        var groups: Set<UsageQuery.Dimension> = []
        for word in text.split(separator: ",").prefix(20) {
            let name = String(word).trimmingBlanks()
            if name == "none" { continue }
            guard let group = UsageQuery.Dimension(rawValue: name) else {
                throw .invalidValue(
                    "group_by", got: name, allowed: UsageQuery.Dimension.allCases.map(\.rawValue) + ["none"])
            }
            groups.insert(group)
        }
        return groups
    }

    /// `+08:00`, `-5`, `Z`. In a query a plus may have become a blank.
    private func offset(_ text: String?) throws(RequestProblem) -> Duration {
        guard let text, !text.isEmpty, text.lowercased() != "z" else { return .zero }
        let sign = text.hasPrefix("-") ? -1 : 1
        let digits = text.drop { $0 == "+" || $0 == "-" || $0 == " " }
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false)
        let minutes = parts.count == 2 ? Int(parts[1]) : 0
        guard (1...2).contains(parts.count), parts.allSatisfy({ (1...2).contains($0.utf8.count) }),
            let hours = Int(parts[0]), let minutes, (0...14).contains(hours), (0...59).contains(minutes)
        else { throw .invalidValue("utc_offset", got: text, allowed: ["+08:00", "-05:00", "Z"]) }
        return .seconds(sign * (hours * 3600 + minutes * 60))
    }
}

extension CalendarDay {
    fileprivate func before(_ days: Int) -> String { CalendarDay(number: number - Int64(days)).description }
}
