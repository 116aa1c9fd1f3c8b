import GatewayCore
import Testing

@Suite struct PollPlanTests {
    private let start = Timestamp(seconds: 5000)
    private let plan = PollPlan()

    private func knowledge(_ kind: MediaKind = .image, forecast: Duration? = nil) -> PollPlan.Knowledge {
        var knowledge = PollPlan.Knowledge(submittedAt: start, kind: kind)
        knowledge.forecastRun = forecast
        return knowledge
    }

    @Test(
        arguments: [
            (nil, 2.0), (.seconds(0), 0.0), (.seconds(20), 8.0), (.seconds(40), 16.0), (.seconds(300), 30.0),
        ] as [(Duration?, Double)])
    func `the first look waits for four tenths of the forecast, at most half a minute`(
        forecast: Duration?, seconds: Double
    ) {
        #expect(plan.firstLook(knowledge(forecast: forecast), at: start) == start + .seconds(seconds))
    }

    @Test func `learnt run times replace the forecast once there are three`() {
        var job = knowledge(forecast: .seconds(60))
        job.estimate = RunTimeEstimate(mean: 12, deviation: 2, samples: 2)
        #expect(plan.firstLook(job, at: start) == start + .seconds(24))
        job.estimate = RunTimeEstimate(mean: 12, deviation: 2, samples: 3)
        #expect(plan.firstLook(job, at: start) == start + .seconds(8))
        #expect(plan.expectedEnd(job) == start + .seconds(12))
    }

    @Test(arguments: [(5, 1000), (20, 1000), (100, 5000), (300, 15000), (2000, 30000)] as [(Int, Int)])
    func `the wait grows with the age of the job`(age: Int, milliseconds: Int) {
        let now = start + .seconds(age)
        #expect(plan.nextLook(knowledge(), at: now) == now + .milliseconds(milliseconds))
    }

    @Test func `the site's own interval is an upper bound`() {
        var job = knowledge()
        job.pollingInterval = .seconds(5)
        let now = start + .seconds(600)
        #expect(plan.nextLook(job, at: now) == now + .seconds(5))
    }

    @Test func `a job in the site's queue is looked at by the queue's forecast`() {
        var job = knowledge(forecast: .seconds(10))
        job.queuePosition = 4
        job.forecastQueue = .seconds(80)
        #expect(plan.nextLook(job, at: start) == start + .seconds(20))
        job.forecastQueue = .seconds(2)
        #expect(plan.nextLook(job, at: start) == start + .seconds(2))
        job.forecastQueue = .seconds(4000)
        #expect(plan.nextLook(job, at: start) == start + .seconds(30))
    }

    @Test(arguments: [(0, 2), (1, 4), (2, 8), (3, 15), (4, 30), (9, 30)] as [(Int, Int)])
    func `a lost submission is looked up with growing waits`(misses: Int, seconds: Int) {
        var job = knowledge()
        job.isLookUp = true
        job.misses = misses
        #expect(plan.nextLook(job, at: start) == start + .seconds(seconds))
    }

    @Test func `after a restart an old submission is looked up at once`() {
        var job = knowledge()
        job.isLookUp = true
        let now = start + .seconds(60)
        #expect(plan.firstLook(job, at: now) == now)
    }
}
