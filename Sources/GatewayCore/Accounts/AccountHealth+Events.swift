/// Something the site told about an account, or failed to tell.
package enum AccountEvent: Hashable, Sendable {
    /// A submission that left at this instant was accepted.
    case accepted(submittedAt: Timestamp, kind: MediaKind)
    /// A submission was refused, or a call failed, for this reason. `kind`: of the submission, where it was one.
    case failed(GenerationFault.Kind, kind: MediaKind? = nil)
    /// A call that needs the session worked.
    case sessionAlive
    case balance(Int)
    /// An administrator ends whatever pause there is.
    case cleared
}

extension AccountHealth {
    /// Lengths of pauses (console.md section 7).
    private enum Pause {
        static let riskControl = (first: Duration.seconds(1800), most: Duration.seconds(86_400))
        static let failing = (first: Duration.seconds(60), most: Duration.seconds(1800))
        static let rateLimited = (first: Duration.seconds(5), most: Duration.seconds(60))
        static let sessionDead = Duration.seconds(6 * 3600)
        static let blocked = Duration.seconds(3600)
        static let contentRefusals = Duration.seconds(300)
    }

    /// Failures in a row that make a pause.
    private static let patience = 3

    /// Takes an event over.
    /// `balance`: the account's newest known balance, if any.
    /// `region`: decides when the account's day ends.
    /// `jitter`: 0 to 1, by chance: spreads the ends of pauses.
    package mutating func take(_ event: AccountEvent, balance: Int?, region: Region, at now: Timestamp, jitter: Double)
    {
        let before = self
        switch event {
        case .accepted(let submittedAt, let kind):
            accepted(submittedAt: submittedAt, kind: kind)
        case .failed(let fault, let kind):
            failed(fault, kind: kind, balance: balance, dayEnd: region.nextDay(after: now), at: now, jitter)
        case .sessionAlive:
            failures = 0
            if condition == .sessionDead || condition == .failing { recover() }
        case .balance(let total):
            failures = 0
            // A balance can only be read with a session that works.
            if condition == .sessionDead || condition == .failing { recover() }
            if condition == .noCredits, total > insufficientBalance ?? 0 { recover() }
        case .cleared:
            recover()
            failures = 0
            contentRefusals = 0
            videoTermsMissingSince = nil
        }
        if self != before { revision = before.revision + 1 }
    }

    private mutating func accepted(submittedAt: Timestamp, kind: MediaKind) {
        failures = 0
        contentRefusals = 0
        if kind == .video { videoTermsMissingSince = nil }
        // Submissions run side by side: one that left before the trouble began says nothing against it.
        guard condition != .healthy, since.map({ $0 <= submittedAt }) ?? true else { return }
        recover()
    }

    private mutating func recover() {
        condition = .healthy
        since = nil
        until = nil
        repeats = 0
        insufficientBalance = nil
    }

    private mutating func failed(
        _ fault: GenerationFault.Kind, kind: MediaKind?, balance: Int?, dayEnd: Timestamp, at now: Timestamp,
        _ jitter: Double
    ) {
        switch fault {
        case .invalidSession:
            note(fault, at: now)
            pause(.sessionDead, for: Pause.sessionDead, at: now)
        case .insufficientCredits:
            note(fault, at: now)
            insufficientBalance = balance
            pause(.noCredits, for: dayEnd - now, at: now)
        case .dailyLimitReached:
            note(fault, at: now)
            pause(.dailyLimit, for: dayEnd - now, at: now)
        case .riskControl:
            note(fault, at: now)
            pauseLonger(.riskControl, Pause.riskControl, at: now, jitter)
        case .accountBlocked:
            note(fault, at: now)
            pause(.blocked, for: Pause.blocked, at: now)
        case .upstreamBusy:
            note(fault, at: now)
            pauseLonger(.rateLimited, Pause.rateLimited, at: now, jitter)
        case .complianceConfirmationRequired:
            note(fault, at: now)
            if kind == .video { videoTermsMissingSince = now }
        case .upstreamPermissionDenied, .paidCreditsRequired:
            // About a model or an option, not about the whole account.
            note(fault, at: now)
        case .contentPolicyViolation:
            guard kind != nil else { return }
            contentRefusals += 1
            if contentRefusals >= Self.patience {
                contentRefusals = 0
                pause(.contentRefusals, for: Pause.contentRefusals, at: now)
            }
        case .upstreamUnreachable, .proxyError, .upstreamHTTPError, .upstreamInvalidResponse:
            note(fault, at: now)
            failures += 1
            if failures >= Self.patience { pauseLonger(.failing, Pause.failing, at: now, jitter) }
        default:
            // The request's fault, the site's, or the gateway's own.
            break
        }
    }

    private mutating func note(_ fault: GenerationFault.Kind, at now: Timestamp) {
        lastFault = fault
        lastFaultAt = now
    }

    /// Graver reasons replace lighter ones; a lighter one never hides or shortens a graver pause that lasts.
    private mutating func pause(_ new: Condition, for length: Duration, at now: Timestamp) {
        if condition.gravity > new.gravity, let until, until > now { return }
        if condition != new {
            condition = new
            since = now
            repeats = 0
        }
        until = max(now + length, now + .seconds(1))
    }

    /// Twice as long each time in a row, by up to a fifth longer or shorter. Refusals of submissions that were under way
    /// together count once.
    private mutating func pauseLonger(
        _ new: Condition, _ lengths: (first: Duration, most: Duration), at now: Timestamp, _ jitter: Double
    ) {
        if condition == new, let until, until > now { return }
        let round = condition == new ? repeats + 1 : 0
        let length = min(lengths.most, lengths.first * (1 << min(round, 20)))
        pause(new, for: .seconds(length.inSeconds * (0.8 + 0.4 * min(max(jitter, 0), 1))), at: now)
        if condition == new { repeats = round }
    }
}

extension AccountHealth.Condition {
    /// Whether nothing may be submitted while it lasts.
    package var mustBeKept: Bool { self == .riskControl || self == .blocked }

    fileprivate var gravity: Int {
        switch self {
        case .healthy: 0
        case .rateLimited, .contentRefusals: 1
        case .failing: 2
        case .noCredits, .dailyLimit, .sessionDead: 3
        case .riskControl, .blocked: 4
        }
    }
}

extension GenerationFault.Kind {
    /// Whether an answer to whatever question says something about the account itself.
    var isAboutTheAccount: Bool { self == .invalidSession || self == .accountBlocked || self == .riskControl }
}
