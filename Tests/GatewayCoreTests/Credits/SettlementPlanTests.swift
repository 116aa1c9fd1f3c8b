import GatewayCore
import GatewayTesting
import Testing

/// When a ledger is looked at and what a look means, as pure rules.
@Suite struct SettlementPlanTests {
    private let plan = SettlementPlan()
    private static let end = Timestamp.sample + .seconds(60)

    private func line(_ outcome: JobState = .succeeded, change: (inout UsageRecord) -> Void = { _ in }) -> UsageRecord {
        var line = UsageRecord(
            generation: .sample(), owner: "owner", kind: .image, model: "jimeng-4.5", priceKey: nil,
            createdAt: .sample, quoted: nil, account: .sample(), submitID: .sample(), submittedAt: .sample,
            completedAt: Self.end, outcome: outcome, stage: .pending, checkAt: Self.end)
        change(&line)
        return line
    }

    private func sum(charged: Int..., refunded: Int...) -> SettlementPlan.Sum {
        var sum = SettlementPlan.Sum()
        for credits in charged { sum.add(.init(submitID: .sample(), credits: credits, isRefund: false)) }
        for credits in refunded { sum.add(.init(submitID: .sample(), credits: credits, isRefund: true)) }
        return sum
    }

    @Test func `looks come at twice the age of the one before, and the last one at the end of the window`() {
        var looks: [Int64] = []
        var now = Self.end
        while now - Self.end < plan.window {
            now = plan.nextLook(completedAt: Self.end, after: now)
            looks.append((now - Self.end).wholeMilliseconds / 60_000)
        }
        #expect(looks == [3, 6, 12, 24, 48, 96, 192, 384, 768, 1440])
    }

    @Test func `a success is settled by its charges, all of them`() throws {
        let now = Self.end + .seconds(200)
        let change = try #require(plan.judge(line(), sum(charged: 12, 4), isCovered: true, at: now))
        #expect(change.cost == CreditCost(.settled, charged: 16, updatedAt: now))
        #expect(change.checkAt == nil)
    }

    @Test func `a free entry settles at nothing`() throws {
        let change = try #require(plan.judge(line(), sum(charged: 0), isCovered: true, at: Self.end))
        #expect(change.cost?.state == .settled && change.cost?.used == 0 && change.checkAt == nil)
    }

    @Test(arguments: [JobState.failed, .partial, .canceled])
    func `what did not succeed stays under watch until it was given back`(outcome: JobState) throws {
        let now = Self.end + .seconds(200)
        let charged = try #require(plan.judge(line(outcome), sum(charged: 16), isCovered: true, at: now))
        #expect(charged.cost == CreditCost(.settled, charged: 16, updatedAt: now))
        #expect(charged.checkAt == Self.end + .seconds(400))
        let watched = line(outcome) { line in
            (line.stage, line.charged, line.checkAt) = (.settled, 16, charged.checkAt)
        }
        // Nothing new: only the next look.
        let later = Self.end + .seconds(400)
        let same = try #require(plan.judge(watched, sum(charged: 16), isCovered: true, at: later))
        #expect(same.cost == nil && same.checkAt == Self.end + .seconds(800))
        let back = try #require(plan.judge(watched, sum(charged: 16, refunded: 16), isCovered: true, at: later))
        #expect(back.cost == CreditCost(.settled, charged: 16, refunded: 16, updatedAt: later))
        #expect(back.checkAt == nil)
        // Kept by the site: after a day that is the last word.
        let last = try #require(
            plan.judge(watched, sum(charged: 16), isCovered: true, at: Self.end + plan.window))
        #expect(last.cost == nil && last.checkAt == nil)
    }

    @Test func `a refund whose charge is still missing settles nothing`() throws {
        let change = try #require(plan.judge(line(.failed), sum(refunded: 16), isCovered: true, at: Self.end))
        #expect(change.cost == nil && change.checkAt != nil)
    }

    @Test func `what no entry names within a day is unknown, unless the look did not go back far enough`() throws {
        let day = Self.end + plan.window
        let unknown = try #require(plan.judge(line(), nil, isCovered: true, at: day))
        #expect(unknown.cost?.state == .unknown && unknown.checkAt == nil)
        let unread = try #require(plan.judge(line(), nil, isCovered: false, at: day))
        #expect(unread.cost == nil && unread.checkAt == day + plan.grace)
        #expect(!plan.isOver(line(), at: day))
        #expect(plan.isOver(line(), at: day + plan.grace))
        #expect(plan.giveUp(line(), at: day + plan.grace).cost?.state == .unknown)
    }

    @Test func `a late entry changes what was settled, and even what was given up`() throws {
        let settled = line { line in (line.stage, line.charged, line.checkAt) = (.settled, 12, nil) }
        let more = try #require(plan.judge(settled, sum(charged: 12, 4), isCovered: true, at: Self.end))
        #expect(more.cost?.charged == 16 && more.checkAt == nil)
        #expect(plan.judge(settled, sum(charged: 12), isCovered: true, at: Self.end) == nil)
        #expect(plan.judge(settled, nil, isCovered: true, at: Self.end) == nil)
        let lost = line { line in (line.stage, line.checkAt) = (.unknown, nil) }
        let found = try #require(plan.judge(lost, sum(charged: 12), isCovered: true, at: Self.end))
        #expect(found.cost?.state == .settled && found.checkAt == nil)
        #expect(plan.judge(lost, nil, isCovered: true, at: Self.end) == nil)
    }

    @Test func `a ledger that shows less than before takes nothing back`() {
        let settled = line(.failed) { line in (line.stage, line.charged, line.refunded) = (.settled, 12, 5) }
        let change = plan.judge(settled, sum(charged: 3), isCovered: true, at: Self.end + .seconds(400))
        #expect(change?.cost == nil)
    }

    @Test func `sums never overflow`() {
        #expect(sum(charged: .max, .max).charged == .max)
        #expect(sum(charged: -5).charged == 0)
    }

    @Test func `failed looks wait longer each time, within a bound`() {
        #expect(plan.wait(afterFailures: 1) == plan.gap)
        #expect(plan.wait(afterFailures: 2) == plan.gap * 2)
        #expect(plan.wait(afterFailures: 1_000_000) == plan.longestGap)
    }
}
