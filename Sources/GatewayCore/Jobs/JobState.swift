/// Where a generation stands. Allowed next states are listed with each case; everything else is a bug and is refused
/// by the store.
package enum JobState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Accepted here and on disk; nothing was sent to the site. Next: preparing, submitting, failed, canceled.
    case queued
    /// Inputs are on their way to the site. Next: queued, submitting, failed, canceled.
    case preparing
    /// The request that costs credits may be on its way; its submit id is on disk. Next: running, any terminal state,
    /// queued (after a conclusive refusal that may be tried again), unknown.
    case submitting
    /// The answer to the submission was lost. Settled only by looking the submit id up. Next: running, any terminal
    /// state.
    case unknown
    /// The site has accepted the submission. Next: any terminal state.
    case running
    /// Terminal: everything asked for arrived.
    case succeeded
    /// Terminal: some of it arrived.
    case partial
    /// Terminal: nothing arrived; ``Job/fault`` says why.
    case failed
    /// Terminal: stopped on request.
    case canceled

    package var isTerminal: Bool {
        switch self {
        case .succeeded, .partial, .failed, .canceled: true
        case .queued, .preparing, .submitting, .unknown, .running: false
        }
    }

    /// Whether a job may be written from this state to `next`: staying is allowed, a terminal state is never left.
    package func mayBecome(_ next: JobState) -> Bool {
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

    /// Whether the site may know (and charge) the current submission.
    package var mayExistAtSite: Bool {
        switch self {
        case .submitting, .unknown, .running: true
        case .queued, .preparing, .succeeded, .partial, .failed, .canceled: false
        }
    }
}

/// What a generation makes.
package enum MediaKind: String, Hashable, Sendable, Codable, CaseIterable {
    case image, video
}
