/// Everything that is counted while the gateway runs. Numbers that can be looked up when they are asked for (jobs,
/// queue, accounts, memory) are not counted but read then.
///
/// Labels come from closed sets or are bounded in number; none is a session, a key or a text of a client.
package final class GatewayMetrics: Sendable {
    package let http = HTTPMetrics()
    package let site = SiteMetrics()
    package let generations = GenerationMetrics()
    package let store = StoreMetrics()
    private let webhooks = LabelledFamily<MetricCounter>(labels: 1) { MetricCounter() }

    package init() {}

    /// One attempt to announce a generation's end.
    package func announced(_ result: WebhookResult) {
        let word =
            switch result {
            case .delivered: "delivered"
            case .failed: "failed"
            case .abandoned: "given_up"
            }
        webhooks[[word]].add()
    }

    package func write(to text: inout MetricText) {
        http.write(to: &text)
        generations.write(to: &text)
        site.write(to: &text)
        store.write(to: &text)
        text.counters(
            "jimeng_webhook_deliveries_total", "Attempts to announce the end of a generation.", labels: ["result"],
            webhooks)
    }
}
