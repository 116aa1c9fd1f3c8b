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

    private static func standing(
        _ settled: Int = 0, _ reserved: Int = 0, of limit: Int? = 100
    ) -> CreditStanding {
        CreditStanding(
            period: .day, spent: SpentCredits(settled: settled, reserved: reserved), limit: limit, resetsAt: now)
    }

    @Test(arguments: [
        (standing(), PriceEstimate(quote: 10), true), (standing(60, 30), PriceEstimate(quote: 10), true),
        (standing(60, 31), PriceEstimate(quote: 10), false), (standing(60, 31), PriceEstimate(caution: 10), false),
        (standing(60, 31), PriceEstimate(quote: 5, caution: 10), false), (standing(99), PriceEstimate(quote: 0), true),
        (standing(100), PriceEstimate(quote: 0), false), (standing(120), PriceEstimate(quote: 0), false),
        (standing(500, of: nil), PriceEstimate(quote: 500), true),
    ])
    func `what runs counts with what is set aside for it`(
        standing: CreditStanding, estimate: PriceEstimate, fits: Bool
    ) {
        #expect(standing.covers(estimate) == fits)
    }

    @Test func `one generation of unknown price fits an untouched budget that is smaller than the guess`() {
        let guess = PriceEstimate(caution: 8)
        #expect(Self.standing(of: 5).covers(guess))
        #expect(!Self.standing(0, 8, of: 5).covers(guess))
        #expect(!Self.standing(0, 1, of: 5).covers(guess))
        #expect(!Self.standing(1, of: 5).covers(guess))
        #expect(!Self.standing(of: 0).covers(guess))
        #expect(!Self.standing(of: 5).covers(PriceEstimate(quote: 8)), "a price that is known is no guess")
    }

    @Test func `what is left is never less than nothing`() {
        #expect(Self.standing(60, 30).remaining == 10)
        #expect(Self.standing(60, 50).remaining == 0)
        #expect(Self.standing(of: nil).remaining == nil)
    }

    @Test func `a period without a limit is read only when it is asked for`() async throws {
        let store = MemoryStore()
        let budget = CreditBudget(perMonth: 50, region: .cn)
        #expect(try await store.standings(of: "key_a", in: budget, at: Self.now).map(\.period) == [.month])
        let both = try await store.standings(of: "key_a", in: budget, onlyLimited: false, at: Self.now)
        #expect(both.map(\.limit) == [nil, 50])
        #expect(both.map(\.resetsAt) == CreditBudget.Period.allCases.map { budget.bounds(of: $0, at: Self.now).end })
    }
}
