import GatewayCore

/// The system's clock, ahead or (with a negative shift) behind by a fixed time.
struct ShiftedTime: TimeSource {
    let shift: Duration
    private let system = SystemTime()

    init(by shift: Duration) {
        self.shift = shift
    }

    var now: Timestamp { system.now + shift }

    func sleep(until instant: Timestamp) async throws { try await system.sleep(until: real(instant)) }

    func call(at instant: Timestamp, _ action: @escaping @Sendable () -> Void) -> PlannedCall {
        system.call(at: real(instant), action)
    }

    private func real(_ instant: Timestamp) -> Timestamp { instant + (.zero - shift) }
}
