import GatewayCore

/// The time for an exchange has run out.
struct DeadlineExceeded: Error, CustomStringConvertible {
    let limit: Duration
    var description: String { "no complete answer within \(limit)" }
}

/// Runs `work` and gives its result, or throws ``DeadlineExceeded`` after `limit`; the work is cancelled then and has
/// ended when this returns.
func withDeadline<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            let time = SystemTime()
            try await time.sleep(until: time.now + limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else { throw DeadlineExceeded(limit: limit) }
        return value
    }
}
