import NIOCore
import Synchronization
import WireJSON

/// The site as the player knows it: jobs that run for as long as ``RunTimes`` says, and counts of what was asked.
final class PlayerSite: Sendable {
    struct Answer {
        var status = 200
        var contentType = "application/json"
        var body: ByteBuffer
    }

    private struct State {
        var jobs: [PlayerJob] = []
        var positions: [String: Int] = [:]
        var numbers: Set<Int> = []
        var counts = PlayerReport()
    }

    /// More jobs are refused.
    private static let mostJobs = 1_000_000
    private static let generate = "/mweb/v1/aigc_draft/generate"
    private static let history = "/mweb/v1/get_history_by_ids"
    private static let commerce = "/commerce/v1/benefits/"

    private let runTimes: RunTimes
    private let base: String
    private let state = Mutex(State())

    /// `base` is `http://host:port`, where clients find the pictures.
    init(runTimes: RunTimes, base: String) {
        self.runTimes = runTimes
        self.base = base
    }

    func answer(path: String, body: UnsafeRawBufferPointer) -> Answer {
        switch path {
        case "/__player/stats": Answer(body: ByteBuffer(bytes: report.json.serialized()))
        case "/__player/jobs": Answer(body: jobFacts)
        case "/__player/reset": reset()
        case Self.generate: accept(PlayerCall(body))
        case Self.history: look(PlayerCall(body))
        case let path where path.hasPrefix("/tos-"): picture()
        case let path where path.hasPrefix(Self.commerce): counted(path, PlayerReply.credits)
        case let path where path.hasPrefix("/mweb/"): counted(path, PlayerReply(base: base, now: 0).envelope("{}"))
        default: Answer(status: 404, body: ByteBuffer(string: "{}"))
        }
    }

    var report: PlayerReport { state.withLock { $0.counts } }

    private func accept(_ call: PlayerCall) -> Answer {
        guard let submitID = call.submitID, let number = call.number else { return unreadable() }
        let now = MonotonicClock.nanoseconds()
        let job = PlayerJob(
            number: number, submitID: submitID, acceptedAt: now, endsAt: now + runTimes.nanoseconds(of: number),
            createdAt: MonotonicClock.unixSeconds(), pictureCount: min(max(call.pictureCount ?? 4, 1), 8),
            forecastSeconds: runTimes.forecastSeconds(of: number))
        let isAccepted = state.withLock { state in
            state.counts.requests[Self.generate, default: 0] += 1
            guard state.jobs.count < Self.mostJobs else { return false }
            if state.positions[submitID] != nil { state.counts.repeatedIDs += 1 }
            if !state.numbers.insert(number).inserted { state.counts.repeatedNumbers += 1 }
            state.positions[submitID] = state.jobs.count
            state.jobs.append(job)
            state.counts.jobs += 1
            return true
        }
        guard isAccepted else { return unreadable() }
        return Answer(body: PlayerReply(base: base, now: now).accepted(job))
    }

    private func look(_ call: PlayerCall) -> Answer {
        let ids = call.submitIDs
        let now = MonotonicClock.nanoseconds()
        let jobs = state.withLock { state in
            state.counts.requests[Self.history, default: 0] += 1
            state.counts.idsAsked += ids.count
            state.counts.largestBatch = max(state.counts.largestBatch, ids.count)
            return ids.compactMap { id -> PlayerJob? in
                guard let position = state.positions[id] else { return nil }
                if state.jobs[position].toldAt == nil, state.jobs[position].isFinished(at: now) {
                    state.jobs[position].toldAt = now
                    state.counts.told += 1
                }
                return state.jobs[position]
            }
        }
        return Answer(body: PlayerReply(base: base, now: now).history(jobs))
    }

    private func picture() -> Answer {
        state.withLock { $0.counts.pictures += 1 }
        return Answer(contentType: "image/webp", body: PlayerReply.picture)
    }

    private func counted(_ path: String, _ body: ByteBuffer) -> Answer {
        state.withLock { state in
            // A bound on the names that strangers can add.
            if state.counts.requests[path] != nil || state.counts.requests.count < 64 {
                state.counts.requests[path, default: 0] += 1
            }
        }
        return Answer(body: body)
    }

    private func unreadable() -> Answer {
        state.withLock { $0.counts.unreadable += 1 }
        return Answer(body: ByteBuffer(string: #"{"ret":"1000","errmsg":"invalid parameter","data":null}"#))
    }

    private func reset() -> Answer {
        state.withLock { $0 = State() }
        return Answer(body: ByteBuffer(string: "{}"))
    }

    private var jobFacts: ByteBuffer {
        let jobs = state.withLock { $0.jobs }
        let facts = jobs.map { job -> JSONValue in
            [
                "number": .integer(Int64(job.number)), "submit_id": .string(job.submitID),
                "accepted_us": .integer(job.acceptedAt / 1000), "ends_us": .integer(job.endsAt / 1000),
                "told_us": job.toldAt.map { .integer($0 / 1000) } ?? .null,
            ]
        }
        return ByteBuffer(bytes: JSONValue.object(["jobs": .array(facts)]).serialized())
    }
}
