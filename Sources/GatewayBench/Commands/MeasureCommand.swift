import ArgumentParser
import Foundation

/// `GatewayBench measure`: runs the measurements and prints the table.
struct MeasureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Measure a jimeng program and print a Markdown table.")

    enum Part: String, CaseIterable, ExpressibleByArgument {
        case start, floods, images, lateness, flight, crash
    }

    @Option(help: "The jimeng program.")
    var gateway: String

    @Flag(help: "Short runs, one round each.")
    var quick = false

    @Option(parsing: .upToNextOption, help: "Which parts to run; all without it.")
    var only: [Part] = []

    @Option(help: "How many times to kill it with jobs in flight.")
    var crashes: Int?

    @Option(help: "A folder for the data of the measured programs; on a real disk.")
    var work = ".build/bench"

    @Option(help: "A folder for the output of the measured programs; without it, it is thrown away.")
    var logs: String?

    @Option(help: "A Markdown file whose measured section is rewritten.")
    var write: String?

    func run() async throws {
        let bench = Bench(
            gateway: absolute(gateway),
            ownProgram: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            workFolder: absolute(work), logFolder: try logs.map { try folder(absolute($0)) }, isQuick: quick)
        var report = Report(isQuick: quick)
        var problems = 0
        Output.write(Report.head)
        for part in Part.allCases where only.isEmpty || only.contains(part) {
            var rows: [ReportRow]
            do {
                rows = try await self.rows(of: part, bench)
            } catch {
                problems += 1
                rows = [ReportRow(what: part.rawValue, measured: "not measured: \(error)", verdict: .short)]
            }
            for row in rows { Output.write(row.markdown) }
            report.rows += rows
        }
        try await bench.load.shutdown()
        if let write { try MarkedSection.rewrite(absolute(write), with: report.markdown) }
        if problems > 0 { throw ExitCode(1) }
    }

    private func rows(of part: Part, _ bench: Bench) async throws -> [ReportRow] {
        switch part {
        case .start: try await StartMeasure(bench: bench).rows()
        case .floods: try await FloodMeasure(bench: bench).rows()
        case .images: try await ImageLoadMeasure(bench: bench).rows()
        case .lateness: try await LatenessMeasure(bench: bench).rows()
        case .flight: try await InFlightMeasure(bench: bench).rows()
        case .crash:
            try await CrashMeasure(bench: bench, rounds: max(1, crashes ?? bench.pick(3, quick: 1))).rows()
        }
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private func folder(_ path: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}
