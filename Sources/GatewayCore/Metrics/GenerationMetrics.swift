/// What became of generations.
package final class GenerationMetrics: Sendable {
    private let ended = LabelledFamily<MetricCounter>(labels: 3) { MetricCounter() }
    private let durations = LabelledFamily<Histogram>(labels: 2, limit: 100) {
        Histogram(bounds: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600])
    }
    private let submissions = LabelledFamily<MetricCounter>(labels: 1) { MetricCounter() }
    private let lag = Histogram(bounds: [0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10, 30, 60])
    private let charged = LabelledFamily<MetricCounter>(labels: 1, limit: 100) { MetricCounter() }
    private let refunded = LabelledFamily<MetricCounter>(labels: 1, limit: 100) { MetricCounter() }

    package init() {}

    /// To be told once of every job that has become terminal.
    func ended(_ job: Job) {
        let (kind, model) = (job.task.kind.rawValue, job.task.model)
        ended[[kind, model, job.state.rawValue]].add()
        guard job.state == .succeeded || job.state == .partial, let end = job.completedAt else { return }
        durations[[kind, model]].observe(end - job.createdAt)
    }

    func submitted(_ outcome: SubmitOutcome) {
        let word =
            switch outcome {
            case .accepted: "accepted"
            case .refused: "refused"
            case .notSent: "not_sent"
            case .unknown: "unknown"
            }
        submissions[[word]].add()
    }

    /// `finished`: by the site's clock. `noticed`: by ours.
    func noticed(finished: Timestamp, at noticed: Timestamp) {
        lag.observe(noticed - finished)
    }

    /// A ledger told what a generation has cost. Told again when a refund follows: only the difference counts.
    /// `record`: as it stood before.
    package func settled(_ record: UsageRecord, _ cost: CreditCost) {
        charged[[record.model]].add(cost.charged - record.charged)
        refunded[[record.model]].add(cost.refunded - record.refunded)
    }

    func write(to text: inout MetricText) {
        text.counters(
            "jimeng_generations_total", "Generations that have ended, by their last state.",
            labels: ["kind", "model", "status"], ended)
        text.histograms(
            "jimeng_generation_duration_seconds", "From the request to the result, of those that gave one.",
            labels: ["kind", "model"], durations)
        text.counters(
            "jimeng_submissions_total", "Requests that cost credits, by what the site made of them.",
            labels: ["outcome"], submissions)
        text.histogram(
            "jimeng_detection_lag_seconds", "From the end at the site, by its clock, to its being known here.",
            [([], lag)])
        text.counters(
            "jimeng_credits_used_total", "Credits charged, by the site's ledger.", labels: ["model"], charged)
        text.counters(
            "jimeng_credits_refunded_total", "Credits given back, by the site's ledger.", labels: ["model"], refunded)
    }
}
