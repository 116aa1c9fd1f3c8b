import WireJSON

/// Stored accounts as the admin API tells them, for people.
enum AccountReport {
    static func table(_ accounts: [JSONValue]) -> String {
        let rows = accounts.map { account in
            [
                text(account, "id"), text(account, "label"), text(account, "region"), text(account, "session"),
                status(account), credits(account), "\(account["running"]?.int ?? 0)",
                String(text(account, "last_used_at").prefix(16)), tags(account),
            ]
        }
        return ModelsCommand.table(
            [["ID", "LABEL", "REGION", "SESSION", "STATUS", "CREDITS", "RUNNING", "LAST USED", "TAGS"]] + rows)
    }

    static func added(_ account: JSONValue) -> String {
        "\(text(account, "id")) (\(text(account, "session"))) is added."
    }

    static func line(_ account: JSONValue) -> String { "\(text(account, "id"))  \(status(account))" }

    static func checked(_ account: JSONValue) -> String {
        let session: String
        switch account["live"]?.bool {
        case true?: session = "the session works"
        case false?: session = "the session is dead"
        case nil: session = "the site can't be asked"
        }
        let fault = account["fault"]?.string.map { " [\($0)]" } ?? ""
        return "\(text(account, "id"))  \(text(account, "session"))  \(session)\(fault), credits: \(credits(account))"
    }

    private static func status(_ account: JSONValue) -> String {
        let status = text(account, "status")
        guard !["healthy", "disabled", "unreadable"].contains(status), let until = account["status_until"]?.string
        else {
            return status
        }
        return "\(status) until \(until.prefix(16))"
    }

    private static func credits(_ account: JSONValue) -> String {
        account["credits"]?["total"]?.int.map(String.init) ?? "-"
    }

    private static func tags(_ account: JSONValue) -> String {
        let tags = (account["tags"]?.array ?? []).compactMap(\.string)
        return tags.isEmpty ? "-" : tags.joined(separator: ",")
    }

    private static func text(_ account: JSONValue, _ name: String) -> String {
        account[name]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? "-"
    }
}
