import GatewayTesting
import Testing

@testable import GatewayCore

/// The numbers and their text, read back as a scraper would.
@Suite struct MetricTextTests {
    @Test func `labels with quotes, backslashes and line ends come back as they were`() throws {
        let family = LabelledFamily<MetricCounter>(labels: 1) { MetricCounter() }
        family[["a\"b\\c\nd"]].add(3)
        var text = MetricText()
        text.counters("x_total", "An x.", labels: ["y"], family)
        #expect(text.text == "# HELP x_total An x.\n# TYPE x_total counter\nx_total{y=\"a\\\"b\\\\c\\nd\"} 3\n")
        #expect(try MetricPage(parsing: text.text)["x_total", ["y": "a\"b\\c\nd"]] == 3)
    }

    @Test func `a histogram counts a value at its bound into that bucket, and adds up`() throws {
        let histogram = Histogram(bounds: [0.5, 1])
        for milliseconds in [100, 500, 501, 1000, 7000, -5] { histogram.observe(.milliseconds(milliseconds)) }
        var text = MetricText()
        text.histogram("x_seconds", "An x.", [([("k", "v")], histogram)])
        let page = try MetricPage(parsing: text.text)
        #expect(page["x_seconds_bucket", ["k": "v", "le": "0.5"]] == 3)
        #expect(page["x_seconds_bucket", ["k": "v", "le": "1"]] == 5)
        #expect(page["x_seconds_bucket", ["k": "v", "le": "+Inf"]] == 6)
        #expect(page["x_seconds_count", ["k": "v"]] == 6)
        #expect(page["x_seconds_sum", ["k": "v"]] == 9.101)
    }

    @Test func `a family has no more members than it may, the rest counts together`() {
        let family = LabelledFamily<MetricCounter>(labels: 1, limit: 3) { MetricCounter() }
        for number in 0..<10 { family[["\(number)"]].add() }
        #expect(family.all.count == 4)
        #expect(family.all[["other"]]?.total == 7)
        family[["0"]].add()
        #expect(family.all[["0"]]?.total == 2)
    }

    @Test func `a refund that is told later counts only as what it adds`() throws {
        let metrics = GatewayMetrics()
        var record = UsageRecord(opening: .sample())
        metrics.generations.settled(record, CreditCost(.settled, charged: 4, updatedAt: .sample))
        record.charged = 4
        metrics.generations.settled(record, CreditCost(.settled, charged: 4, refunded: 4, updatedAt: .sample))
        var text = MetricText()
        metrics.write(to: &text)
        let page = try MetricPage(parsing: text.text)
        #expect(page.sum("jimeng_credits_used_total") == 4)
        #expect(page.sum("jimeng_credits_refunded_total") == 4)
    }

    @Test func `methods that nobody knows share one label`() throws {
        let metrics = GatewayMetrics()
        for number in 0..<50 { metrics.http.answered("X\(number)", "", 405, after: .zero) }
        var text = MetricText()
        metrics.write(to: &text)
        let page = try MetricPage(parsing: text.text)
        #expect(page["jimeng_http_requests_total", ["route": "none", "method": "other", "status": "405"]] == 50)
    }
}
