import GatewayCore

extension JobState {
    /// Whether a job may be written from this state to `next`: staying is allowed, a terminal state is never left.
    func mayBecome(_ next: JobState) -> Bool {
        if self == next { return true }
        return switch self {
        case .queued: [.preparing, .submitting, .failed, .canceled].contains(next)
        case .preparing: [.queued, .submitting, .failed, .canceled].contains(next)
        case .submitting: next != .preparing
        case .unknown: next == .running || next.isTerminal
        case .running: next.isTerminal
        case .succeeded, .partial, .failed, .canceled: false
        }
    }
}
