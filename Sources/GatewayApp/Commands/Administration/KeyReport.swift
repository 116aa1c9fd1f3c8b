import WireJSON

/// Gateway keys as the admin API tells them, for people.
enum KeyReport {
    static func table(_ keys: [JSONValue]) -> String {
        let rows = keys.map { key in
            [
                key["id"]?.string ?? "-", key["name"]?.string ?? "-", key["preview"]?.string ?? "-",
                key["status"]?.string ?? "-", day(key["created_at"]), day(key["last_used_at"]),
                day(key["expires_at"]), credits(key), limits(key),
            ]
        }
        return ModelsCommand.table(
            [["ID", "NAME", "KEY", "STATUS", "CREATED", "LAST USED", "EXPIRES", "CREDITS", "LIMITS"]] + rows)
    }

    /// Everything about one key, a line each.
    static func lines(_ key: JSONValue) -> [String] {
        guard let members = key.object else { return [] }
        var shown: [(String, JSONValue)] = []
        for (name, value) in members where name != "object" && name != "key" && !value.isNull {
            if name == "credits" {
                for period in periods where value[period] != nil {
                    shown.append(("credits this \(period)", .string(standing(value[period] ?? .null))))
                }
            } else {
                shown.append((name, value))
            }
        }
        let width = shown.map { $0.0.count }.max() ?? 0
        return shown.map { name, value in
            let text =
                value.array.map { $0.compactMap(\.string).joined(separator: ", ") } ?? value.string
                ?? value.serializedString()
            return name + String(repeating: " ", count: width - name.count + 2) + (text.isEmpty ? "any" : text)
        }
    }

    private static let periods = ["day", "month"]

    /// What was used in each period and, after a plus, what is set aside for generations whose cost is not known yet.
    static func credits(_ key: JSONValue) -> String {
        let parts = periods.compactMap { period -> String? in
            guard let standing = key["credits"]?[period], let used = standing["used"]?.int else { return nil }
            let reserved = standing["reserved"]?.int ?? 0
            return "\(period) \(used)" + (reserved > 0 ? "+\(reserved)" : "")
        }
        return parts.isEmpty ? "-" : parts.joined(separator: ", ")
    }

    private static func standing(_ standing: JSONValue) -> String {
        var text = "\(standing["used"]?.int ?? 0) used, \(standing["reserved"]?.int ?? 0) reserved"
        if let limit = standing["limit"]?.int {
            text +=
                ", \(standing["remaining"]?.int ?? 0) of \(limit) left until \(standing["resets_at"]?.string ?? "-")"
        }
        return text
    }

    static func limits(_ key: JSONValue) -> String {
        var parts: [String] = []
        for (name, shown) in [("kinds", ""), ("models", ""), ("regions", ""), ("account_tags", "tags ")] {
            let values = (key[name]?.array ?? []).compactMap(\.string)
            if !values.isEmpty { parts.append(shown + values.joined(separator: ",")) }
        }
        if let number = key["requests_per_minute"]?.int { parts.append("\(number)/min") }
        if let number = key["jobs_at_once"]?.int { parts.append("\(number) at once") }
        if let number = key["credits_per_day"]?.int { parts.append("\(number) credits/day") }
        if let number = key["credits_per_month"]?.int { parts.append("\(number) credits/month") }
        if key["scopes"]?.array?.contains("admin") == true { parts.append("admin") }
        return parts.isEmpty ? "none" : parts.joined(separator: "; ")
    }

    private static func day(_ value: JSONValue?) -> String {
        value?.string.map { String($0.prefix(10)) } ?? "-"
    }
}
