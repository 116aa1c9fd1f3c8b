/// How long the store takes.
package final class StoreMetrics: Sendable {
    private static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
    /// From the call to the commit, waiting for others included.
    package let writes = Histogram(bounds: bounds)
    package let reads = Histogram(bounds: bounds)
    /// Transactions, each of which holds one write or more.
    package let commits = MetricCounter()
    package let failedCommits = MetricCounter()

    package init() {}

    func write(to text: inout MetricText) {
        text.histogram(
            "jimeng_store_duration_seconds", "Time of a read, and of a write until it is on disk.",
            [([("operation", "read")], reads), ([("operation", "write")], writes)])
        text.counter(
            "jimeng_store_commits_total", "Transactions that wrote; one may hold many writes.",
            [
                ([("result", "success")], Double(commits.total)),
                ([("result", "failure")], Double(failedCommits.total)),
            ])
    }
}
