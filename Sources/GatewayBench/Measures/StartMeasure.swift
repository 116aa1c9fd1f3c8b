/// From the start of the program to its first answer, and what it takes while it idles.
struct StartMeasure {
    let bench: Bench

    func rows() async throws -> [ReportRow] {
        var starts: [Double] = []
        for _ in 0..<bench.pick(10, quick: 5) {
            starts.append(try await bench.withGateway { $0.startMilliseconds })
        }
        let referenceStart = try await bench.withReference(bytes: 1) { $0.startMilliseconds }
        var idle: [ProcessFigures] = []
        for _ in 0..<bench.pick(3, quick: 1) { idle.append(try await bench.withGateway { try await Self.idle($0) }) }
        let reference = try await bench.withReference(bytes: 1) { try await Self.idle($0) }
        let start = Distribution(starts)
        let resident = Distribution(idle.map(\.resident))
        let anonymous = Distribution(idle.map(\.anonymous))
        return [
            ReportRow(
                what: "start to first answered request, fresh data folder", budget: "≤ 60 ms",
                measured: Figure.text(start, "ms"), reference: "bare Hummingbird \(Figure.text(referenceStart)) ms",
                verdict: ReportRow.verdict(start.median <= 60)),
            ReportRow(
                what: "idle memory 3 s after the start, resident", budget: "≤ 42 MB",
                measured: Figure.text(resident, "MB"),
                reference: "bare Hummingbird \(Figure.text(reference.resident)) MB",
                verdict: ReportRow.verdict(resident.median <= 42)),
            ReportRow(
                what: "of it anonymous", budget: "≤ 8 MB", measured: Figure.text(anonymous, "MB"),
                reference: "bare Hummingbird \(Figure.text(reference.anonymous)) MB",
                verdict: ReportRow.verdict(anonymous.median <= 8)),
        ]
    }

    /// Memory after three quiet seconds.
    static func idle(_ server: ServerProcess) async throws -> ProcessFigures {
        try await Task.sleep(for: .seconds(3))
        return try server.figures
    }
}
