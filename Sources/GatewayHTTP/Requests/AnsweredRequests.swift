import GatewayCore
import Synchronization

/// Remembers for a while which chat requests have had their whole answer. The same request again joins a generation
/// whose answer never arrived, and makes a new one when it did: asking again is then a wish for another picture.
final class AnsweredRequests: Sendable {
    private struct Key: Hashable {
        var owner: String
        var fingerprint: String
    }

    private struct Answer {
        /// When the generation was made.
        var createdAt: Timestamp
        var answeredAt: Timestamp
    }

    private static let lifetime = Duration.seconds(600)
    private static let mostKept = 10_000

    private let answers = Mutex<[Key: Answer]>([:])

    /// From when on a generation of the same request counts as its own.
    func begin(owner: String, fingerprint: String, now: Timestamp, window: Duration) -> Timestamp {
        let earliest = now + (.zero - window)
        guard let answer = answers.withLock({ $0[Key(owner: owner, fingerprint: fingerprint)] }) else {
            return earliest
        }
        return max(earliest, answer.createdAt + .milliseconds(1))
    }

    func note(owner: String, fingerprint: String, createdAt: Timestamp, now: Timestamp) {
        answers.withLock { answers in
            if answers.count >= Self.mostKept {
                answers = answers.filter { now - $0.value.answeredAt < Self.lifetime }
                if answers.count >= Self.mostKept { answers = [:] }
            }
            let key = Key(owner: owner, fingerprint: fingerprint)
            guard createdAt >= answers[key]?.createdAt ?? createdAt else { return }
            answers[key] = Answer(createdAt: createdAt, answeredAt: now)
        }
    }
}
