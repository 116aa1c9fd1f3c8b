import Testing

@testable import SiteSandbox

@Suite("Dates of the simulated site")
struct ChinaTimeTests {
    @Test(
        "are those of China",
        arguments: [
            (1_772_260_000, "20260228142640"), (0, "19700101080000"), (1_709_222_399, "20240229235959"),
            (1_709_222_400, "20240301000000"), (951_753_600, "20000229000000"),
        ] as [(Int64, String)])
    func digits(seconds: Int64, expected: String) {
        #expect(ChinaTime.digits(seconds) == expected)
    }

    @Test("end a day one second before the next")
    func endOfDay() {
        let end = ChinaTime.endOfDay(1_772_260_000)
        #expect(ChinaTime.digits(end) == "20260228235959")
        #expect(ChinaTime.day(end) + 1 == ChinaTime.day(end + 1))
    }
}
