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
}
