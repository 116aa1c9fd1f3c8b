import WireJSON

extension SiteCaller {
    /// How to ask for the balance. The bare form (no query, the page's referer) is what works; the usual one is the
    /// fallback when the bare one is refused.
    package enum CreditForm: Sendable, Hashable, CaseIterable {
        case bare, usual
    }

    /// What ledger entries to list.
    package enum LedgerFilter: Int, Sendable, Hashable {
        case received = 1
        case spent = 2
    }

    /// The credit balance; also the session check that works in every region.
    package func credit(form: CreditForm = .bare, at unixSeconds: Int64) -> SiteRequest {
        let referer = region == .cn ? "\(region.profile.site)/ai-tool/image/generate" : "\(region.profile.site)/"
        return request(
            .commerce, "/commerce/v1/benefits/user_credit", body: bytes([:]),
            referer: form == .bare ? referer : nil, sendsQuery: form == .usual, at: unixSeconds)
    }

    /// Claims the daily credits of the day it is in the region.
    package func claimCredits(at unixSeconds: Int64) -> SiteRequest {
        let referer = region == .cn ? "\(region.profile.site)/ai-tool/home" : "\(region.profile.site)/"
        return request(
            .commerce, "/commerce/v1/benefits/credit_receive",
            body: bytes(["time_zone": .string(region.profile.timeZone)]),
            referer: referer, at: unixSeconds)
    }

    /// One page of the credit ledger; `cursor` is "0" for the first page, then what the last reply named.
    package func ledger(
        count: Int = 20, cursor: String = "0", filter: LedgerFilter? = .spent, at unixSeconds: Int64
    ) -> SiteRequest {
        var body: JSONObject = ["count": .integer(Int64(count)), "cursor": .string(cursor)]
        if let filter { body["history_type"] = .integer(Int64(filter.rawValue)) }
        return request(
            .commerce, "/commerce/v1/benefits/user_credit_history", body: bytes(.object(body)),
            referer: "\(region.profile.site)/ai-tool/generate?type=image", sendsQuery: false, at: unixSeconds)
    }

    /// What the site's services cost the account.
    package func priceBook(at unixSeconds: Int64) -> SiteRequest {
        benefits("/commerce/v3/resource/benefit_metadata", at: unixSeconds)
    }

    /// What is left to the account of what is given by number.
    package func benefits(at unixSeconds: Int64) -> SiteRequest {
        benefits("/commerce/v3/benefits/batch_get_user_benefit", at: unixSeconds)
    }

    /// Everything of both kinds of resources, as the site's own page asks.
    private func benefits(_ path: String, at unixSeconds: Int64) -> SiteRequest {
        let queries = ["aigc", "normal_func"].map { type -> JSONValue in
            ["resource_type": .string(type), "resource_id": "get_all", "benefit_type_list": []]
        }
        return request(
            .commerce, path, body: bytes(["query_list": .array(queries)]),
            referer: "\(region.profile.site)/ai-tool/generate?type=image", sendsQuery: false, at: unixSeconds)
    }

    /// Session check of the mainland site.
    package func userInfo(at unixSeconds: Int64) -> SiteRequest {
        request(.webAPI, "/mweb/v1/get_user_info", body: bytes([:]), at: unixSeconds)
    }

    /// Session check by the passport service; international hosts answer 404.
    package func accountInfo(at unixSeconds: Int64) -> SiteRequest {
        request(
            .webAPI, "/passport/account/info/v2", body: nil,
            extraQuery: [SiteField("account_sdk_source", "web")], at: unixSeconds)
    }
}
