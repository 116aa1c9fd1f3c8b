import WireJSON

extension SiteState {
    /// The daily gift.
    static let gift = 66

    /// `user_credit`.
    mutating func credits(caller: SandboxCaller, at now: Int64) throws(SandboxRefusal) -> JSONValue {
        if caller.script == .oldSession { throw SandboxRefusal(1015) }
        let credits = withAccount(of: caller, at: now) { account in
            account.creditReads += 1
            return Int64(account.credits)
        }
        let end = ChinaTime.endOfDay(now / 1_000)
        return [
            "credit": ["vip_credit": 0, "gift_credit": .integer(credits), "purchase_credit": 0],
            "expiring_credits": credits > 0
                ? [["credit_amount": .integer(credits), "expire_time": .integer(end)]] : [],
            "credits_detail": [
                "gift_credits": credits > 0
                    ? [["residual_credits": .integer(credits), "credits_life_end": .integer(end)]] : []
            ],
        ]
    }

    /// `credit_receive`: once a day, but never for an account that is scripted to be poor.
    mutating func claim(_ call: SiteCall, caller: SandboxCaller, at now: Int64) throws(SandboxRefusal) -> JSONValue {
        let body = try? JSONValue.parse(call.body)
        guard body?["time_zone"]?.string?.isEmpty == false else { throw SandboxRefusal(34_010_100) }
        guard caller.script != .nocredits else { throw SandboxRefusal(1014) }
        let total = withAccount(of: caller, at: now) { account in
            account.claim(Self.gift, at: now) ? Int64(account.credits) : nil
        }
        guard let total else { throw SandboxRefusal(34_010_105) }
        remember(.claimed(session: caller.sessionID, region: caller.region, at: now), of: caller.sessionID)
        return ["receive_quota": .integer(Int64(Self.gift)), "cur_total_credits": .integer(total)]
    }

    /// `user_credit_history`: newest first, a page at a time; charges show up with a delay.
    mutating func ledger(_ call: SiteCall, caller: SandboxCaller, at now: Int64) throws(SandboxRefusal) -> JSONValue {
        let body = try? JSONValue.parse(call.body)
        let count = body?["count"]?.int ?? 20
        guard (1...100).contains(count), let cursor = Int(body?["cursor"]?.string ?? "0"), cursor >= 0 else {
            throw SandboxRefusal(1000, "count or cursor is no number")
        }
        let wanted = body?["history_type"]?.int
        let account = withAccount(of: caller, at: now) { $0 }
        let visible = account.ledger.reversed().filter { entry in
            entry.visibleAt <= now && (wanted == nil || wanted == (entry.isSpending ? 2 : 1))
        }
        let offset = clockOffset(of: caller)
        let page = visible.dropFirst(cursor).prefix(Int(count))
        let next = cursor + page.count
        let records = page.map { entry -> JSONValue in
            [
                "amount": .integer(Int64(entry.amount)), "history_type": entry.isSpending ? 2 : 1,
                "create_time": .integer((entry.createdAt + offset) / 1_000), "title": .string(entry.title),
                "status": "Checked",
                "submit_id": .string(entry.submitID), "history_id": .string(entry.historyID),
            ]
        }
        return [
            "total_credit": .integer(Int64(account.credits)), "records": .array(records),
            "new_cursor": .string(String(next)), "has_more": .bool(next < visible.count),
        ]
    }
}
