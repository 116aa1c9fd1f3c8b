import Foundation

/// The table of a run, as Markdown.
struct Report {
    var isQuick: Bool
    var rows: [ReportRow] = []

    static let head = """
        | what | budget | measured: median (min-max) | beside it | verdict |
        |---|---|---|---|---|
        """

    var markdown: String {
        """
        \(conditions)

        \(Self.head)
        \(rows.map(\.markdown).joined(separator: "\n"))

        """
    }

    private var conditions: String {
        let day = Date.now.formatted(.iso8601.year().month().day())
        let processor =
            SmallFile.read("/proc/cpuinfo")?.split(separator: "\n").first { $0.hasPrefix("model name") }
            .flatMap { $0.split(separator: ":").last }.map { $0.drop { $0 == " " } } ?? "unknown processor"
        let memory = ProcessInfo.processInfo.physicalMemory >> 30
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return """
            \(day), \(build) build\(isQuick ? ", quick run (short, one round)" : ""): \(cores) × \(processor), \
            \(memory) GiB. Gateway, player and load generator share these cores; the load generator and the player use one \
            thread each. Gateway settings are the defaults unless a row says otherwise.
            """
    }

    private var build: String {
        #if DEBUG
        "debug (its figures mean nothing)"
        #else
        "release"
        #endif
    }
}
