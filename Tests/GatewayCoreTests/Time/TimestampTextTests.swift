import GatewayCore
import GatewayTesting
import Testing

@Suite struct TimestampTextTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (1_790_000_000, "2026-09-21T14:13:20Z"), (-1, "1969-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] as [(Int64, String)])
    func `instants are written and read as ISO 8601`(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: seconds).iso8601 == text)
        #expect(Timestamp(iso8601: text) == Timestamp(seconds: seconds))
    }

    @Test(
        arguments: [
            ("2026-09-21", 1_789_948_800_000), ("2026-09-21T22:13:20+08:00", 1_790_000_000_000),
            ("2026-09-21 14:13:20.25", 1_790_000_000_250), ("2026-09-21T10:43:20-0330", 1_790_000_000_000),
            ("2026-09-21t14:13z", 1_789_999_980_000),
        ] as [(String, Int64)])
    func `usual spellings are understood`(text: String, milliseconds: Int64) {
        #expect(Timestamp(iso8601: text) == Timestamp(milliseconds: milliseconds))
    }

    @Test(arguments: [
        "", "tomorrow", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-32", "2026-01-01T24:00", "2026-01-01T10:60",
        "2026-1-1", "26-01-01", "2026-01-01T10", "2026-01-01T10:00+25:00", "2026-01-01 ", "٢٠٢٦-01-01",
    ])
    func `what is no instant is refused`(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }
}
