/// What was asked of the site.
package final class SiteMetrics: Sendable {
    package enum Operation: String, Sendable, CaseIterable {
        case submit, query, cancel, credits, claim, ledger, prices, session, catalogue, links, audit, upload, download,
            other
        case uploadToken = "upload_token"
    }

    package enum Outcome: String, Sendable, CaseIterable {
        case success
        case clientError = "client_error"
        case serverError = "server_error"
        /// The connection broke, or the time was over; it may have arrived.
        case lost
        /// Nothing of it left this machine.
        case notSent = "not_sent"

        package init(status: Int) {
            self = status >= 500 ? .serverError : status >= 400 ? .clientError : .success
        }
    }

    private let requests = LabelledFamily<MetricCounter>(labels: 3) { MetricCounter() }
    private let durations = LabelledFamily<Histogram>(labels: 1) {
        Histogram(bounds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120])
    }
    private let uploaded = MetricCounter()

    package init() {}

    /// One attempt is over.
    package func ended(
        _ operation: Operation, as account: AccountCredential, _ outcome: Outcome, after duration: Duration
    ) {
        // Otherwise the simulated site would be mixed with the real one.
        let region = account.isSandbox ? "sandbox" : account.region.rawValue
        requests[[operation.rawValue, region, outcome.rawValue]].add()
        durations[[operation.rawValue]].observe(duration)
    }

    package func uploaded(_ bytes: Int64) { uploaded.add(Int(clamping: bytes)) }

    func write(to text: inout MetricText) {
        text.counters(
            "jimeng_upstream_requests_total", "Requests to the site, every attempt counted.",
            labels: ["operation", "region", "result"], requests)
        text.histograms(
            "jimeng_upstream_request_duration_seconds", "Time of one attempt; downloads until their head.",
            labels: ["operation"], durations)
        text.counter(
            "jimeng_upload_bytes_total", "Bytes of inputs brought to the site.", [([], Double(uploaded.total))])
    }
}
