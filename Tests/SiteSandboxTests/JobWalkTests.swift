import Testing

@testable import SiteSandbox

@Suite("The walk of a job")
struct JobWalkTests {
    private func walk(_ ending: JobEnding = .success, count: Int = 4) -> JobWalk {
        JobWalk(submittedAt: 1_000, queueTime: 1_000, runTime: 10_000, count: count, ending: ending)
    }

    @Test(
        "goes through the line, 20, 42, 45 without and with pictures, to 50",
        arguments: [
            (0, 20, 0, 1), (999, 20, 0, 1), (1_000, 20, 0, 2), (2_500, 42, 0, 2), (5_000, 45, 0, 2), (9_500, 45, 2, 2),
            (10_999, 45, 3, 2), (11_000, 50, 4, 3), (900_000, 50, 4, 3),
        ])
    func phases(elapsed: Int64, status: Int, items: Int, queueStatus: Int) {
        let view = walk().view(at: 1_000 + elapsed)
        #expect(view.recordStatus == status)
        #expect(view.taskStatus == status)
        #expect(view.items == items)
        #expect(view.queueStatus == queueStatus)
        #expect(view.finishedAt == (status == 50 ? 12_000 : nil))
    }

    @Test("never goes back: places fall, pictures only get more", arguments: [1, 4, 8])
    func monotonous(count: Int) {
        var last: JobWalk.View?
        for now in stride(from: 1_000 as Int64, through: 13_000, by: 50) {
            let view = walk(count: count).view(at: now)
            if let last {
                #expect(view.items >= last.items)
                #expect(view.queueStatus >= last.queueStatus)
                if view.queueStatus == 1 { #expect(view.queueIndex <= last.queueIndex && view.queueIndex > 0) }
            }
            last = view
        }
        #expect(last?.items == count)
    }

    @Test(
        "ends as scripted",
        arguments: [
            (.success, 50, 50, 4, 0), (.withheld, 30, 40, 0, 0), (.partial, 50, 50, 2, 2),
            (.partialFailure, 30, 30, 2, 2),
            (.oldSuccess, 10, 10, 4, 0), (.inputRefused, 30, 10, 0, 0), (.empty, 50, 50, 0, 0), (.fails, 30, 30, 0, 0),
            (.deleted, 100, 100, 0, 0), (.unknownFailure, 70, 70, 0, 0),
        ] as [(JobEnding, Int, Int, Int, Int)])
    func endings(ending: JobEnding, record: Int, task: Int, items: Int, failed: Int) {
        let view = walk(ending).view(at: 20_000)
        #expect(view.recordStatus == record)
        #expect(view.taskStatus == task)
        #expect(view.items == items)
        #expect(view.failedItems == failed)
        #expect(view.finishedAt == 12_000)
        #expect(
            (view.reason != nil)
                == [.withheld, .partialFailure, .inputRefused, .fails, .unknownFailure].contains(ending))
    }

    @Test("that never ends is still running after a day")
    func endless() {
        let view = walk(.never).view(at: 86_400_000)
        #expect(view.recordStatus == 45)
        #expect(view.finishedAt == nil)
    }

    @Test("that stalls goes on when it is continued, and then succeeds")
    func stall() {
        var walk = walk(.stalls)
        #expect(walk.isStalled(at: 12_000))
        let stalled = walk.view(at: 500_000)
        #expect(stalled.recordStatus == 45)
        #expect(stalled.items == 2)
        #expect(stalled.finishedAt == nil)
        walk.continuedAt = 500_000
        #expect(!walk.isStalled(at: 500_000))
        #expect(walk.view(at: 505_000).recordStatus == 45)
        let done = walk.view(at: 510_000)
        #expect(done.recordStatus == 50)
        #expect(done.items == 4)
    }

    @Test("that was cancelled is 30/30 with nothing")
    func cancelled() {
        var walk = walk()
        #expect(walk.isQueued(at: 1_500))
        walk.cancelledAt = 1_500
        let view = walk.view(at: 1_500)
        #expect((view.recordStatus, view.taskStatus, view.queueStatus) == (30, 30, 3))
        #expect(view.reason == nil)
        #expect(view.finishedAt == 1_500)
    }

    @Test("can show 45 from the start, or a number nobody knows")
    func odd() {
        var early = walk()
        early.startsAt45 = true
        #expect(early.view(at: 1_000).recordStatus == 45)
        #expect(early.view(at: 3_500).recordStatus == 45)
        #expect(walk(.unknownFailure).view(at: 7_000).recordStatus == 60)
    }
}
