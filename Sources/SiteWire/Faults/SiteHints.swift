/// What the site's own words speak of. The words themselves are not kept: they may repeat a prompt or name a person.
package struct SiteHints: OptionSet, Sendable, Hashable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Overload, too many users, peak time.
    package static let busy = SiteHints(rawValue: 1 << 0)
    package static let permission = SiteHints(rawValue: 1 << 1)
    package static let parameters = SiteHints(rawValue: 1 << 2)
    /// Risk, violation, sensitive content, review.
    package static let content = SiteHints(rawValue: 1 << 3)
    package static let concurrency = SiteHints(rawValue: 1 << 4)
    package static let canceled = SiteHints(rawValue: 1 << 5)
    package static let membership = SiteHints(rawValue: 1 << 6)
    package static let copyright = SiteHints(rawValue: 1 << 7)
    /// Terms that have to be accepted once on the website.
    package static let confirmation = SiteHints(rawValue: 1 << 8)

    /// What was asked for has happened before, as a second claim of a day's credits.
    package static let alreadyDone = SiteHints(rawValue: 1 << 9)
    /// Credits and points; a text that speaks of them means those, even where it recommends a membership.
    package static let credits = SiteHints(rawValue: 1 << 10)

    private static let words: [(hint: SiteHints, words: [String])] = [
        (.busy, ["busy", "too many", "peak", "繁忙", "高峰", "人数过多", "频繁"]),
        (.permission, ["permission", "no right", "not authorized", "权限"]),
        (.parameters, ["param", "argument", "参数"]),
        (
            .content,
            [
                "risk", "violat", "sensitive", "security", "audit", "tns check", "违规", "敏感", "审核", "风险", "社区",
            ]
        ),
        (.concurrency, ["concurrency", "并发"]),
        (.canceled, ["cancel", "取消"]),
        (.membership, ["membership", "vip", "会员"]),
        (.copyright, ["copyright", "版权", "侵权"]),
        (.confirmation, ["aigccomplianceconfirmationrequired", "compliance confirmation"]),
        (.alreadyDone, ["already", "已领取", "已经领取", "领取过"]),
        (.credits, ["credit", "积分"]),
    ]

    /// Reads at most the first 500 characters of each text.
    package init(texts: [String]) {
        var found: SiteHints = []
        for text in texts where !text.isEmpty {
            let lowered = text.prefix(500).lowercased()
            for entry in Self.words where entry.words.contains(where: { lowered.contains($0) }) {
                found.insert(entry.hint)
            }
        }
        self = found
    }
}
