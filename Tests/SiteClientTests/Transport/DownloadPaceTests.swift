import Testing

@testable import SiteClient

@Suite struct DownloadPaceTests {
    @Test(arguments: [
        (Int64(0), Duration.seconds(29), false), (1, .seconds(31), true), (200_000, .seconds(31), false),
        (4096 * 60 - 1, .seconds(60), true), (4096 * 60, .seconds(60), false), (1 << 30, .seconds(86_400), false),
    ])
    func `a download is too slow when it stays below the least speed after the grace`(
        received: Int64, elapsed: Duration, expected: Bool
    ) {
        #expect(DownloadPace().isTooSlow(received: received, after: elapsed) == expected)
    }
}
