import GatewayCore
import GatewayTesting
import Testing

@Suite struct CalendarDayTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-09-21", 20_717), ("2100-03-01", 47_541),
    ])
    func `a day is read and written`(text: String, number: Int64) {
        #expect(CalendarDay(text)?.number == number)
        #expect(CalendarDay(number: number).description == text)
    }

    @Test func `every day of four centuries is read as it is written`() {
        for number in Int64(0)...146_097 where CalendarDay(CalendarDay(number: number).description)?.number != number {
            Issue.record("day \(number)")
            return
        }
    }

    @Test(arguments: [
        "", "2026-9-21", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "+026-01-01", "20260921xx",
    ])
    func `anything else is no day`(text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test func `an instant belongs to the day of its offset`() {
        // 14:13:20 UTC.
        #expect(CalendarDay(.sample, offset: .zero).description == "2026-09-21")
        #expect(CalendarDay(.sample, offset: .seconds(10 * 3600)).description == "2026-09-22")
        #expect(CalendarDay(.sample, offset: .seconds(-15 * 3600)).description == "2026-09-20")
        #expect(CalendarDay("2026-09-21")?.start(offset: .seconds(8 * 3600)) == Timestamp(seconds: 1_789_920_000))
    }
}
