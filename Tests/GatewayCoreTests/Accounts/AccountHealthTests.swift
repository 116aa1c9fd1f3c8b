import GatewayCore
import Testing

/// The rules of errors.md section 4 (effects on the account) and console.md section 7.
@Suite struct AccountHealthTests {
    private let start = Timestamp(seconds: 1_790_000_000)
    private var health = AccountHealth()

    private mutating func fail(
        _ kind: GenerationFault.Kind, after wait: Duration = .zero, balance: Int? = nil, jitter: Double = 0.5
    ) {
        health.take(.failed(kind, kind: .image), balance: balance, region: .cn, at: start + wait, jitter: jitter)
    }

    private mutating func take(_ event: AccountEvent, after wait: Duration = .zero) {
        health.take(event, balance: nil, region: .cn, at: start + wait, jitter: 0.5)
    }

    @Test mutating func `risk control pauses for half an hour, doubling to a day, and nothing is tried before`() {
        var instant = Duration.zero
        for seconds in [1800, 3600, 7200, 14_400, 28_800, 57_600, 86_400, 86_400] {
            fail(.riskControl, after: instant)
            #expect(health.condition == .riskControl)
            #expect(health.until == start + instant + .seconds(seconds))
            #expect(health.gate(at: start + instant + .seconds(seconds - 1)) == .closed)
            instant += .seconds(seconds)
            #expect(health.gate(at: start + instant) == .trial)
        }
        take(.accepted(submittedAt: start + instant, kind: .image), after: instant)
        #expect(health.condition == .healthy)
        fail(.riskControl, after: instant)
        #expect(health.until == start + instant + .seconds(1800))
    }

    @Test mutating func `refusals of submissions that were under way together count once`() {
        fail(.riskControl)
        let until = health.until
        fail(.riskControl, after: .seconds(2))
        #expect(health.until == until)
    }

    @Test mutating func `a submission that left before the trouble does not end the pause`() {
        fail(.riskControl, after: .seconds(10))
        take(.accepted(submittedAt: start + .seconds(9), kind: .image), after: .seconds(11))
        #expect(health.condition == .riskControl)
        take(.accepted(submittedAt: start + .seconds(10), kind: .image), after: .seconds(11))
        #expect(health.condition == .healthy)
    }

    @Test mutating func `lighter reasons neither hide nor shorten graver ones`() {
        fail(.riskControl)
        let paused = health
        for kind in [GenerationFault.Kind.upstreamBusy, .insufficientCredits, .invalidSession] {
            fail(kind, after: .seconds(1))
            #expect(health.condition == .riskControl)
            #expect(health.until == paused.until)
        }
    }

    @Test mutating func `credits are back at the region's midnight or with a higher balance`() {
        fail(.insufficientCredits, balance: 3)
        #expect(health.condition == .noCredits)
        #expect(health.until == Region.cn.nextDay(after: start))
        take(.balance(3), after: .seconds(5))
        #expect(health.condition == .noCredits)
        take(.balance(4), after: .seconds(6))
        #expect(health.condition == .healthy)
    }

    @Test mutating func `without credits one try every ten seconds is a last resort`() {
        fail(.insufficientCredits)
        #expect(health.gate(at: start + .seconds(9)) == .closed)
        #expect(health.nextChange(after: start + .seconds(9)) == start + .seconds(10))
        #expect(health.gate(at: start + .seconds(10)) == .lastResort)
    }

    @Test mutating func `a balance does not end a daily limit`() {
        fail(.dailyLimitReached)
        take(.balance(500), after: .seconds(5))
        #expect(health.condition == .dailyLimit)
    }

    @Test mutating func `three technical failures in a row pause the account, a success between them does not`() {
        fail(.upstreamUnreachable)
        fail(.proxyError)
        take(.sessionAlive)
        fail(.upstreamUnreachable)
        fail(.upstreamUnreachable)
        #expect(health.condition == .healthy)
        fail(.upstreamHTTPError)
        #expect(health.condition == .failing)
        #expect(health.until == start + .seconds(60))
        fail(.upstreamUnreachable, after: .seconds(60))
        #expect(health.until == start + .seconds(180))
        take(.sessionAlive, after: .seconds(61))
        #expect(health.condition == .healthy)
    }

    @Test mutating func `a busy site is waited for, five seconds doubling to a minute, spread by chance`() {
        fail(.upstreamBusy, jitter: 0)
        #expect(health.gate(at: start) == .opens(start + .seconds(4)))
        fail(.upstreamBusy, after: .seconds(4), jitter: 1)
        #expect(health.until == start + .seconds(16))
        var instant = Duration.seconds(16)
        for _ in 0..<6 {
            fail(.upstreamBusy, after: instant)
            instant = (health.until ?? start) - start
        }
        fail(.upstreamBusy, after: instant)
        #expect(health.until == start + instant + .seconds(60))
    }

    @Test mutating func `a dead session is checked again after six hours, and lives when it works`() {
        fail(.invalidSession)
        #expect(health.until == start + .seconds(6 * 3600))
        take(.sessionAlive, after: .seconds(60))
        #expect(health.condition == .healthy)
        #expect(health.lastFault == .invalidSession)
    }

    @Test mutating func `three refusals for content in a row make the account a last resort`() {
        fail(.contentPolicyViolation)
        fail(.contentPolicyViolation)
        take(.accepted(submittedAt: start, kind: .image))
        for _ in 0..<3 { fail(.contentPolicyViolation) }
        #expect(health.gate(at: start) == .lastResort)
        #expect(health.gate(at: start + .seconds(300)) == .trial)
    }

    @Test mutating func `an administrator ends every pause`() {
        for kind in [GenerationFault.Kind.riskControl, .accountBlocked, .invalidSession, .dailyLimitReached] {
            fail(kind)
            take(.cleared)
            #expect(health.gate(at: start) == .open)
        }
    }

    @Test mutating func `what is the request's fault changes nothing`() {
        let kinds: [GenerationFault.Kind] = [
            .upstreamRejectedParams, .outputFiltered, .inputImageRejected, .modelUnavailable, .internalError,
            .upstreamConcurrencyLimit, .vipRequired,
        ]
        for kind in kinds { fail(kind) }
        #expect(health == AccountHealth())
    }

    @Test mutating func `every change raises the revision, and nothing else does`() {
        fail(.riskControl)
        #expect(health.revision == 1)
        take(.accepted(submittedAt: start, kind: .image))
        #expect(health.revision == 2)
        take(.accepted(submittedAt: start, kind: .image))
        take(.sessionAlive)
        #expect(health.revision == 2)
    }
}
