import GatewayCore
import Synchronization

/// Remembers for a while which chats ended without their answer: the client left, or was told that it takes longer. The
/// same request again gets that generation; two equal chats side by side are two wishes.
final class UnansweredChats: Sendable {
    private struct Key: Hashable {
        var owner: String
        var fingerprint: String
    }

    private struct Entry {
        var id: GenerationID
        var leftAt: Timestamp
    }

    private struct State {
        var entries: [Key: [Entry]] = [:]
        /// Generations of the process before this one that were given to somebody.
        var inherited: Set<GenerationID> = []
    }

    /// How long a client may take to come back.
    static let window = RepeatKey.retryWindow
    private static let mostKeys = 10_000
    /// Equal chats of one caller that wait to be asked for again.
    private static let mostEach = 16

    /// Whoever waited for a generation made before this instant lost the connection with the process that made it.
    private let startedAt: Timestamp
    private let state = Mutex(State())

    init(startedAt: Timestamp) {
        self.startedAt = startedAt
    }

    func note(_ job: Job, at now: Timestamp) {
        state.withLock { state in
            if state.entries.count >= Self.mostKeys {
                state.entries = state.entries.filter { now - ($0.value.last?.leftAt ?? now) < Self.window }
                if state.entries.count >= Self.mostKeys { state.entries = [:] }
            }
            let key = Key(owner: job.owner, fingerprint: job.fingerprint)
            var entries = (state.entries[key] ?? []).filter { $0.id != job.id }
            entries.append(Entry(id: job.id, leftAt: now))
            state.entries[key] = entries.suffix(Self.mostEach)
        }
    }

    /// The generation that the same request left behind, which then belongs to whoever asks; nil when there is none.
    func take(
        owner: String, fingerprint: String, at now: Timestamp, from generations: any GenerationService
    ) async throws -> Job? {
        while let id = next(Key(owner: owner, fingerprint: fingerprint), at: now) {
            if let job = try await generations.job(id), Self.isWorthJoining(job) { return job }
        }
        guard now - startedAt < Self.window else { return nil }
        let earlier = try await generations.jobs(matching: JobFilter(owner: owner, limit: 100)).jobs
        return earlier.first { job in
            job.fingerprint == fingerprint && job.createdAt < startedAt && startedAt - job.createdAt < Self.window
                && job.completedAt.map { $0 >= startedAt } ?? true && Self.isWorthJoining(job)
                && state.withLock { $0.inherited.insert(job.id).inserted }
        }
    }

    private func next(_ key: Key, at now: Timestamp) -> GenerationID? {
        state.withLock { state in
            guard var entries = state.entries[key] else { return nil }
            entries.removeAll { now - $0.leftAt >= Self.window }
            let entry = entries.isEmpty ? nil : entries.removeFirst()
            state.entries[key] = entries.isEmpty ? nil : entries
            return entry?.id
        }
    }

    /// Not what was given up, or refused, before it was bought: that is asked for anew.
    private static func isWorthJoining(_ job: Job) -> Bool {
        if job.state == .canceled || job.cancelRequested { return false }
        return job.state != .failed || job.submissions > 0
    }
}
