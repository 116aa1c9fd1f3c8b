import WireJSON

/// The site's price book as it shows it to one account (protocol page `field-notes.md`, section (f)): `benefit_metadata`.
package struct PriceBookReply: Sendable, Hashable {
    /// How a service is paid.
    package struct Strategy: Sendable, Hashable {
        /// Joins with what the catalogue names for a model and resolution.
        package var benefitType: String
        /// `count`, `page`, `second`, `minute`, in lower case.
        package var unit: String?
        /// Credits for a unit, at most 1,000,000; nil when credits don't pay for it.
        package var unitPrice: Int?
        /// The fewest units that are charged, 1 ... 1,000,000.
        package var minimumUnits: Int?
        /// Times in which some of it is free.
        package var freeTimes: [FreeTime]
        /// A membership has some of it.
        package var isInMembership: Bool

        /// Whether what is left of a quota costs nothing.
        package func hasFreeUnits(at unixSeconds: Int64) -> Bool {
            isInMembership || freeTimes.contains { $0.contains(unixSeconds) }
        }
    }

    /// Unix seconds; nil = without bound.
    package struct FreeTime: Sendable, Hashable {
        package var start: Int64?
        package var end: Int64?

        func contains(_ time: Int64) -> Bool { (start ?? time) <= time && time < (end ?? .max) }
    }

    /// Every strategy of every resource, at most 5,000.
    package var strategies: [Strategy]

    /// Throws when the answer holds no list.
    package init(_ envelope: SiteEnvelope) throws(SiteFault) {
        guard let resources = envelope.commerceList("metadata_list") else {
            throw SiteFault(kind: .invalidResponse, context: .check, ret: envelope.ret, logID: envelope.logID)
        }
        strategies = resources.prefix(100).flatMap { resource in
            (resource["benefits_pay_strategy"]?.array ?? []).prefix(2_000).compactMap(Self.strategy)
        }
        if strategies.count > 5_000 { strategies.removeLast(strategies.count - 5_000) }
    }

    private static func strategy(_ value: JSONValue) -> Strategy? {
        guard let benefitType = SafeText.identifier(value["benefit_type"]?.looseText) else { return nil }
        let pricing = value["credit_strategy"]?["credit_pricing_info"]
        let times = (value["limitfree_strategy"]?["limitfree_limits"]?.array ?? []).prefix(100).compactMap {
            limit -> FreeTime? in
            // A limit of none is no gift.
            guard limit.object != nil, limit["limit_count"]?.looseInt.map({ $0 > 0 }) ?? true else { return nil }
            return FreeTime(
                start: SiteTime.unixSeconds(limit["limit_start_time"]),
                end: SiteTime.unixSeconds(limit["limit_end_time"])
            )
        }
        let membership = (value["subscribe_strategy"]?["subscribe_limits"]?.array ?? []).prefix(100)
        return Strategy(
            benefitType: benefitType, unit: SafeText.identifier(value["unit"]?.looseText)?.lowercased(),
            unitPrice: pricing?["credit_unit_price"]?.looseInt.flatMap { (0...1_000_000).contains($0) ? $0 : nil },
            minimumUnits: pricing?["min_charge_cnt"]?.looseInt.flatMap { (1...1_000_000).contains($0) ? $0 : nil },
            freeTimes: times,
            isInMembership: membership.contains { $0.object != nil && $0["count"]?.looseInt != 0 })
    }
}

/// What an account has left of everything that is given by number: `batch_get_user_benefit`.
package struct BenefitReply: Sendable, Hashable {
    /// Units by benefit type, above 0.
    package var left: [String: Int]
    package var totalCredits: Int?

    /// Throws when the answer holds no list.
    package init(_ envelope: SiteEnvelope) throws(SiteFault) {
        guard let assets = envelope.commerceList("asset_list") else {
            throw SiteFault(kind: .invalidResponse, context: .check, ret: envelope.ret, logID: envelope.logID)
        }
        var left: [String: Int] = [:]
        for asset in assets.prefix(5_000) {
            guard let benefitType = SafeText.identifier(asset["benefit_type"]?.looseText) else { continue }
            let units = Self.units(of: asset)
            // The same may stand under several resources.
            if units > 0 { left[benefitType] = max(left[benefitType] ?? 0, units) }
        }
        self.left = left
        totalCredits = envelope.payload["total_credits"]?.looseInt
    }

    /// Without what would be paid with credits. The meaning of a number below 0 is not known.
    private static func units(of asset: JSONValue) -> Int {
        func number(_ value: JSONValue) -> Int { min(max(value["quota_left"]?.looseInt ?? 0, 0), 1_000_000) }
        guard let details = asset["asset_details"]?.array, !details.isEmpty else { return number(asset) }
        return details.prefix(100).reduce(0) { sum, detail in
            let isPaid = detail["pay_mode"]?.looseText?.lowercased().contains("credit") ?? false
            return isPaid ? sum : min(sum + number(detail), 1_000_000)
        }
    }
}

extension SiteEnvelope {
    /// A list of a commerce answer, in `data` or in the text beside it.
    fileprivate func commerceList(_ name: String) -> [JSONValue]? {
        if let list = payload[name]?.array { return list }
        return body["response"]?.string.flatMap { try? JSONValue.parse($0) }?[name]?.array
    }
}
