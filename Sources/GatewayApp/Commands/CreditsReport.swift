import GatewayCore
import WireJSON

/// What the token endpoints answer (endpoints.md section 17), for people. Tokens are shortened: they are keys.
struct CreditsReport {
    private let items: [JSONValue]
    private let member: String

    /// `member`: where an item's credits stand, `points` or `credits`.
    init(_ answer: JSONValue, member: String) {
        items = answer.array ?? []
        self.member = member
    }

    /// The table, or one JSON object per line.
    func lines(asJSON: Bool) -> [String] {
        guard !asJSON else { return items.map { object($0).serializedString() } }
        let rows = items.map { item -> [String] in
            let credits = item[member]
            let numbers = ["giftCredit", "purchaseCredit", "vipCredit", "totalCredit"].map { name in
                credits?[name]?.int.map { String($0) } ?? "-"
            }
            return [Self.shortened(item["token"]?.string ?? "")] + numbers + [Self.note(item)]
        }
        let table = ModelsCommand.table([["ACCOUNT", "GIFT", "BOUGHT", "MEMBER", "TOTAL", ""]] + rows)
        return table.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The first account's trouble, when none has credits to show.
    var problem: GatewayClient.Problem? {
        guard !items.contains(where: { !($0[member]?.isNull ?? true) }) else { return nil }
        guard let error = items.compactMap({ $0["error"] }).first(where: { $0.object != nil }) else {
            return GatewayClient.Problem(message: "The gateway told of no account.")
        }
        return GatewayClient.Problem(error: error)
    }

    func show(asJSON: Bool) throws {
        if let problem { throw problem }
        for line in lines(asJSON: asJSON) { Terminal.say(line) }
    }

    private func object(_ item: JSONValue) -> JSONValue {
        guard var object = item.object else { return item }
        object["token"] = .string(Self.shortened(item["token"]?.string ?? ""))
        return .object(object)
    }

    private static func note(_ item: JSONValue) -> String {
        if let error = item["error"], let text = error["message"]?.string ?? error.string { return text }
        switch item["received"]?.bool {
        case true: return "claimed"
        case false: return "nothing to claim"
        case nil: return ""
        }
    }

    /// The region's prefix, and the ends of what follows.
    static func shortened(_ token: String) -> String {
        guard token.count >= 16 else { return token.hasPrefix("sandbox-") ? token : "****" }
        return "\(token.prefix(7))****\(token.suffix(4))"
    }
}
