/// How an account fares at the site, with reasons and times: a pure state machine, fed with everything the site tells
/// about the account (errors.md section 4; console.md section 7). What was learnt about the account is remembered across
/// restarts.
///
/// Whether an administrator has switched the account off is no part of it (``StoredAccount/isEnabled``).
package struct AccountHealth: Hashable, Sendable, Codable {
    package enum Condition: String, Hashable, Sendable, Codable, CaseIterable {
        case healthy
        /// The site said that the credits do not suffice.
        case noCredits = "no_credits"
        case dailyLimit = "daily_limit"
        /// The site is busy or asks for a pause; lasts seconds.
        case rateLimited = "rate_limited"
        /// Three submissions in a row were refused for their content.
        case contentRefusals = "content_refusals"
        /// Stopped by the site's risk control. Nothing is submitted before the pause has ended.
        case riskControl = "risk_control"
        case sessionDead = "session_dead"
        case blocked
        /// Three technical failures in a row.
        case failing
    }

    package internal(set) var condition: Condition
    /// When the condition began; nil while nothing has happened yet.
    package internal(set) var since: Timestamp?
    /// When the condition is expected to be over; nil = healthy.
    package internal(set) var until: Timestamp?
    /// The newest answer that spoke against the account, kept also after it has recovered.
    package internal(set) var lastFault: GenerationFault.Kind?
    package internal(set) var lastFaultAt: Timestamp?
    /// When the site last refused this account's video submissions because its owner has not agreed to the terms there.
    package internal(set) var videoTermsMissingSince: Timestamp?

    /// How often the present kind of pause came in a row; decides its length.
    var repeats: Int
    /// Technical failures since the last success.
    var failures: Int
    /// Submissions refused for their content since the last accepted one.
    var contentRefusals: Int
    /// A balance that did not suffice; a higher one ends ``Condition/noCredits``.
    var insufficientBalance: Int?
    /// Grows with every change, so that an older state never replaces a newer one in the store.
    package internal(set) var revision: Int

    package init() {
        condition = .healthy
        repeats = 0
        failures = 0
        contentRefusals = 0
        revision = 0
    }

    private enum CodingKeys: String, CodingKey {
        case condition, since, until, lastFault, lastFaultAt, videoTermsMissingSince, repeats, failures
        case contentRefusals, insufficientBalance, revision
    }

    /// Missing members have their initial values: what earlier versions wrote is read.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        condition = try values.decodeIfPresent(Condition.self, forKey: .condition) ?? .healthy
        since = try values.decodeIfPresent(Timestamp.self, forKey: .since)
        until = try values.decodeIfPresent(Timestamp.self, forKey: .until)
        lastFault = try values.decodeIfPresent(GenerationFault.Kind.self, forKey: .lastFault)
        lastFaultAt = try values.decodeIfPresent(Timestamp.self, forKey: .lastFaultAt)
        videoTermsMissingSince = try values.decodeIfPresent(Timestamp.self, forKey: .videoTermsMissingSince)
        repeats = try values.decodeIfPresent(Int.self, forKey: .repeats) ?? 0
        failures = try values.decodeIfPresent(Int.self, forKey: .failures) ?? 0
        contentRefusals = try values.decodeIfPresent(Int.self, forKey: .contentRefusals) ?? 0
        insufficientBalance = try values.decodeIfPresent(Int.self, forKey: .insufficientBalance)
        revision = try values.decodeIfPresent(Int.self, forKey: .revision) ?? 0
    }
}

// MARK: - What may be done now

extension AccountHealth {
    /// Whether a submission may go to the account.
    package enum Gate: Hashable, Sendable {
        case open
        /// The pause is over, but nobody has tried yet: one submission at a time.
        case trial
        /// Opens by itself in a moment: worth waiting for.
        case opens(Timestamp)
        /// The site would most likely refuse, which costs nothing: one submission at a time, and only when no account
        /// does better.
        case lastResort
        /// Nothing may be sent now.
        case closed

        /// Whether a submission is welcome.
        var isPassable: Bool { self == .open || self == .trial }
    }

    package func gate(at now: Timestamp) -> Gate {
        guard condition != .healthy, let until else { return .open }
        if until <= now { return .trial }
        switch condition {
        case .healthy: return .open
        case .contentRefusals: return .lastResort
        case .rateLimited: return .opens(until)
        case .riskControl, .blocked: return .closed
        case .noCredits, .dailyLimit, .sessionDead, .failing:
            return (lastFaultAt ?? now) + condition.trialGap <= now ? .lastResort : .closed
        }
    }

    /// When ``gate(at:)`` may give a better answer by itself; nil when it can't get better.
    package func nextChange(after now: Timestamp) -> Timestamp? {
        guard condition != .healthy, let until, until > now else { return nil }
        let trial = (lastFaultAt ?? now) + condition.trialGap
        return condition.isTriedEarly && trial > now ? min(trial, until) : until
    }

    /// Until when nothing may be asked of the account that can wait: its session is dead, or the site has taken
    /// offence. Nil when there is no such reason.
    func quietUntil(_ now: Timestamp) -> Timestamp? {
        guard condition.mustBeKept || condition == .sessionDead, let until, until > now else { return nil }
        return until
    }

    /// Why the account can't serve now, for the client, with the wait until it may; nil when it is healthy.
    package func fault(at now: Timestamp) -> GenerationFault? {
        guard condition != .healthy else { return nil }
        var fault = GenerationFault(kindForClients)
        if let until, until > now { fault.retryAfter = until - now }
        return fault
    }

    private var kindForClients: GenerationFault.Kind {
        switch condition {
        case .healthy, .contentRefusals: .noAvailableAccount
        case .noCredits: .insufficientCredits
        case .dailyLimit: .dailyLimitReached
        case .rateLimited: .upstreamBusy
        case .riskControl: .riskControl
        case .sessionDead: .invalidSession
        case .blocked: .accountBlocked
        case .failing: lastFault ?? .upstreamUnreachable
        }
    }
}

extension AccountHealth.Condition {
    /// The least time between two tries while the condition lasts. Somebody who has just bought credits or signed in
    /// again gets through soon, and a flood of requests does not reach the site.
    var trialGap: Duration {
        switch self {
        case .noCredits: .seconds(10)
        case .sessionDead: .seconds(30)
        case .dailyLimit: .seconds(60)
        case .failing: .seconds(5)
        case .healthy, .rateLimited, .contentRefusals, .riskControl, .blocked: .zero
        }
    }

    /// Whether a try before the end of the pause does no harm.
    var isTriedEarly: Bool {
        switch self {
        case .noCredits, .dailyLimit, .sessionDead, .failing: true
        case .healthy, .rateLimited, .contentRefusals, .riskControl, .blocked: false
        }
    }
}
