import NIOCore

/// One request and what became of it.
struct Sample: Sendable {
    var number: Int
    /// ``MonotonicClock`` nanoseconds, as the next.
    var sentAt: Int64
    var answeredAt: Int64
    /// 0 when the connection ended without an answer.
    var status: Int
    /// Only when the run keeps bodies.
    var body: ByteBuffer?

    var milliseconds: Double { Double(answeredAt - sentAt) / 1e6 }
}

extension [Sample] {
    /// Waiting times in milliseconds.
    var latencies: Distribution { Distribution(lazy.map(\.milliseconds)) }

    /// Answers outside 200...299, and none at all.
    var failures: [Sample] { filter { !(200...299).contains($0.status) } }

    /// Nothing, or `, N failed (M × status S, ...)`; status 0 is a connection without an answer.
    var failureText: String { Self.failureText(failures.map(\.status)) }

    static func failureText(_ statuses: [Int]) -> String {
        guard !statuses.isEmpty else { return "" }
        let counts = Dictionary(grouping: statuses) { $0 }.sorted { $0.key < $1.key }
        return ", \(statuses.count) failed ("
            + counts.map { "\($0.value.count) × status \($0.key)" }.joined(separator: ", ") + ")"
    }
}
