import GatewayCore
import WireJSON

/// A stored account as administrators see it. Holds no secret.
enum AccountObject {
    static func object(of account: AccountDescription) -> JSONObject {
        let health = account.health
        var object: JSONObject = [
            "id": .string(account.id.rawValue), "object": "account", "label": .string(account.labels.label),
            "tags": .strings(account.labels.tags), "note": .string(account.labels.note),
            "region": .string(account.region.rawValue), "sandbox": .bool(account.isSandbox),
            "origin": .string(account.origin.rawValue), "session": .string(account.preview),
            "proxy": .optional(account.proxyHost), "enabled": .bool(account.isEnabled),
            "status": .string(account.status.rawValue), "status_until": .optional(health.until?.iso8601),
            "last_error": .optional(health.lastFault?.rawValue),
            "last_error_at": .optional(health.lastFaultAt?.iso8601),
            "running": .integer(Int64(account.running)), "created_at": .string(account.createdAt.iso8601),
            "last_used_at": .optional(account.lastUsedAt?.iso8601),
        ]
        if let balance = account.balance {
            object["credits"] = [
                "total": .integer(Int64(balance.total)), "gift": .integer(Int64(balance.gift)),
                "purchase": .integer(Int64(balance.purchase)), "vip": .integer(Int64(balance.vip)),
                "read_at": .string(balance.readAt.iso8601),
            ]
        } else {
            object["credits"] = .null
        }
        return object
    }

    static func object(of check: AccountAdministration.Check) -> JSONObject {
        var object = object(of: check.account)
        object["live"] = check.isAlive.map { .bool($0) } ?? .null
        object["fault"] = .optional(check.fault?.kind.rawValue)
        return object
    }

    static func object(of claim: AccountAdministration.Claim) -> JSONObject {
        var object = object(of: claim.account)
        object["received"] = .bool(claim.isReceived)
        object["fault"] = .optional(claim.fault?.kind.rawValue)
        return object
    }
}
