import GatewayCore
import WireJSON

/// A gateway key as administrators see it. Holds no secret.
enum KeyRecord {
    /// `standings`: of every period.
    static func object(of key: GatewayKey, _ standings: [CreditStanding], now: Timestamp) -> JSONObject {
        let rules = key.rules
        return [
            "id": .string(key.id.rawValue), "object": "key", "name": .string(key.name),
            "preview": .string(key.preview), "enabled": .bool(key.isEnabled),
            "status": .string(key.status(at: now).rawValue), "created_at": .string(key.createdAt.iso8601),
            "last_used_at": .optional(key.lastUsedAt?.iso8601), "expires_at": .optional(key.expiresAt?.iso8601),
            "previous_valid_until": .optional(previous(key, now)?.iso8601),
            "kinds": .strings(rules.kinds.map(\.rawValue).sorted()), "models": .strings(rules.models),
            "account_tags": .strings(rules.accountTags),
            "regions": .strings(Region.allCases.filter(rules.regions.contains).map(\.rawValue)),
            "ip_allow_list": .strings(rules.networks.map(\.description)),
            "requests_per_minute": .optional(rules.requestsPerMinute), "jobs_at_once": .optional(rules.jobsAtOnce),
            "credits_per_day": .optional(rules.creditsPerDay), "credits_per_month": .optional(rules.creditsPerMonth),
            "credits": .object(credits(standings)),
            "scopes": .strings(KeyScope.allCases.filter(rules.scopes.contains).map(\.rawValue)),
        ]
    }

    /// With the secret, the only time that it is shown.
    static func object(of issued: IssuedKey, _ standings: [CreditStanding], now: Timestamp) -> JSONObject {
        var object = object(of: issued.key, standings, now: now)
        object["key"] = .string(issued.secret.text.reveal())
        return object
    }

    private static func credits(_ standings: [CreditStanding]) -> JSONObject {
        var object = JSONObject()
        for standing in standings {
            object[standing.period.rawValue] = [
                "used": .integer(Int64(standing.spent.settled)), "reserved": .integer(Int64(standing.spent.reserved)),
                "limit": .optional(standing.limit), "remaining": .optional(standing.remaining),
                "resets_at": .string(standing.resetsAt.iso8601),
            ]
        }
        return object
    }

    private static func previous(_ key: GatewayKey, _ now: Timestamp) -> Timestamp? {
        key.predecessor.flatMap { $0.until > now ? $0.until : nil }
    }
}
