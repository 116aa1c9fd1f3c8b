/// Jobs of 5 to 25 s with the default poll floor: how late the client has its answer, and how often the site was asked.
struct LatenessMeasure {
    let bench: Bench

    private struct Round {
        /// Seconds from the end at the site to the answer at the client.
        var lateness: Distribution
        /// Calls of the site's API over jobs, the submission among them.
        var requests: Double
        var largestBatch: Int
        var pictures: Double
        /// The statuses of answers that are no success.
        var failures: [Int]
    }

    func rows() async throws -> [ReportRow] {
        let spread = try await rounds(jobs: 20, accounts: 20)
        let shared = try await rounds(jobs: 20, accounts: 1)
        let crowd = bench.isQuick ? [] : try await rounds(jobs: 100, accounts: 1)
        var rows = lateness("20 jobs on one account", shared) + lateness("20 jobs on 20 accounts", spread)
        if !crowd.isEmpty { rows += lateness("100 jobs on one account", crowd) }
        rows.append(requests("1 job on one account", spread, budget: ""))
        rows.append(requests("20 jobs on one account", shared, budget: "≤ 2"))
        if !crowd.isEmpty { rows.append(requests("100 jobs on one account", crowd, budget: "≤ 2")) }
        return rows
    }

    private func lateness(_ what: String, _ rounds: [Round]) -> [ReportRow] {
        let p50 = Distribution(rounds.map { $0.lateness.percentile(0.5) })
        let worst = Distribution(rounds.map(\.lateness.maximum))
        let failures = rounds.flatMap(\.failures)
        return [
            ReportRow(
                what: "finished at the site to answered, jobs of 5-25 s, \(what)", budget: "p50 ≤ 0.5 s",
                measured: Figure.text(p50, "s") + [Sample].failureText(failures),
                reference: "first round knows no run times yet: "
                    + (rounds.first.map { Figure.text($0.lateness.percentile(0.5)) } ?? "?") + " s",
                verdict: ReportRow.verdict(p50.median <= 0.5 && failures.isEmpty)),
            ReportRow(
                what: "the same, max", budget: "≤ 1.5 s", measured: Figure.text(worst, "s"),
                reference: "first round " + (rounds.first.map { Figure.text($0.lateness.maximum) } ?? "?") + " s",
                verdict: ReportRow.verdict(worst.maximum <= 1.5)),
        ]
    }

    private func requests(_ what: String, _ rounds: [Round], budget: String) -> ReportRow {
        let requests = Distribution(rounds.map(\.requests))
        return ReportRow(
            what: "site requests per generation, \(what)", budget: budget, measured: Figure.text(requests, ""),
            reference: "submission counted; largest query \(rounds.map(\.largestBatch).max() ?? 0) ids; "
                + "\(Figure.text(rounds.map(\.pictures), "")) picture downloads per job apart",
            verdict: budget.isEmpty ? .none : ReportRow.verdict(requests.median <= 2))
    }

    private func rounds(jobs: Int, accounts: Int) async throws -> [Round] {
        try await bench.withPlayer(.pictures) { player in
            try await bench.withGateway(player.settings) { gateway in
                var rounds: [Round] = []
                for index in 0..<bench.pick(3, quick: 1) {
                    rounds.append(
                        try await round(first: index * jobs, jobs: jobs, accounts: accounts, gateway, player))
                }
                return rounds
            }
        }
    }

    private func round(
        first: Int, jobs: Int, accounts: Int, _ gateway: ServerProcess, _ player: PlayerClient
    ) async throws -> Round {
        try await player.reset()
        let calls = (first..<first + jobs).map { ImageOrder.generation($0, account: $0 % accounts) }
        let samples = try await bench.load.run(
            .each(calls, perConnection: 1, limit: .seconds(120)), port: gateway.port, connections: jobs)
        // Copies are made after the answer; they belong to the counts.
        try await Task.sleep(for: .seconds(1))
        let ends = Dictionary(try await player.facts().map { ($0.number, $0.endsAt) }) { first, _ in first }
        let report = try await player.report()
        let lateness = samples.compactMap { sample in
            sample.status == 200 ? ends[sample.number].map { Double(sample.answeredAt - $0) / 1e9 } : nil
        }
        return Round(
            lateness: Distribution(lateness), requests: Double(report.total) / Double(jobs),
            largestBatch: report.largestBatch, pictures: Double(report.pictures) / Double(jobs),
            failures: samples.failures.map(\.status))
    }
}
