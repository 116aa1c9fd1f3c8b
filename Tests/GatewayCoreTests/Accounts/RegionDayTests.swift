import GatewayCore
import Testing

@Suite struct RegionDayTests {
    /// A moment in UTC and the day it is in a region, with the start of the next one.
    @Test(
        arguments: [
            // 2026-01-01 15:59:59 and 16:00:00 UTC: the new day of China.
            (Region.cn, 1_767_283_199, 20_454, 1_767_283_200), (.cn, 1_767_283_200, 20_455, 1_767_369_600),
            (.hk, 1_767_283_200, 20_455, 1_767_369_600), (.sg, 1_767_283_199, 20_454, 1_767_283_200),
            // Japan is an hour ahead.
            (.jp, 1_767_279_599, 20_454, 1_767_279_600), (.jp, 1_767_279_600, 20_455, 1_767_366_000),
            // Pacific standard time, UTC-8: the day begins at 8 o'clock UTC.
            (.us, 1_767_254_399, 20_453, 1_767_254_400), (.us, 1_767_254_400, 20_454, 1_767_340_800),
            // 2026-03-08: the day of 23 hours, 08:00 UTC to 07:00 UTC.
            (.us, 1_772_956_800, 20_520, 1_773_039_600), (.us, 1_772_964_000, 20_520, 1_773_039_600),
            (.us, 1_773_039_600, 20_521, 1_773_126_000),
            // 2026-11-01: the day of 25 hours, 07:00 UTC to 08:00 UTC.
            (.us, 1_793_516_400, 20_758, 1_793_606_400), (.us, 1_793_602_800, 20_758, 1_793_606_400),
            (.us, 1_793_606_400, 20_759, 1_793_692_800),
            // Leap day 2028-02-29, and the epoch itself.
            (.us, 1_835_452_800, 21_243, 1_835_510_400), (.us, 0, -1, 28_800), (.cn, 0, 0, 57_600),
        ] as [(Region, Int64, Int64, Int64)])
    func `days follow the clocks of the region`(region: Region, at: Int64, day: Int64, next: Int64) {
        let instant = Timestamp(seconds: at)
        #expect(region.day(of: instant) == day)
        #expect(region.nextDay(after: instant) == Timestamp(seconds: next))
    }
}
