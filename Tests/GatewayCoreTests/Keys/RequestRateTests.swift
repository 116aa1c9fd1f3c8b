import GatewayCore
import GatewayTesting
import Testing

@Suite struct RequestRateTests {
    @Test func `a minute's worth goes through at once, then one as each is worked off`() {
        var rate = RequestRate()
        for left in [2, 1, 0] {
            let verdict = rate.take(limit: 3, at: .sample)
            #expect(verdict.retryAfter == nil)
            #expect(verdict.remaining == left)
            #expect(verdict.limit == 3)
        }
        let refused = rate.take(limit: 3, at: .sample)
        #expect(refused.retryAfter == .seconds(20))
        #expect(refused.remaining == 0)
        #expect(refused.reset == .seconds(60))
        #expect(rate.take(limit: 3, at: .sample + .seconds(19)).retryAfter == .seconds(1))
        #expect(rate.take(limit: 3, at: .sample + .seconds(20)).retryAfter == nil)
        #expect(rate.take(limit: 3, at: .sample + .seconds(20)).retryAfter == .seconds(20))
    }

    @Test(arguments: [1, 7, 60, 1_000_000])
    func `never more than the limit in a minute after the first burst`(limit: Int) {
        var rate = RequestRate()
        let steps = 600
        var allowed = 0
        for step in 0..<steps {
            for _ in 0..<min(limit + 1, 40)
            where rate.take(
                limit: limit, at: .sample + .milliseconds(Int64(step) * 100)
            ).retryAfter == nil {
                allowed += 1
            }
        }
        #expect(allowed <= limit * 2)
        #expect(allowed >= min(limit, steps))
    }

    @Test func `a clock that is set back refuses for a minute at most`() {
        var rate = RequestRate()
        _ = rate.take(limit: 1, at: .sample + .seconds(86_400))
        let verdict = rate.take(limit: 1, at: .sample)
        #expect(verdict.retryAfter == .seconds(60))
    }

    @Test func `keys are counted apart, and a full meter forgets those that rest`() {
        let meter = RequestMeter(capacity: 2)
        #expect(meter.take(.sample(1), limit: 1, at: .sample).retryAfter == nil)
        #expect(meter.take(.sample(2), limit: 1, at: .sample).retryAfter == nil)
        #expect(meter.take(.sample(1), limit: 1, at: .sample).retryAfter != nil)
        #expect(meter.take(.sample(3), limit: 1, at: .sample + .seconds(61)).retryAfter == nil)
        #expect(meter.count == 1)
    }
}
