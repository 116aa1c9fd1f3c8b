import WireJSON

/// Gateway keys as the admin API tells them, for people.
enum KeyReport {
    static func table(_ keys: [JSONValue]) -> String {
        let rows = keys.map { key in
            [
                key["id"]?.string ?? "-", key["name"]?.string ?? "-", key["preview"]?.string ?? "-",
                key["status"]?.string ?? "-", day(key["created_at"]), day(key["last_used_at"]),
                day(key["expires_at"]), limits(key),
            ]
        }
        return ModelsCommand.table(
            [["ID", "NAME", "KEY", "STATUS", "CREATED", "LAST USED", "EXPIRES", "LIMITS"]] + rows)
    }

    /// Everything about one key, a line each.
    static func lines(_ key: JSONValue) -> [String] {
        guard let members = key.object else { return [] }
        let shown = members.filter { name, value in name != "object" && name != "key" && !value.isNull }
        let width = shown.map { $0.0.count }.max() ?? 0
        return shown.map { name, value in
            let text =
                value.array.map { $0.compactMap(\.string).joined(separator: ", ") } ?? value.string
                ?? value.serializedString()
            return name + String(repeating: " ", count: width - name.count + 2) + (text.isEmpty ? "any" : text)
        }
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
