import GatewayCore
import GatewayTesting
import Testing

@Suite struct CreditBudgetTests {
    /// 2026-02-10 20:00 UTC, which is the 11th in China.
    private static let now = Timestamp(seconds: 1_770_753_600)

    @Test func `days and months begin at the region's midnight`() {
        let china = CreditBudget(perDay: 1, perMonth: 1, region: .cn)
        #expect(china.bounds(of: .day, at: Self.now).start == Timestamp(iso8601: "2026-02-11T00:00:00+08:00"))
        #expect(china.bounds(of: .day, at: Self.now).end == Timestamp(iso8601: "2026-02-12T00:00:00+08:00"))
        #expect(china.bounds(of: .month, at: Self.now).start == Timestamp(iso8601: "2026-02-01T00:00:00+08:00"))
        #expect(china.bounds(of: .month, at: Self.now).end == Timestamp(iso8601: "2026-03-01T00:00:00+08:00"))
        let america = CreditBudget(perDay: 1, perMonth: 1, region: .us)
        #expect(america.bounds(of: .day, at: Self.now).start == Timestamp(iso8601: "2026-02-10T00:00:00-08:00"))
    }

    @Test(arguments: [
        ("2026-01-31T12:00:00+08:00", "2026-01-01T00:00:00+08:00", "2026-02-01T00:00:00+08:00"),
        ("2028-02-29T12:00:00+08:00", "2028-02-01T00:00:00+08:00", "2028-03-01T00:00:00+08:00"),
        ("2026-12-31T23:59:59+08:00", "2026-12-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00"),
    ])
    func `months have their own lengths`(instant: String, start: String, end: String) throws {
        let bounds = CreditBudget(perMonth: 1).bounds(of: .month, at: try #require(Timestamp(iso8601: instant)))
        #expect(bounds.start == Timestamp(iso8601: start))
        #expect(bounds.end == Timestamp(iso8601: end))
    }

    @Test(arguments: [
        (SpentCredits(), 10, false), (SpentCredits(settled: 60, reserved: 30), 10, false),
        (SpentCredits(settled: 60, reserved: 31), 10, true), (SpentCredits(settled: 99), nil, false),
        (SpentCredits(settled: 70, reserved: 30), nil, true), (SpentCredits(settled: 100), 0, true),
    ])
    func `what runs counts with its estimate`(spent: SpentCredits, estimate: Int?, isRefused: Bool) {
        let budget = CreditBudget(perDay: 100)
        let excess = budget.excess(spent, in: .day, estimate: estimate, at: Self.now)
        #expect((excess != nil) == isRefused)
        if let excess {
            #expect(excess.used == spent.total && excess.limit == 100 && excess.period == .day)
            #expect(excess.resetsAt == Timestamp(iso8601: "2026-02-12T00:00:00+08:00"))
        }
        #expect(budget.excess(spent, in: .month, estimate: estimate, at: Self.now) == nil)
    }
}
