/// The life of a job as a pure function of time: nothing runs for it between two looks.
struct JobWalk: Sendable, Hashable {
    /// What a look at one moment shows.
    struct View: Sendable, Hashable {
        /// `status` of the record and of the task inside it.
        var recordStatus: Int
        var taskStatus: Int
        /// Pictures in `item_list`.
        var items: Int
        /// Pictures in `failed_item_list`.
        var failedItems = 0
        /// 1 waiting in line, 2 being worked on, 3 over.
        var queueStatus: Int
        var queueIndex = 0
        var queueLength = 0
        /// Milliseconds; nil while running.
        var finishedAt: Int64?
        var reason: JobEnding.Reason?
        /// Milliseconds of waiting still forecast.
        var queueRemaining: Int64 = 0
    }

    /// All in milliseconds; `submittedAt` since 1970.
    var submittedAt: Int64
    var queueTime: Int64
    var runTime: Int64
    /// Pictures wanted.
    var count: Int
    var ending: JobEnding
    /// The first place in line.
    var firstPlace = 6
    /// Whether status 45 is shown from the start.
    var startsAt45 = false
    var cancelledAt: Int64?
    /// When a stalled job was told to go on.
    var continuedAt: Int64?

    /// When the job is over; nil when it never is.
    var endsAt: Int64? {
        if let cancelledAt { return cancelledAt }
        switch ending {
        case .never: return nil
        case .stalls: return continuedAt.map { $0 + runTime }
        default: return submittedAt + queueTime + runTime
        }
    }

    /// Whether the job waits in line, which is when it can be cancelled.
    func isQueued(at now: Int64) -> Bool {
        cancelledAt == nil && now - submittedAt < queueTime
    }

    /// Whether the job has stopped at status 45 and waits to be continued.
    func isStalled(at now: Int64) -> Bool {
        ending == .stalls && continuedAt == nil && now - submittedAt >= queueTime + runTime
    }

    func view(at now: Int64) -> View {
        if let cancelledAt {
            return View(recordStatus: 30, taskStatus: 30, items: 0, queueStatus: 3, finishedAt: cancelledAt)
        }
        let elapsed = max(0, now - submittedAt)
        if elapsed < queueTime {
            // The place falls from the first to 1 while the time passes.
            let place = max(1, firstPlace - Int(Int64(firstPlace) * elapsed / max(1, queueTime)))
            return View(
                recordStatus: startsAt45 ? 45 : 20, taskStatus: startsAt45 ? 45 : 20, items: 0, queueStatus: 1,
                queueIndex: place, queueLength: firstPlace * 11, queueRemaining: queueTime - elapsed)
        }
        if let endsAt, now >= endsAt { return finalView(at: endsAt) }
        if isStalled(at: now) || continuedAt != nil {
            return View(recordStatus: 45, taskStatus: 45, items: ending.delivered(of: count), queueStatus: 2)
        }
        return runningView(elapsed: elapsed - queueTime)
    }

    /// 20, then 42, then 45 without and with pictures.
    private func runningView(elapsed: Int64) -> View {
        let share = ending == .never ? min(0.5, Double(elapsed) / 60_000) : Double(elapsed) / Double(max(1, runTime))
        var status = startsAt45 ? 45 : 20
        var items = 0
        switch share {
        case ..<0.1: break
        case ..<0.35: status = startsAt45 ? 45 : 42
        case ..<0.6: status = 45
        default:
            status = 45
            // All but the last picture may be there before the end.
            let ready = Int((share - 0.6) / 0.4 * Double(count))
            items = min(ready, count - 1, ending.delivered(of: count))
        }
        if ending == .unknownFailure, share >= 0.35 { status = 60 }
        return View(recordStatus: status, taskStatus: status, items: max(0, items), queueStatus: 2)
    }

    private func finalView(at end: Int64) -> View {
        let delivered = ending == .stalls ? count : ending.delivered(of: count)
        let (record, task) =
            switch ending {
            case .success, .partial, .empty, .allWithheld, .stalls, .never: (50, 50)
            case .withheld: (30, 40)
            case .partialFailure, .fails: (30, 30)
            case .oldSuccess: (10, 10)
            case .inputRefused: (30, 10)
            case .deleted: (100, 100)
            case .unknownFailure: (70, 70)
            }
        let listsFailed = ending == .partial || ending == .partialFailure || ending == .allWithheld
        let failed = listsFailed ? count - delivered : 0
        return View(
            recordStatus: record, taskStatus: task, items: delivered, failedItems: failed, queueStatus: 3,
            finishedAt: end, reason: ending.reason)
    }
}
