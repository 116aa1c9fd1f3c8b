/// Pictures whose site answers at once: what the gateway itself costs.
struct ImageLoadMeasure {
    let bench: Bench

    private struct Variant {
        var clients: Int
        var accounts: Int
        var archives: Bool

        var settings: [String: String] {
            ["JIMENG_UPSTREAM_POLL_FLOOR_MS": "0", "JIMENG_MEDIA_ARCHIVE": archives ? "true" : "false"]
        }

        var text: String {
            let who =
                clients == 1 ? "one at a time" : "\(clients) clients on \(accounts) account\(accounts > 1 ? "s" : "")"
            return "text to image, site answers at once, \(who), results \(archives ? "kept" : "not kept")"
        }
    }

    private struct Round {
        var rate: Double
        var latencies: Distribution
        var processorMilliseconds: Double
        var siteRequests: Double
        /// The statuses of answers that are no success.
        var failures: [Int]
    }

    func rows() async throws -> [ReportRow] {
        var rows: [ReportRow] = []
        for archives in [true, false] {
            let variant = Variant(clients: 1, accounts: 1, archives: archives)
            rows.append(single(variant, try await rounds(of: variant)))
        }
        for accounts in [64, 1] {
            for archives in [true, false] {
                let variant = Variant(clients: 64, accounts: accounts, archives: archives)
                rows += crowd(variant, try await rounds(of: variant))
            }
        }
        return rows
    }

    private func single(_ variant: Variant, _ rounds: [Round]) -> ReportRow {
        let p50 = Distribution(rounds.map { $0.latencies.percentile(0.5) })
        return ReportRow(
            what: variant.text + ", p50", budget: "≤ 8 ms", measured: Figure.text(p50, "ms") + failed(rounds),
            reference: "p99 \(Figure.text(rounds.map { $0.latencies.percentile(0.99) }, "ms")), poll floor 0, "
                + details(rounds),
            verdict: ReportRow.verdict(p50.median <= 8 && rounds.allSatisfy { $0.failures.isEmpty }))
    }

    private func crowd(_ variant: Variant, _ rounds: [Round]) -> [ReportRow] {
        let rate = Distribution(rounds.map(\.rate))
        let cost = Distribution(rounds.map(\.processorMilliseconds))
        let isWhole = rounds.allSatisfy { $0.failures.isEmpty }
        let waits =
            "p50 \(Figure.text(rounds.map { $0.latencies.percentile(0.5) }, "ms")), p99 "
            + "\(Figure.text(rounds.map { $0.latencies.percentile(0.99) }, "ms")), max "
            + Figure.text(rounds.map(\.latencies.maximum), "ms")
        return [
            ReportRow(
                what: variant.text, budget: "≥ 800 jobs/s", measured: Figure.text(rate, "jobs/s") + failed(rounds),
                reference: waits + ", poll floor 0", verdict: ReportRow.verdict(rate.median >= 800 && isWhole)),
            ReportRow(
                what: "the same, processor time", budget: "≤ 1.2 ms per job",
                measured: Figure.text(cost, "ms per job"), reference: details(rounds),
                verdict: ReportRow.verdict(cost.median <= 1.2)),
        ]
    }

    private func failed(_ rounds: [Round]) -> String {
        [Sample].failureText(rounds.flatMap(\.failures))
    }

    private func details(_ rounds: [Round]) -> String {
        "\(Figure.text(rounds.map(\.siteRequests), "")) site requests per job"
    }

    private func rounds(of variant: Variant) async throws -> [Round] {
        try await bench.withPlayer(.atOnce) { player in
            try await bench.withGateway(player.settings.merging(variant.settings) { $1 }) { gateway in
                let numbers = CallCounter()
                _ = try await run(variant, numbers, seconds: bench.pick(3, quick: 1), gateway)
                try await settle(variant, player)
                var rounds: [Round] = []
                for _ in 0..<bench.pick(3, quick: 1) {
                    rounds.append(try await round(variant, numbers, gateway, player))
                }
                return rounds
            }
        }
    }

    private func round(
        _ variant: Variant, _ numbers: CallCounter, _ gateway: ServerProcess, _ player: PlayerClient
    ) async throws -> Round {
        let seconds = bench.pick(5.0, quick: 2.0)
        let asked = try await player.report().total
        let before = try gateway.figures
        let end = MonotonicClock.nanoseconds() + Int64(seconds * 1e9)
        let samples = try await run(variant, numbers, seconds: seconds, gateway)
        try await settle(variant, player)
        let after = try gateway.figures
        let count = Double(max(1, samples.count))
        return Round(
            rate: Double(samples.count { $0.status == 200 && $0.answeredAt <= end }) / seconds,
            latencies: samples.latencies,
            processorMilliseconds: (after.processorSeconds - before.processorSeconds) * 1000 / count,
            siteRequests: Double(try await player.report().total - asked) / count,
            failures: samples.failures.map(\.status))
    }

    /// Results are copied after the answer; that work belongs to the jobs' cost, so it is waited for.
    private func settle(_ variant: Variant, _ player: PlayerClient) async throws {
        guard variant.archives else { return }
        _ = try await player.wait(upTo: .seconds(30)) { $0.pictures >= $0.told }
    }

    /// Every client sends its next request when it has its picture.
    private func run(
        _ variant: Variant, _ numbers: CallCounter, seconds: Double, _ gateway: ServerProcess
    ) async throws -> [Sample] {
        let end = MonotonicClock.nanoseconds() + Int64(seconds * 1e9)
        let accounts = variant.accounts
        let plan = LoadPlan(
            next: {
                guard MonotonicClock.nanoseconds() < end else { return nil }
                let number = numbers.take()
                return ImageOrder.generation(number, account: number % accounts)
            }, limit: .seconds(seconds + 20))
        return try await bench.load.run(plan, port: gateway.port, connections: variant.clients)
    }
}
