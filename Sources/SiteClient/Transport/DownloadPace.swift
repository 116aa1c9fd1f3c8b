/// Tells a slow line from a sender that keeps a connection alive with a byte now and then: after the grace a download must
/// have come, from its beginning on, at the least speed.
struct DownloadPace: Hashable, Sendable {
    var grace: Duration = .seconds(30)
    /// Bytes per second.
    var leastSpeed: Int64 = 4096

    func isTooSlow(received: Int64, after elapsed: Duration) -> Bool {
        elapsed > grace
            && received < elapsed.components.seconds.multipliedReportingOverflow(by: leastSpeed).partialValue
    }
}
