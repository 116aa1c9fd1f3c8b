/// What the API has answered.
package final class HTTPMetrics: Sendable {
    struct Exchange: Hashable, Sendable {
        var route: String
        var method: String
        var status: Int
    }

    /// Answers to `/ping`, which is asked too often to look anything up.
    package let pings: MetricCounter
    let requests = MetricFamily<Exchange, MetricCounter>(rest: Exchange(route: "other", method: "other", status: 0)) {
        MetricCounter()
    }
    let durations = Histogram(
        bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900])
    let errors = LabelledFamily<MetricCounter>(labels: 1) { MetricCounter() }

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    init() {
        pings = requests[Exchange(route: "/ping", method: "GET", status: 200)]
    }

    /// `route`: as it was registered, not as the client wrote it; empty when none was met.
    /// `duration`: until the head of the answer.
    package func answered(_ method: String, _ route: String, _ status: Int, after duration: Duration) {
        let method = Self.methods.contains(method) ? method : "other"
        requests[Exchange(route: route.isEmpty ? "none" : route, method: method, status: status)].add()
        durations.observe(duration)
    }

    /// `code`: of the error table.
    package func failed(_ code: String) { errors[[code]].add() }

    func write(to text: inout MetricText) {
        let samples = requests.all.sorted {
            ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
        }
        text.counter(
            "jimeng_http_requests_total", "Requests answered.",
            samples.map { exchange, counter in
                (
                    [("route", exchange.route), ("method", exchange.method), ("status", "\(exchange.status)")],
                    Double(counter.total)
                )
            })
        text.histogram(
            "jimeng_http_request_duration_seconds",
            "Time until the head of the answer, waiting for the generation included; /ping not counted.",
            [([], durations)])
        text.counters("jimeng_errors_total", "Errors answered, by their code.", labels: ["code"], errors)
    }
}
