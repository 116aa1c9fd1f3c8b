import NIOCore
import WireJSON

/// Very many jobs at the site at once: 1,000 on 100 accounts, 10,000 on 50.
struct InFlightMeasure {
    let bench: Bench

    private static func accounts(_ jobs: Int) -> Int { jobs < 10_000 ? 100 : 50 }

    private enum Manner: String {
        case asynchronous = "started with `async`"
        case waiting = "clients waiting on their connections"
    }

    private struct Outcome {
        /// Megabytes above idle.
        var peak: Double
        var left: Double
        var processorMilliseconds: Double
        var report: PlayerReport
        var mostAtOnce: Int
        var unfinished: Int
        /// The statuses of answers that are no success.
        var failures: [Int]
        /// Seconds from the first request to the last answer of the start.
        var startSeconds: Double
    }

    func rows() async throws -> [ReportRow] {
        var rows: [ReportRow] = []
        for manner in [Manner.asynchronous, .waiting] {
            rows += self.rows(
                1_000, manner, try await outcome(1_000, manner, .pictures), memory: 15, cost: 1.5, budget: "≤ 15 MB")
        }
        guard !bench.isQuick else { return rows }
        // Long enough that all are there before the first ends.
        let long = RunTimes(range: 30_000...50_000)
        for manner in [Manner.asynchronous, .waiting] {
            rows += self.rows(
                10_000, manner, try await outcome(10_000, manner, long), memory: 250, cost: nil, budget: "< 250 MB")
        }
        return rows
    }

    private func rows(
        _ jobs: Int, _ manner: Manner, _ outcome: Outcome, memory: Double, cost: Double?, budget: String
    ) -> [ReportRow] {
        let what = "\(jobs) in flight on \(Self.accounts(jobs)) accounts, \(manner.rawValue)"
        let requests = Double(outcome.report.total) / Double(jobs)
        return [
            ReportRow(
                what: what + ": peak memory above idle", budget: budget,
                measured: Figure.text(outcome.peak) + " MB"
                    + (outcome.unfinished > 0 ? ", \(outcome.unfinished) not finished" : "")
                    + [Sample].failureText(outcome.failures),
                reference:
                    "\(outcome.mostAtOnce) at the site at once; afterwards \(Figure.text(outcome.left)) MB above idle"
                    + (manner == .asynchronous ? "; all started in \(Figure.text(outcome.startSeconds)) s" : ""),
                verdict: ReportRow.verdict(outcome.peak <= memory && outcome.unfinished == 0)),
            ReportRow(
                what: "the same, processor time per job", budget: cost.map { "≤ \(Figure.text($0)) ms" } ?? "",
                measured: Figure.text(outcome.processorMilliseconds) + " ms",
                verdict: cost.map { ReportRow.verdict(outcome.processorMilliseconds <= $0) } ?? .none),
            ReportRow(
                what: "the same, site requests per job", measured: Figure.text(requests),
                reference:
                    "\(outcome.report.total / Self.accounts(jobs)) per account; largest query \(outcome.report.largestBatch) ids; "
                    + "\(outcome.report.pictures) picture downloads apart"),
        ]
    }

    private func outcome(_ jobs: Int, _ manner: Manner, _ runTimes: RunTimes) async throws -> Outcome {
        try await bench.withPlayer(runTimes) { player in
            try await bench.withGateway(player.settings) { gateway in
                let idle = try await StartMeasure.idle(gateway)
                ProcessFigures.resetPeak(of: gateway.child.id)
                let calls = (0..<jobs).map {
                    ImageOrder.generation($0, account: $0 % Self.accounts(jobs), isAsync: manner == .asynchronous)
                }
                let limit = Duration.milliseconds(runTimes.range.upperBound) + .seconds(180)
                let isAsync = manner == .asynchronous
                let samples = try await bench.load.run(
                    .each(calls, perConnection: isAsync ? .max : 1, keepsBodies: isAsync, limit: limit),
                    port: gateway.port, connections: isAsync ? 64 : jobs)
                let accepted = samples.count - samples.failures.count
                _ = try await player.wait(upTo: limit, every: .milliseconds(500)) { $0.told >= accepted }
                // For the last writes and copies.
                try await Task.sleep(for: .seconds(3))
                let figures = try gateway.figures
                let finished = isAsync ? try await finished(samples, of: jobs, gateway) : accepted
                let span = (samples.map(\.answeredAt).max() ?? 0) - (samples.map(\.sentAt).min() ?? 0)
                return Outcome(
                    peak: figures.peak - idle.resident, left: figures.resident - idle.resident,
                    processorMilliseconds: (figures.processorSeconds - idle.processorSeconds) * 1000 / Double(jobs),
                    report: try await player.report(), mostAtOnce: try await player.facts().peak,
                    unfinished: jobs - finished, failures: samples.failures.map(\.status),
                    startSeconds: Double(span) / 1e9)
            }
        }
    }

    /// How many of the started generations have their picture.
    private func finished(_ started: [Sample], of jobs: Int, _ gateway: ServerProcess) async throws -> Int {
        let records = GenerationRecords(bench: bench, started: started) { $0 % Self.accounts(jobs) }
        return try await records.statuses(of: Array(records.ids.keys), gateway).values.count { $0 == "succeeded" }
    }
}
