import WireJSON

/// The answer of `GET /v1/usage`, for people.
struct UsageReport {
    private let answer: JSONValue

    init(_ answer: JSONValue) {
        self.answer = answer
    }

    /// The table with its total, or the answer as one line of JSON.
    func lines(asJSON: Bool) -> [String] {
        guard !asJSON else { return [answer.serializedString()] }
        let groups = answer["group_by"]?.array?.compactMap(\.string) ?? []
        let header = groups.map { $0.uppercased() } + ["GENERATIONS", "FAILED", "CREDITS", "REFUNDED", "PENDING", ""]
        var rows = (answer["data"]?.array ?? []).map { item in
            groups.map { item[$0]?.string ?? "-" } + Self.numbers(item)
        }
        if let total = answer["total"], !groups.isEmpty {
            let name = groups.indices.map { $0 == 0 ? "total" : "" }
            rows.append(name + Self.numbers(total))
        }
        let table = ModelsCommand.table([header] + rows)
        var lines = table.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if answer["has_more"]?.bool == true { lines.append("There is more: ask for fewer days.") }
        return lines
    }

    private static func numbers(_ item: JSONValue) -> [String] {
        let numbers = ["generations", "failed", "credits_used", "credits_refunded", "credits_reserved"].map { name in
            item[name]?.int.map { String($0) } ?? "-"
        }
        var notes: [String] = []
        if let count = item["unsettled"]?.int, count > 0 { notes.append("\(count) not settled yet") }
        if let count = item["unknown"]?.int, count > 0 { notes.append("\(count) not in the ledger") }
        return numbers + [notes.joined(separator: ", ")]
    }

    /// `+08:00`.
    static func offset(seconds: Int) -> String {
        let minutes = abs(seconds) / 60
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(seconds < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    }
}
