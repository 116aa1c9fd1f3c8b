import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// `GET /v1/usage`: what the caller's generations have cost, by the site's own ledger (docs/api.md).
struct UsageRoutes: Sendable {
    let services: Boxed<GatewayServices>
    let authorization: Authorization

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        table.add(.get, "/v1/usage", to: router) { request, context in
            let caller = try authorization.caller(of: request, context, for: .readGenerations)
            let query = try UsageQueryDecoder(now: services.time.now)
                .query(QueryParameters(request.uri.query), owner: caller.seesEverything ? nil : caller.owner)
            return JSONResponse.make(try await answer(to: query))
        }
    }

    private func answer(to query: UsageQuery) async throws -> JSONValue {
        let sums = try await services.usage.usageSums(query)
        var whole = query
        whole.groups = []
        let total = try await services.usage.usageSums(whole).first ?? UsageSum()
        let groups = UsageQuery.Dimension.allCases.filter(query.groups.contains)
        return [
            "object": "usage", "from": .integer(query.from.seconds), "to": .integer(query.to.seconds),
            "group_by": .array(groups.map { .string($0.rawValue) }),
            "data": .array(sums.prefix(UsageQueryDecoder.limit).map { Self.object($0, groups) }),
            "total": Self.object(total, []), "has_more": .bool(sums.count > UsageQueryDecoder.limit),
        ]
    }

    private static func object(_ sum: UsageSum, _ groups: [UsageQuery.Dimension]) -> JSONValue {
        var object = JSONObject()
        for group in groups {
            object[group.rawValue] =
                switch group {
                case .day: .optional(sum.day.map { CalendarDay(number: $0).description })
                case .model: .optional(sum.model)
                case .kind: .optional(sum.kind?.rawValue)
                case .key: .optional(sum.owner)
                case .account: .optional(sum.account?.rawValue)
                }
        }
        let numbers = [
            ("generations", sum.generations), ("succeeded", sum.succeeded), ("failed", sum.failed),
            ("canceled", sum.canceled), ("credits_used", sum.used), ("credits_charged", sum.charged),
            ("credits_refunded", sum.refunded), ("credits_reserved", sum.reserved), ("unsettled", sum.unsettled),
            ("unknown", sum.unknown),
        ]
        for (name, number) in numbers { object[name] = .integer(Int64(number)) }
        return .object(object)
    }
}
