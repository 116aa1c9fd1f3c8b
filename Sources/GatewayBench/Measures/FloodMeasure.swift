import NIOCore

/// Plain GET requests over 64 connections, beside a bare handler that answers as many bytes.
struct FloodMeasure {
    let bench: Bench

    private static let connections = 64

    private struct Flood {
        var rate: Double
        var p50: Double
        var p99: Double
        /// The statuses of answers that are no success.
        var failures: [Int]
    }

    func rows() async throws -> [ReportRow] {
        try await bench.withGateway { gateway in
            let models = try await bench.load.answer(to: ImageOrder.get("/v1/models"), port: gateway.port)
            let bytes = models.body?.readableBytes ?? 1
            return try await bench.withReference(bytes: bytes) { reference in
                try await row("/ping", on: gateway, beside: "/ping", on: reference)
                    + row("/v1/models", on: gateway, beside: "/sized", on: reference, note: ", \(bytes) bytes")
            }
        }
    }

    /// Rounds of the reference and ours in turn.
    private func row(
        _ path: String, on gateway: ServerProcess, beside referencePath: String, on reference: ServerProcess,
        note: String = ""
    ) async throws -> [ReportRow] {
        var ours: [Flood] = []
        var bare: [Flood] = []
        for _ in 0..<bench.pick(5, quick: 1) {
            bare.append(try await flood(referencePath, reference.port))
            ours.append(try await flood(path, gateway.port))
        }
        let rate = Distribution(ours.map(\.rate))
        let bareRate = Distribution(bare.map(\.rate))
        let p99 = Distribution(ours.map(\.p99))
        let bareP99 = Distribution(bare.map(\.p99))
        let failures = ours.flatMap(\.failures)
        let share = rate.median / bareRate.median
        let delay = p99.median / bareP99.median
        return [
            ReportRow(
                what: "`GET \(path)`, \(Self.connections) connections\(note)", budget: "≥ 80 % of a bare handler",
                measured: "\(Figure.text(share * 100)) %: \(Figure.text(rate, "/s")), p50 "
                    + Figure.text(ours.map(\.p50), "ms") + [Sample].failureText(failures),
                reference: "bare handler \(Figure.text(bareRate, "/s")), p50 \(Figure.text(bare.map(\.p50), "ms"))",
                verdict: ReportRow.verdict(share >= 0.8 && failures.isEmpty)),
            ReportRow(
                what: "the same, p99", budget: "≤ 2 × of a bare handler's",
                measured: "\(Figure.text(delay)) ×: \(Figure.text(p99, "ms"))",
                reference: "bare handler \(Figure.text(bareP99, "ms"))", verdict: ReportRow.verdict(delay <= 2)),
        ]
    }

    private func flood(_ path: String, _ port: Int) async throws -> Flood {
        let warmUp = 1.0
        let seconds = bench.pick(5.0, quick: 2.0)
        let start = MonotonicClock.nanoseconds() + Int64(warmUp * 1e9)
        let end = start + Int64(seconds * 1e9)
        let plan = LoadPlan.flood(ImageOrder.get(path), until: end, limit: .seconds(warmUp + seconds + 10))
        let samples = try await bench.load.run(plan, port: port, connections: Self.connections)
        let counted = samples.filter { $0.sentAt >= start && $0.answeredAt <= end }
        let latencies = counted.latencies
        return Flood(
            rate: Double(counted.count) / seconds, p50: latencies.percentile(0.5), p99: latencies.percentile(0.99),
            failures: counted.failures.map(\.status))
    }
}
