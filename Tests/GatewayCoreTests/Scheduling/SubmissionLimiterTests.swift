import GatewayCore
import Testing

@Suite struct SubmissionLimiterTests {
    private let start = Timestamp(seconds: 0)

    @Test func `without a refusal there is no bound but the configured one`() {
        var free = SubmissionLimiter()
        for _ in 0..<500 { #expect(free.take(.image, at: start) == true) }
        var bounded = SubmissionLimiter(maximum: [.image: 2])
        #expect(bounded.take(.image, at: start) == true)
        #expect(bounded.take(.image, at: start) == true)
        #expect(bounded.take(.image, at: start) == false)
        #expect(bounded.take(.video, at: start) == true)
        bounded.giveBack(.image)
        #expect(bounded.take(.image, at: start) == true)
    }

    @Test func `a refusal teaches the bound, and it grows back slowly`() {
        var limiter = SubmissionLimiter()
        for _ in 0..<3 { #expect(limiter.take(.image, at: start) == true) }
        limiter.giveBack(.image)
        limiter.refused(.image, at: start)
        #expect(limiter.take(.image, at: start + .seconds(599)) == false)
        #expect(limiter.take(.image, at: start + .seconds(600)) == true)
        #expect(limiter.take(.image, at: start + .seconds(600)) == false)
    }

    @Test func `free places are known beforehand, and when there will be one more`() {
        var limiter = SubmissionLimiter(maximum: [.image: 3])
        #expect(limiter.free(.video, at: start) == nil)
        #expect(limiter.free(.image, at: start) == 3)
        #expect(limiter.take(.image, at: start) && limiter.take(.image, at: start))
        #expect(limiter.free(.image, at: start) == 1)
        #expect(limiter.nextGrowth(.image) == nil)
        limiter.refused(.image, at: start)
        #expect(limiter.free(.image, at: start) == 0)
        #expect(limiter.nextGrowth(.image) == start + .seconds(600))
        #expect(limiter.free(.image, at: start + .seconds(600)) == 1)
        // The configured bound is not outgrown.
        #expect(limiter.nextGrowth(.image) == nil)
    }

    @Test func `one job may always run`() {
        var limiter = SubmissionLimiter()
        limiter.refused(.video, at: start)
        #expect(limiter.take(.video, at: start) == true)
        #expect(limiter.take(.video, at: start) == false)
    }
}
