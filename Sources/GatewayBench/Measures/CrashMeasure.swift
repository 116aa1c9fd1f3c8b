/// `kill -9` with 200 jobs in flight, then a restart on the same data: nothing may be lost, nothing bought twice.
struct CrashMeasure {
    let bench: Bench
    let rounds: Int

    private static let jobs = 200
    private static let accounts = 20

    /// When the kill comes.
    private enum Moment: CaseIterable {
        /// In the middle of the submissions.
        case starting
        /// When the site has all jobs.
        case started
        /// When about half of them have ended.
        case ending
    }

    private struct Outcome {
        var acknowledged: Int
        var inFlight: Int
        /// At the site, and without a picture for the client: the states they are in.
        var lost: [String]
        /// Acknowledged and never sent to the site: the kill came between the disk and the network, which the gateway
        /// can only settle by looking for them for its ten minutes.
        var undecided: Int
        var twice: Int
        /// Seconds from the restart until all had ended.
        var recovery: Double
    }

    func rows() async throws -> [ReportRow] {
        var outcomes: [Outcome] = []
        for index in 0..<rounds {
            outcomes.append(try await outcome(Moment.allCases[index % Moment.allCases.count]))
        }
        let lost = outcomes.flatMap(\.lost)
        let states = Set(lost).sorted().map { state in "\(lost.count { $0 == state }) \(state)" }
        let twice = outcomes.reduce(0) { $0 + $1.twice }
        let undecided = outcomes.map(\.undecided)
        return [
            ReportRow(
                what: "`kill -9` with up to \(Self.jobs) jobs in flight, restart, \(rounds) times",
                budget: "0 lost, 0 submitted twice",
                measured: "\(lost.count) lost\(lost.isEmpty ? "" : " (\(states.joined(separator: ", ")))"), "
                    + "\(twice) submitted twice",
                reference: "\(outcomes.map { "\($0.inFlight)" }.joined(separator: ", ")) at the site at the kill, "
                    + "\(outcomes.map { "\($0.acknowledged)" }.joined(separator: ", ")) acknowledged; all ended "
                    + "\(Figure.text(outcomes.map(\.recovery), "s")) after the restart",
                verdict: ReportRow.verdict(lost.isEmpty && twice == 0)),
            ReportRow(
                what: "the same, killed between the disk and the network",
                measured: "\(undecided.reduce(0, +)) undecided",
                reference:
                    "\(undecided.map { "\($0)" }.joined(separator: ", ")) by round; the site never had them, and "
                    + "they are looked for before anything is said"),
        ]
    }

    private func outcome(_ moment: Moment) async throws -> Outcome {
        let folder = try bench.freshFolder()
        let outcome = try await bench.withPlayer(RunTimes(range: 3_000...9_000)) { player in
            let first = try bench.startGateway(player.settings, dataFolder: folder)
            let samples: [Sample]
            do {
                async let started = bench.load.run(
                    .each(calls, keepsBodies: true, limit: .seconds(60)), port: first.port, connections: 32)
                try await wait(for: moment, player)
                first.child.kill()
                samples = try await started
            } catch {
                first.child.kill()
                throw error
            }
            let told = try await player.report()
            let records = GenerationRecords(bench: bench, started: samples) { $0 % Self.accounts }
            let second = try bench.startGateway(player.settings, dataFolder: folder)
            do {
                let start = ContinuousClock.now
                let (lost, undecided) = try await recover(records, second, player)
                let recovery = (ContinuousClock.now - start) / .seconds(1)
                let report = try await player.report()
                await second.child.stop()
                return Outcome(
                    acknowledged: records.ids.count, inFlight: told.jobs - told.told, lost: lost, undecided: undecided,
                    twice: report.repeatedIDs + report.repeatedNumbers, recovery: recovery)
            } catch {
                second.child.kill()
                throw error
            }
        }
        try bench.removeFolder(folder)
        return outcome
    }

    private var calls: [Call] {
        (0..<Self.jobs).map { ImageOrder.generation($0, account: $0 % Self.accounts, isAsync: true) }
    }

    private func wait(for moment: Moment, _ player: PlayerClient) async throws {
        let count = moment == .starting ? Self.jobs / 2 : Self.jobs
        guard try await player.wait(upTo: .seconds(30), every: .milliseconds(5), until: { $0.jobs >= count }) else {
            throw BenchProblem("the site was not sent \(count) jobs within 30 s")
        }
        if moment == .ending { try await Task.sleep(for: .seconds(6)) }
    }

    /// Waits until every acknowledged generation has ended or is one that the site never had; at most three minutes.
    private func recover(
        _ records: GenerationRecords, _ gateway: ServerProcess, _ player: PlayerClient
    ) async throws -> (lost: [String], undecided: Int) {
        let terminal: Set<String> = ["succeeded", "partial", "failed", "canceled"]
        let inDoubt: Set<String> = ["submitting", "unknown"]
        var open = Array(records.ids.keys)
        var lost: [String] = []
        var statuses: [Int: String] = [:]
        let end = ContinuousClock.now + .seconds(180)
        while ContinuousClock.now < end {
            statuses = try await records.statuses(of: open, gateway)
            lost += statuses.values.filter { terminal.contains($0) && $0 != "succeeded" }
            open.removeAll { statuses[$0].map { terminal.contains($0) } ?? false }
            let sent = Set(try await player.facts().map(\.number))
            if open.allSatisfy({ inDoubt.contains(statuses[$0] ?? "") && !sent.contains($0) }) {
                return (lost, open.count)
            }
            try await Task.sleep(for: .milliseconds(500))
        }
        return (lost + open.map { statuses[$0] ?? "without an answer" }, 0)
    }
}
