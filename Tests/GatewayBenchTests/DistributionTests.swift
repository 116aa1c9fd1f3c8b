import Testing

@testable import GatewayBench

@Suite struct DistributionTests {
    @Test(
        "a percentile is the smallest value that the share does not exceed",
        arguments: [(0.0, 10.0), (0.5, 20), (0.51, 30), (0.75, 30), (0.99, 40), (1, 40)])
    func percentile(_ share: Double, _ expected: Double) {
        #expect(Distribution([40, 10, 30, 20]).percentile(share) == expected)
    }

    @Test("the median of an even number of values lies between the two in the middle")
    func median() {
        #expect(Distribution([4, 1, 3, 2]).median == 2.5)
        #expect(Distribution([9, 1, 5]).median == 5)
        #expect(Distribution([Double]()).median.isNaN)
    }

    @Test("a figure shows its range only when there are several")
    func figures() {
        #expect(Figure.text([1.234], "ms") == "1.23 ms")
        #expect(Figure.text([1, 22.22, 333.3], "ms") == "22.2 (1.00-333) ms")
        #expect(Figure.text(Double.nan) == "?")
    }

    @Test("the peak counts jobs that overlap, not jobs that follow each other")
    func peak() {
        func fact(_ start: Int64, _ end: Int64) -> PlayerClient.Fact {
            PlayerClient.Fact(number: 0, acceptedAt: start, endsAt: end)
        }
        #expect([fact(0, 10), fact(10, 20), fact(20, 30)].peak == 1)
        #expect([fact(0, 10), fact(5, 20), fact(9, 30), fact(25, 26)].peak == 3)
    }
}
